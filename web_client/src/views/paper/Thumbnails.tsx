import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';

const WIDTH_PX = 96;

interface ThumbnailsProps {
  document: PDFDocumentProxy;
  page: number;
  onTurn: (page: number) => void;
}

/** All pages in small; each is drawn when it comes into sight. */
export function Thumbnails({ document, page, onTurn }: ThumbnailsProps): VNode {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [page]);
  return (
    <nav class="thumbs" ref={list} aria-label={t('paper-pages')}>
      {Array.from({ length: document.numPages }, (_, index) => (
        <button
          key={index}
          type="button"
          class="thumbs__page"
          aria-current={index + 1 === page ? 'page' : undefined}
          aria-label={t('paper-page', { number: index + 1 })}
          onClick={() => onTurn(index + 1)}
        >
          <Thumbnail document={document} number={index + 1} />
          <span aria-hidden="true">{index + 1}</span>
        </button>
      ))}
    </nav>
  );
}

function Thumbnail({ document, number }: { document: PDFDocumentProxy; number: number }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    let drawing: RenderTask | null = null;
    let gone = false;
    const draw = async () => {
      const page = await document.getPage(number);
      if (gone) return;
      const scale = WIDTH_PX / page.getViewport({ scale: 1 }).width;
      const viewport = page.getViewport({ scale });
      [element.width, element.height] = [Math.floor(viewport.width), Math.floor(viewport.height)];
      drawing = page.render({ canvas: element, viewport });
      await drawing.promise;
    };
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      draw().catch(() => undefined); // closed, or turned away from, while it was drawn
    });
    observer.observe(element);
    return () => {
      gone = true;
      observer.disconnect();
      drawing?.cancel();
    };
  }, [document, number]);
  return <canvas ref={canvas} width={WIDTH_PX} height={136} />;
}
