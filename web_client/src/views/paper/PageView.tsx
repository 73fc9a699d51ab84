import { type PDFDocumentProxy, type PDFPageProxy, type RenderTask, TextLayer } from 'pdfjs-dist';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Watermark } from './Watermark';

interface PageProps {
  document: PDFDocumentProxy;
  number: number;
  /** CSS pixels per point; or how it should fit into `box`. */
  zoom: number;
  zone: string;
}

/** One page: its picture, its text for selection and screen readers, and the reader's watermark over both. */
export function PageView({ document, number, zoom, zone }: PageProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });

  useEffect(() => {
    const drawing = new Drawing();
    void document.getPage(number).then(async (page) => {
      if (drawing.cancelled || !canvas.current || !text.current) return;
      const { width, height } = page.getViewport({ scale: zoom });
      setSize({ width, height });
      await drawing.draw(page, zoom, canvas.current, text.current);
    });
    return () => drawing.cancel();
  }, [document, number, zoom]);

  const style = { inlineSize: `${size.width}px`, blockSize: `${size.height}px` };
  return (
    <div
      class="sheet"
      style={{ ...style, '--total-scale-factor': String(zoom), '--scale-factor': String(zoom) }}
      dir="ltr"
    >
      <canvas ref={canvas} role="img" aria-label={t('paper-page', { number })} style={style} />
      <div ref={text} class="textLayer" />
      <Watermark zone={zone} />
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
