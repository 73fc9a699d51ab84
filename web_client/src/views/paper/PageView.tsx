import { type PDFDocumentProxy, type PDFPageProxy, type RenderTask, TextLayer } from 'pdfjs-dist';
import type { Ref, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { markHits } from './search';
import { Watermark } from './Watermark';

interface PageProps {
  document: PDFDocumentProxy;
  number: number;
  /** CSS pixels per point. */
  zoom: number;
  zone: string;
  sheetRef?: Ref<HTMLDivElement>;
  /** What is looked for: it is marked, and the one of `hit` is brought into view. */
  find?: string;
  hit?: number;
  /** Where the presenter points, in shares of the page. */
  pointer?: readonly number[] | null;
  /** The page has its size, and again when that changes. */
  onSized?: () => void;
}

/** One page: its picture, its text for selection and screen readers, and the reader's watermark over both. */
export function PageView(props: PageProps): VNode {
  const { document, number, zoom, zone, sheetRef, find = '', hit = 0, pointer, onSized } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [drawn, setDrawn] = useState(0);

  useEffect(() => {
    const drawing = new Drawing();
    void document.getPage(number).then(async (page) => {
      if (drawing.cancelled || !canvas.current || !text.current) return;
      const { width, height } = page.getViewport({ scale: zoom });
      setSize({ width, height });
      await drawing.draw(page, zoom, canvas.current, text.current);
      if (!drawing.cancelled) setDrawn((before) => before + 1);
    });
    return () => drawing.cancel();
  }, [document, number, zoom]);
  useLayoutEffect(() => {
    if (size.width > 0) onSized?.();
  }, [size.width, size.height, number]);
  useEffect(() => {
    if (!text.current) return;
    const marked = markHits(text.current, find);
    marked[Math.min(hit, marked.length - 1)]?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }, [find, hit, drawn]);

  const style = { inlineSize: `${size.width}px`, blockSize: `${size.height}px` };
  return (
    <div
      ref={sheetRef}
      class="sheet"
      style={{ ...style, '--total-scale-factor': String(zoom), '--scale-factor': String(zoom) }}
      dir="ltr"
      data-testid="sheet"
      data-page={number}
    >
      <canvas ref={canvas} role="img" aria-label={t('paper-page', { number })} style={style} />
      <div ref={text} class="textLayer" />
      <Watermark zone={zone} />
      {pointer ? (
        <span
          class="sheet__pointer"
          style={{ left: `${(pointer[0] ?? 0) * 100}%`, top: `${(pointer[1] ?? 0) * 100}%` }}
          data-testid="pointer"
        />
      ) : null}
    </div>
  );
}

/** One drawing of one page, which a later one replaces. */
class Drawing {
  cancelled = false;
  #render: RenderTask | null = null;
  #layer: TextLayer | null = null;

  cancel(): void {
    this.cancelled = true;
    this.#render?.cancel();
    this.#layer?.cancel();
  }

  async draw(page: PDFPageProxy, zoom: number, canvas: HTMLCanvasElement, text: HTMLDivElement): Promise<void> {
    const ratio = globalThis.devicePixelRatio || 1;
    const sharp = page.getViewport({ scale: zoom * ratio });
    canvas.width = Math.floor(sharp.width);
    canvas.height = Math.floor(sharp.height);
    text.replaceChildren();
    this.#render = page.render({ canvas, viewport: sharp });
    this.#layer = new TextLayer({
      textContentSource: page.streamTextContent(),
      container: text,
      viewport: page.getViewport({ scale: zoom }),
    });
    try {
      await Promise.all([this.#render.promise, this.#layer.render()]);
    } catch (error) {
      if (!this.cancelled) throw error;
    }
  }
}
