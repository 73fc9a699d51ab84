import { signal } from '@preact/signals';

/** How the page is coloured: as the device says, or always light, or always dark. */
export type Theme = 'system' | 'light' | 'dark';

const STORED = 'plenum.theme';
const ORDER: readonly Theme[] = ['system', 'light', 'dark'];

function stored(): Theme {
  const value = localStorage.getItem(STORED);
  return value === 'light' || value === 'dark' ? value : 'system';
}

function apply(value: Theme): void {
  if (value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = value;
}

export const theme = signal<Theme>(stored());
apply(theme.value);

/** The theme after this one, in the order in which the button goes through them. */
export function nextTheme(value: Theme): Theme {
  return ORDER[(ORDER.indexOf(value) + 1) % ORDER.length] ?? 'system';
}

/** Colour the page and remember the choice on this device. */
export function setTheme(value: Theme): void {
  theme.value = value;
  apply(value);
  if (value === 'system') localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, value);
}
