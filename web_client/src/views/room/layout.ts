import { signal } from '@preact/signals';

/** `speaker`: one picture large, the others in a strip · `gallery`: all of the same size, site by site. */
export type Layout = 'speaker' | 'gallery';

const STORED = 'plenum.layout';

/** The reader's choice, remembered by the computer. */
export const layout = signal<Layout>(localStorage.getItem(STORED) === 'speaker' ? 'speaker' : 'gallery');

export function setLayout(chosen: Layout): void {
  layout.value = chosen;
  localStorage.setItem(STORED, chosen);
}

/** Change to the other layout and return it. */
export function toggleLayout(): Layout {
  setLayout(layout.value === 'speaker' ? 'gallery' : 'speaker');
  return layout.value;
}
