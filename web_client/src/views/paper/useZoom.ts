import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const STEPS = [0.25, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4] as const;
const MARGIN_PX = 32;
const WIDEST_FIT = 1.6; // lines stay short enough to be read

export interface Zoom {
  readonly scale: number;
  smaller: () => void;
  larger: () => void;
  /** As wide as the place allows, and again whenever that changes. */
  fit: () => void;
}

/** The next step of the zoom from a scale, in a direction; the last one stays. */
export function zoomStep(scale: number, direction: 1 | -1): number {
  const next =
    direction === 1 ? STEPS.find((step) => step > scale + 0.01) : STEPS.findLast((step) => step < scale - 0.01);
  return next ?? scale;
}

/** How large a page is drawn: fitting the width of `box` until the reader chooses otherwise. */
export function useZoom(document: PDFDocumentProxy | null, page: number, box: RefObject<HTMLElement | null>): Zoom {
  const [chosen, setChosen] = useState<number | null>(null);
  const [fitting, setFitting] = useState(1);
  useEffect(() => {
    const element = box.current;
    if (!document || !element) return undefined;
    let pageWidth = 0;
    const measure = () => {
      if (pageWidth > 0)
        setFitting(Math.min(WIDEST_FIT, Math.max(0.25, (element.clientWidth - MARGIN_PX) / pageWidth)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    void document.getPage(page).then((sheet) => {
      pageWidth = sheet.getViewport({ scale: 1 }).width;
      measure();
    });
    return () => observer.disconnect();
  }, [document, page, box]);

  const scale = chosen ?? fitting;
  return {
    scale,
    smaller: () => setChosen(zoomStep(scale, -1)),
    larger: () => setChosen(zoomStep(scale, 1)),
    fit: () => setChosen(null),
  };
}
