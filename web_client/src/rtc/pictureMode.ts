import { signal } from '@preact/signals';

/**
 * How much is spent on pictures. `automatic`: as large as they are drawn, as far as the connection carries it · `low`:
 * small ones, both ways · `sound`: none of the others are received, the own one is sent small.
 */
export type PictureMode = 'automatic' | 'low' | 'sound';

export const PICTURE_MODES: readonly PictureMode[] = ['automatic', 'low', 'sound'];
const STORED = 'plenum.pictures';

/** The reader's choice, remembered by the computer. */
export const pictureMode = signal<PictureMode>(stored(localStorage.getItem(STORED)));

export function setPictureMode(mode: PictureMode): void {
  pictureMode.value = mode;
  localStorage.setItem(STORED, mode);
}

/** The highest encoding that the own camera sends in a mode; null: all that are wanted. */
export function sendLimit(mode: PictureMode): number | null {
  if (mode === 'automatic') return null;
  return mode === 'low' ? 1 : 0;
}

function stored(text: string | null): PictureMode {
  return PICTURE_MODES.find((mode) => mode === text) ?? 'automatic';
}
