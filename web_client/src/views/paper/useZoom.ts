import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const STEPS = [0.25, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4] as const;
const MARGIN_PX = 32;
const WIDEST_FIT = 1.6; // lines stay short enough to be read
const SMALLEST = 0.25;

/** `width` and `page` fit the place and follow its size; a number is chosen; `times` is in widths of the place. */
type Wanted = 'width' | 'page' | number | { readonly times: number };

export interface Zoom {
  readonly scale: number;
  /** The scale in widths of the place, as it is told to others. */
  readonly times: number;
  readonly fits: 'width' | 'page' | null;
  smaller: () => void;
  larger: () => void;
  /** As wide as the place allows, and again whenever that changes; once more: the whole page. */
  fit: () => void;
  /** As large as somebody else has it. */
  setTimes: (times: number) => void;
}

/** The next step of the zoom from a scale, in a direction; the last one stays. */
export function zoomStep(scale: number, direction: 1 | -1): number {
  const next =
    direction === 1 ? STEPS.find((step) => step > scale + 0.01) : STEPS.findLast((step) => step < scale - 0.01);
  return next ?? scale;
}

/** How large a page is drawn: fitting the width of `box` until the reader chooses otherwise. */
export function useZoom(document: PDFDocumentProxy | null, page: number, box: RefObject<HTMLElement | null>): Zoom {
  const [wanted, setWanted] = useState<Wanted>('width');
  const [fitting, setFitting] = useState({ width: 1, page: 1 });
  useEffect(() => {
    const element = box.current;
    if (!document || !element) return undefined;
    let sheet = { width: 0, height: 0 };
    const measure = () => {
      if (sheet.width === 0) return;
      const width = limited((element.clientWidth - MARGIN_PX) / sheet.width, WIDEST_FIT);
      setFitting({ width, page: limited((element.clientHeight - MARGIN_PX) / sheet.height, width) });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    let gone = false;
    void document.getPage(page).then((loaded) => {
      if (gone) return;
      sheet = loaded.getViewport({ scale: 1 });
      measure();
    });
    return () => {
      gone = true;
      observer.disconnect();
    };
  }, [document, page, box]);

  const scale = scaleOf(wanted, fitting);
  return {
    scale,
    times: scale / fitting.width,
    fits: wanted === 'width' || wanted === 'page' ? wanted : null,
    smaller: () => setWanted(zoomStep(scale, -1)),
    larger: () => setWanted(zoomStep(scale, 1)),
    fit: () => setWanted(wanted === 'width' ? 'page' : 'width'),
    setTimes: (times) => setWanted(Math.abs(times - 1) < 0.01 ? 'width' : { times }),
  };
}

function limited(scale: number, largest: number): number {
  return Math.min(largest, Math.max(SMALLEST, scale));
}

function scaleOf(wanted: Wanted, fitting: { width: number; page: number }): number {
  if (typeof wanted === 'number') return wanted;
  if (typeof wanted === 'object') return wanted.times * fitting.width;
  return fitting[wanted];
}
