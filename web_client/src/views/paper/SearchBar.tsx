import { ChevronDown, ChevronUp, X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { IconButton } from '../../ui';
import type { Found } from './search';

interface SearchProps {
  query: string;
  found: Found;
  /** Which of the places found is shown, from 0. */
  at: number;
  onQuery: (query: string) => void;
  onGo: (at: number) => void;
  onClose: () => void;
}

/** Look for words in the paper: Enter goes to the next place, Shift and Enter back. */
export function SearchBar({ query, found, at, onQuery, onGo, onClose }: SearchProps): VNode {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const count = found.hits.length;
  const go = (step: number) => count > 0 && onGo((at + step + count) % count);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search class="paper__search">
      <input
        ref={input}
        class="control"
        type="search"
        value={query}
        aria-label={t('paper-search')}
        placeholder={t('paper-search')}
        onInput={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-testid="paper-query"
      />
      <output class="paper__found" data-testid="paper-found">
        {query.trim() ? words(found, at) : ''}
      </output>
      <IconButton icon={ChevronUp} label={t('paper-search-before')} disabled={count === 0} onClick={() => go(-1)} />
      <IconButton icon={ChevronDown} label={t('paper-search-next')} disabled={count === 0} onClick={() => go(1)} />
      <IconButton icon={X} label={t('paper-search-close')} onClick={onClose} />
    </search>
  );
}

function words({ hits, done }: Found, at: number): string {
  if (hits.length > 0) return t('paper-search-at', { at: at + 1, count: hits.length });
  return t(done ? 'paper-search-none' : 'paper-search-looking');
}
