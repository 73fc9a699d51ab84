import type { Shown } from '../../protocol/generated';

/** A place in a paper, whatever the size of the window: see `Shown`. */
export type Place = Pick<Shown, 'page' | 'x' | 'y' | 'zoom' | 'pointer'>;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const DIGITS = 4;

function share(part: number, whole: number): number {
  return whole > 0 ? Number(Math.min(1, Math.max(0, part / whole)).toFixed(DIGITS)) : 0;
}

/** Which point of the sheet is at the top left of the view, in shares of the sheet. */
export function topLeft(view: Box, sheet: Box): { x: number; y: number } {
  return { x: share(view.left - sheet.left, sheet.width), y: share(view.top - sheet.top, sheet.height) };
}

/** By how much the view has to scroll so that the point (x, y) of the sheet comes to its top left. */
export function scrollBy(view: Box, sheet: Box, { x, y }: { x: number; y: number }): { left: number; top: number } {
  const here = topLeft(view, sheet);
  return { left: (x - here.x) * sheet.width, top: (y - here.y) * sheet.height };
}

/** Where on the sheet a pointer is, in shares of it; null beside it. */
export function pointOn(sheet: Box, left: number, top: number): [number, number] | null {
  const [x, y] = [(left - sheet.left) / sheet.width, (top - sheet.top) / sheet.height];
  const inside = x >= 0 && x <= 1 && y >= 0 && y <= 1;
  return inside ? [Number(x.toFixed(DIGITS)), Number(y.toFixed(DIGITS))] : null;
}
