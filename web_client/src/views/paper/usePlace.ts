import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Place, pointOn, scrollBy, topLeft } from './place';
import type { Zoom } from './useZoom';

interface PlaceOptions {
  view: RefObject<HTMLDivElement | null>;
  sheet: RefObject<HTMLDivElement | null>;
  page: number;
  pages: number;
  zoom: Zoom;
  lead: Place | null;
  setPage: (page: number) => void;
  onPlace: ((place: Place) => void) | undefined;
  pointing: boolean;
}

interface PlaceHandlers {
  onScroll: () => void;
  onSized: () => void;
  onPointer: (event: PointerEvent) => void;
  onPointerGone: () => void;
}

/** Keeps a view where somebody else is, or tells where it is. */
export function usePlace(options: PlaceOptions): PlaceHandlers {
  const { view, sheet, page, pages, zoom, lead, setPage, onPlace, pointing } = options;
  const pointer = useRef<[number, number] | null>(null);
  const tell = () => {
    const [outer, inner] = [view.current, sheet.current];
    if (!onPlace || !outer || !inner || inner.clientWidth === 0) return;
    const corner = topLeft(outer.getBoundingClientRect(), inner.getBoundingClientRect());
    onPlace({ page, ...corner, zoom: zoom.times, pointer: pointing ? pointer.current : null });
  };
  const arrive = () => {
    const [outer, inner] = [view.current, sheet.current];
    if (!lead || lead.page !== page || !outer || !inner) return;
    const { left, top } = scrollBy(outer.getBoundingClientRect(), inner.getBoundingClientRect(), lead);
    if (Math.abs(left) > 1 || Math.abs(top) > 1) outer.scrollBy({ left, top });
  };

  useEffect(() => {
    if (!lead) view.current?.scrollTo({ top: 0 });
  }, [page]);
  useEffect(() => {
    if (!lead) return;
    if (lead.page !== page) setPage(pages > 0 ? Math.min(lead.page, pages) : lead.page);
    zoom.setTimes(lead.zoom);
    arrive();
  }, [lead?.page, lead?.x, lead?.y, lead?.zoom, pages]);
  useEffect(tell, [page, zoom.times, pointing, onPlace === undefined]);

  return {
    onScroll: tell,
    onSized: () => {
      arrive();
      tell();
    },
    onPointer: (event) => {
      if (!pointing || !sheet.current) return;
      pointer.current = pointOn(sheet.current.getBoundingClientRect(), event.clientX, event.clientY);
      tell();
    },
    onPointerGone: () => {
      if (!pointing || pointer.current === null) return;
      pointer.current = null;
      tell();
    },
  };
}
