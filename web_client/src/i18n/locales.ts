/** A locale that the reader can choose. `source` names the locale whose texts a pseudo locale is made from. */
export interface Locale {
  readonly id: string;
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  readonly source: string;
  readonly pseudo: boolean;
}

/** Every listed locale is complete: `npm run check` fails on a missing text. */
export const LOCALES: readonly Locale[] = [
  { id: 'vi', name: 'Tiếng Việt', dir: 'ltr', source: 'vi', pseudo: false },
  { id: 'en', name: 'English', dir: 'ltr', source: 'en', pseudo: false },
  { id: 'ar-XB', name: 'Pseudo (right to left)', dir: 'rtl', source: 'en', pseudo: true },
];
export const DEFAULT_LOCALE = 'vi';

export function findLocale(id: string): Locale | undefined {
  return LOCALES.find((locale) => locale.id === id);
}
