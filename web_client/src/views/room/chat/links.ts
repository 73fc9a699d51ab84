import { matchPath } from '../../../router';

/** A piece of a message: plain words, or a path of this client. */
export interface Piece {
  readonly text: string;
  readonly path: string | null;
}

const WORDS = /(\s+)/u;
const TRAILING = /[.,;:!?)\]}'"…]+$/u;

/**
 * Cut a message into words and links. Only what leads to a page of this very client becomes a link: nothing in a message
 * leads elsewhere, and nothing is fetched.
 */
export function pieces(text: string, origin: string): Piece[] {
  return text.split(WORDS).flatMap((word) => {
    const bare = word.replace(TRAILING, '');
    const path = ownPath(bare, origin);
    if (path === null) return [{ text: word, path: null }];
    return [
      { text: bare, path },
      { text: word.slice(bare.length), path: null },
    ];
  });
}

function ownPath(word: string, origin: string): string | null {
  if (!word.startsWith(`${origin}/`) || !URL.canParse(word)) return null;
  const url = new URL(word);
  if (url.origin !== origin || matchPath(url.pathname).view === 'missing') return null;
  return url.pathname + url.search + url.hash;
}
