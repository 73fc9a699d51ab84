import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useState } from 'preact/hooks';

const MARKS = /\p{Diacritic}/gu;
const SPACES = /\s+/gu;

/** Text as it is compared: without case, without marks, with single spaces. "Đồng  bằng" is found by "dong bang". */
export function folded(text: string): string {
  return text.normalize('NFD').replaceAll(MARKS, '').replaceAll('đ', 'd').replaceAll('Đ', 'D').replaceAll(SPACES, ' ').toLowerCase();
}

/** How often a text stands in another. */
export function occurrences(text: string, wanted: string): number {
  return wanted ? text.split(wanted).length - 1 : 0;
}

/** What was found: one entry for each place, with its page and which one it is there. */
export interface Hit {
  readonly page: number;
  readonly index: number;
}

export interface Found {
  readonly hits: readonly Hit[];
  /** Whether all pages have been looked through. */
  readonly done: boolean;
}

const NOTHING: Found = { hits: [], done: true };
const texts = new WeakMap<PDFDocumentProxy, Map<number, string>>();

async function textOf(document: PDFDocumentProxy, number: number): Promise<string> {
  const known = texts.get(document) ?? new Map<number, string>();
  texts.set(document, known);
  const text = known.get(number);
  if (text !== undefined) return text;
  const content = await (await document.getPage(number)).getTextContent();
  const whole = folded(content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? ' ' : '') : '')).join(''));
  known.set(number, whole);
  return whole;
}

/** Look for a text on all pages, page after page; what is found is there as soon as it is. */
export function useSearch(document: PDFDocumentProxy | null, query: string): Found {
  const [found, setFound] = useState<Found>(NOTHING);
  const wanted = folded(query.trim());
  useEffect(() => {
    if (!document || !wanted) {
      setFound(NOTHING);
      return undefined;
    }
    const stop = new AbortController();
    const look = async () => {
      const hits: Hit[] = [];
      for (let page = 1; page <= document.numPages && !stop.signal.aborted; page += 1) {
        const count = occurrences(await textOf(document, page), wanted);
        for (let index = 0; index < count; index += 1) hits.push({ page, index });
        if (!stop.signal.aborted) setFound({ hits: [...hits], done: page === document.numPages });
      }
    };
    look().catch(() => !stop.signal.aborted && setFound({ hits: [], done: true })); // closed meanwhile
    return () => stop.abort();
  }, [document, wanted]);
  return found;
}

/** Mark the pieces of a page's text in which the words stand; returns them in their order. */
export function markHits(layer: HTMLElement, query: string): HTMLElement[] {
  const wanted = folded(query.trim());
  const marked: HTMLElement[] = [];
  for (const span of layer.querySelectorAll<HTMLElement>('span')) {
    const hit = wanted !== '' && span.childElementCount === 0 && folded(span.textContent ?? '').includes(wanted);
    span.classList.toggle('textLayer__hit', hit);
    if (hit) marked.push(span);
  }
  return marked;
}
