import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { ErrorBanner, Progress, VerificationDialog } from '../../ui';
import { PageView } from './PageView';
import './paper.css';
import { PaperBar } from './PaperBar';
import type { Place } from './place';
import type { Reading } from './reading';
import { useSearch } from './search';
import { SearchBar } from './SearchBar';
import { Thumbnails } from './Thumbnails';
import { usePdf } from './usePdf';
import { usePlace } from './usePlace';
import { useZoom } from './useZoom';

export interface PaperProps {
  reading: Reading;
  /** Takes the paper away again; left out where the paper is the page, which has title and way back itself. */
  onClose?: () => void;
  /** Where somebody else is: the view goes there, and with them. */
  lead?: Place | null;
  /** Where the reader is, whenever that changes. */
  onPlace?: (place: Place) => void;
  /** The reader moved by hand. */
  onMoved?: () => void;
  /** Whether the reader points at places of the page. */
  pointing?: boolean;
  tools?: ComponentChildren;
  notice?: ComponentChildren;
}

/** Reads a PDF: page by page, at any size, with the reader's watermark, and the way to check its signatures. */
export default function PaperView(props: PaperProps): VNode {
  const { reading, onClose, lead = null, onPlace, onMoved, pointing = false, tools, notice } = props;
  const { document, progress, error } = usePdf(reading.url);
  const [page, setPage] = useState(lead?.page ?? 1);
  const [open, setOpen] = useState<'checking' | 'searching' | null>(null);
  const [thumbs, setThumbs] = useState(false);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const sheets = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const zoom = useZoom(document, page, sheets);
  const found = useSearch(document, open === 'searching' ? query : '');
  const pages = document?.numPages ?? 0;
  const place = usePlace({ view: sheets, sheet, page, zoom, lead, pages, setPage, onPlace, pointing });

  const turn = (to: number) => {
    onMoved?.();
    setPage(Math.min(Math.max(to, 1), Math.max(pages, 1)));
  };
  const goTo = (index: number) => {
    setAt(index);
    const hit = found.hits[index];
    if (hit && hit.page !== page) turn(hit.page);
  };
  const first = found.hits[0]?.page;
  useEffect(() => {
    setAt(0);
    if (first !== undefined && first !== page) turn(first);
  }, [first, query]);
  const keys: Record<string, () => void> = {
    PageDown: () => turn(page + 1),
    PageUp: () => turn(page - 1),
    Home: () => turn(1),
    End: () => turn(pages),
    '+': () => moved(zoom.larger),
    '-': () => moved(zoom.smaller),
    0: () => moved(zoom.fit),
  };
  const moved = (act: () => void) => {
    onMoved?.();
    act();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const searches = event.key === 'f' && (event.ctrlKey || event.metaKey);
    if (!searches && (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey)) return;
    const act = searches ? () => setOpen('searching') : keys[event.key];
    if (!act) {
      if (event.key.startsWith('Arrow') || event.key === ' ') onMoved?.();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const hit = found.hits[at];

  return (
    <section class="paper" aria-label={reading.title} onKeyDown={onKeyDown} data-testid="paper">
      <PaperBar
        reading={reading}
        page={page}
        pages={pages}
        zoom={{ ...zoom, smaller: () => moved(zoom.smaller), larger: () => moved(zoom.larger), fit: () => moved(zoom.fit) }}
        tools={tools}
        onTurn={turn}
        onThumbnails={() => setThumbs(!thumbs)}
        onSearch={() => setOpen(open === 'searching' ? null : 'searching')}
        onCheck={() => setOpen('checking')}
        onClose={onClose}
      />
      {notice || open === 'searching' ? (
        <div class="paper__notices">
          {notice}
          {open === 'searching' ? (
            <SearchBar query={query} found={found} at={at} onQuery={setQuery} onGo={goTo} onClose={() => setOpen(null)} />
          ) : null}
        </div>
      ) : null}
      <div class={thumbs && document ? 'paper__body paper__body--thumbs' : 'paper__body'}>
        {thumbs && document ? <Thumbnails document={document} page={page} onTurn={turn} /> : null}
        <div
          class={pointing ? 'paper__sheets paper__sheets--pointing' : 'paper__sheets'}
          ref={sheets}
          tabIndex={0}
          role="region"
          aria-label={t('paper-text')}
          onScroll={place.onScroll}
          onPointerMove={place.onPointer}
          onPointerLeave={place.onPointerGone}
          onWheel={onMoved}
          onTouchMove={onMoved}
        >
          <ErrorBanner error={error} />
          {document || error ? null : <Progress label={t('paper-loading')} value={progress ?? undefined} />}
          {document ? (
            <PageView
              document={document}
              number={page}
              zoom={zoom.scale}
              zone={reading.zone}
              sheetRef={sheet}
              find={open === 'searching' ? query : ''}
              hit={hit?.page === page ? hit.index : 0}
              pointer={lead?.pointer ?? null}
              onSized={place.onSized}
            />
          ) : null}
        </div>
      </div>
      {open === 'checking' && reading.verification ? (
        <VerificationDialog path={reading.verification} zone={reading.zone} onClose={() => setOpen(null)} />
      ) : null}
    </section>
  );
}
