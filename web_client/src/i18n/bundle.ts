import { FluentBundle, FluentResource } from '@fluent/bundle';
import type { Locale } from './locales';

const RIGHT_TO_LEFT_OVERRIDE = '\u202E';
const POP_DIRECTION = '\u202C';
const MARKUP_OR_TEXT = /(<[^>]*>)|([^<]+)/gu;

/** Turn a text around, so that a page in the pseudo locale shows every text that was not translated. */
export function mirror(text: string): string {
  return text.replace(MARKUP_OR_TEXT, (part, markup: string | undefined) =>
    markup === undefined && part.trim() !== '' ? `${RIGHT_TO_LEFT_OVERRIDE}${part}${POP_DIRECTION}` : part,
  );
}

/** Build the texts of one locale. Raises on the first broken or repeated message: texts are part of the build. */
export function makeBundle(locale: Locale, sources: readonly string[]): FluentBundle {
  const bundle = new FluentBundle(locale.pseudo ? [locale.id, locale.source] : locale.id, {
    useIsolating: locale.dir === 'rtl',
    ...(locale.pseudo ? { transform: mirror } : {}),
  });
  for (const source of sources) {
    const errors = bundle.addResource(new FluentResource(source));
    if (errors.length > 0) throw errors[0];
  }
  return bundle;
}
