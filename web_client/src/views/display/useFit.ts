import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

const SMALLEST = 0.3;
const STEPS = 6;

/**
 * Keep all of a box on the screen: where its content does not fit, `--fit` becomes as much below 1 as it must, and the
 * sizes inside, which are multiples of it, follow.
 */
export function useFit<T extends HTMLElement>(): RefObject<T | null> {
  const box = useRef<T>(null);
  useLayoutEffect(() => {
    if (box.current) fit(box.current);
  }); // whatever is drawn anew may be longer
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const again = () => fit(element);
    const observer = new ResizeObserver(again);
    observer.observe(element);
    void document.fonts?.ready.then(again);
    return () => observer.disconnect();
  }, []);
  return box;
}

function fit(box: HTMLElement): void {
  box.style.setProperty('--fit', String(largestFitting((factor) => fits(box, factor))));
}

function fits(box: HTMLElement, factor: number): boolean {
  box.style.setProperty('--fit', String(factor));
  return box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth;
}

/** The largest factor up to 1 with which it fits, to about a hundredth; the smallest one where none does. */
export function largestFitting(fitsWith: (factor: number) => boolean): number {
  if (fitsWith(1)) return 1;
  let [low, high] = [SMALLEST, 1];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (fitsWith(middle)) low = middle;
    else high = middle;
  }
  return low;
}
