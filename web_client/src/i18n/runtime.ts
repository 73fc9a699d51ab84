import type { FluentBundle, FluentVariable } from '@fluent/bundle';
import { negotiateLanguages } from '@fluent/langneg';
import { signal } from '@preact/signals';
import { makeBundle } from './bundle';
import { DEFAULT_LOCALE, findLocale, LOCALES, type Locale } from './locales';

export type Arguments = Record<string, FluentVariable>;
interface Active {
  readonly locale: Locale;
  readonly bundle: FluentBundle;
}

const STORED = 'plenum.locale';
const files = import.meta.glob<string>('./locales/*/*.ftl', { query: '?raw', import: 'default' });
const bundles = new Map<string, FluentBundle>();
const active = signal<Active | null>(null);

/** The locale in use. Reading it in a component redraws that component when the reader changes the language. */
export function currentLocale(): Locale {
  const locale = active.value?.locale ?? findLocale(DEFAULT_LOCALE);
  if (locale === undefined) throw new Error(`the default locale ${DEFAULT_LOCALE} is not listed`);
  return locale;
}

/** Return the text `id` (or `id.attribute`) in the current locale. An unknown id returns itself, in brackets. */
export function t(id: string, args?: Arguments): string {
  const bundle = active.value?.bundle;
  const [name = id, attribute] = id.split('.', 2);
  const message = bundle?.getMessage(name);
  const pattern = attribute === undefined ? message?.value : message?.attributes[attribute];
  if (!bundle || pattern === null || pattern === undefined) return `[${id}]`;
  return bundle.formatPattern(pattern, args ?? null, []);
}

/** Say whether a text exists: for codes that a newer hub may send before this client knows them. */
export function hasText(id: string): boolean {
  return active.value?.bundle.hasMessage(id) ?? false;
}

/** Load a locale's texts and switch to it; direction and language of the page follow. Unknown ids are ignored. */
export async function setLocale(id: string, remember = false): Promise<void> {
  const locale = findLocale(id);
  if (!locale) return;
  const bundle = bundles.get(id) ?? makeBundle(locale, await readSources(locale));
  bundles.set(id, bundle);
  active.value = { locale, bundle };
  document.documentElement.lang = locale.id;
  document.documentElement.dir = locale.dir;
  if (remember) localStorage.setItem(STORED, id);
}

/** Choose among the listed locales: what the reader chose before, then the account's, then the browser's. */
export function negotiate(account?: string): string {
  const stored = localStorage.getItem(STORED);
  if (stored !== null && findLocale(stored)) return stored;
  const wanted = [account, ...navigator.languages].filter((id): id is string => Boolean(id));
  const offered = LOCALES.filter((locale) => !locale.pseudo).map((locale) => locale.id);
  return (
    negotiateLanguages(wanted, offered, { defaultLocale: DEFAULT_LOCALE, strategy: 'lookup' })[0] ?? DEFAULT_LOCALE
  );
}

function readSources(locale: Locale): Promise<string[]> {
  const folder = `./locales/${locale.source}/`;
  const loaders = Object.entries(files).filter(([path]) => path.startsWith(folder));
  return Promise.all(loaders.map(([, load]) => load()));
}
