import { useRef, useState } from 'preact/hooks';

/** Where the dragged row would land: before the row at `to`; behind the last one if it is the number of rows. */
export interface Dragging {
  from: number;
  to: number;
}

export interface Reorder {
  dragging: Dragging | null;
  /** For the grip of the row at `index`. */
  grip: (index: number) => {
    onPointerDown: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerUp: () => void;
    onPointerCancel: () => void;
    onLostPointerCapture: () => void;
  };
  cancel: () => void;
}

const EDGE_PX = 72;
const STEP_PX = 14;

/**
 * Dragging of rows by a grip, with mouse, pen or finger. `list` finds the rows; `onMove` gets where a row was and where
 * it shall stand afterwards. Near the window's edge the page moves along.
 */
export function useReorder(list: () => HTMLElement | null, onMove: (from: number, to: number) => void): Reorder {
  const [dragging, setDragging] = useState<Dragging | null>(null);
  const current = useRef<Dragging | null>(null);
  const scrolling = useRef<ReturnType<typeof setInterval> | undefined>(undefined);
  const pointer = useRef(0);

  function show(next: Dragging | null): void {
    current.current = next;
    setDragging(next);
    if (next) return;
    clearInterval(scrolling.current);
    scrolling.current = undefined;
  }

  function look(): void {
    const state = current.current;
    const rows = list()?.children;
    if (!state || !rows) return;
    const to = placeAt([...rows].map(middleOf), pointer.current);
    if (to !== state.to) show({ ...state, to });
  }

  function scroll(): void {
    const beyond = pointer.current < EDGE_PX ? -STEP_PX : pointer.current > window.innerHeight - EDGE_PX ? STEP_PX : 0;
    if (beyond === 0) return;
    window.scrollBy(0, beyond);
    look();
  }

  function finish(): void {
    const state = current.current;
    show(null);
    if (!state) return;
    const to = state.to > state.from ? state.to - 1 : state.to;
    if (to !== state.from) onMove(state.from, to);
  }

  return {
    dragging,
    cancel: () => show(null),
    grip: (index) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        (event.currentTarget as HTMLElement).setPointerCapture?.(event.pointerId);
        pointer.current = event.clientY;
        show({ from: index, to: index });
        scrolling.current = setInterval(scroll, 30);
      },
      onPointerMove: (event) => {
        pointer.current = event.clientY;
        look();
      },
      onPointerUp: finish,
      onPointerCancel: () => show(null),
      onLostPointerCapture: () => show(null),
    }),
  };
}

function middleOf(row: Element): number {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

/** The place among rows with these middles that belongs to a height. */
export function placeAt(middles: readonly number[], y: number): number {
  return middles.filter((middle) => middle < y).length;
}
