import { ChevronLeft, ChevronRight } from 'lucide';
import type { ComponentChildren, RefObject, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { currentLocale, t } from '../../i18n';
import { Lazy } from '../../lazy';
import { IconButton } from '../../ui';
import { layout } from './layout';
import type { RoomView } from './model';
import type { Table } from '../../state/table';
import type { Reading } from '../paper/reading';
import type { StagePaperChoice } from './presenting/presented';
import { Withheld } from './presenting/PresentingNotice';
import { sharedScreen, SharedScreen } from './SharedScreen';
import { useSteadySpeaker } from './steadySpeaker';
import './stage.css';
import { arrangeTiles, gallery, galleryColumns, largeTile, pageOf, type Placed, type Tile } from './stageLayout';
import { TileView } from './TileView';
import { useWideScreen } from './useWideScreen';

const loadPaper = () => import('./presenting/StagePaper');
const ON_A_PAGE = 16;
const ON_A_SMALL_PAGE = 6;
const WIDE = 1.5;

interface StageProps {
  room: RoomView;
  table: Table;
  paper: StagePaperChoice;
  onClosePaper: () => void;
  onKeepPaper: (paper: Reading) => void;
}

/**
 * Everybody's picture. A paper or a shared screen takes the stage and the others stand beside it; in the speaker layout
 * one person does, else all are of the same size with oneself small in a corner.
 */
export function Stage({ room, table, paper, onClosePaper, onKeepPaper }: StageProps): VNode {
  const { session, snapshot } = room;
  const [pinned, setPinned] = useState<string | null>(null);
  const speaking = useSteadySpeaker(session.activeSpeaker.value);
  const box = useRef<HTMLElement>(null);
  const shape = useShape(box);
  const tiles = arrangeTiles(snapshot, session.endpoints.value, session.endpointId.value);
  const screen = sharedScreen(room);
  const isPinned = tiles.some((tile) => tile.endpoint.id === pinned);
  const one = !paper && !screen && tiles.length > 1 && (layout.value === 'speaker' || isPinned);
  const large = one ? largeTile(tiles, pinned, speaking) : undefined;
  const focus = paper !== null || screen !== null || large !== undefined;
  const others = tiles.filter((tile) => tile !== large);

  const draw = (tile: Tile, beginsSite = false) => (
    <TileView
      key={tile.endpoint.id}
      room={room}
      tile={tile}
      beginsSite={beginsSite}
      pinned={tile.endpoint.id === pinned}
      onPin={() => setPinned(tile.endpoint.id === pinned ? null : tile.endpoint.id)}
    />
  );
  return (
    <main
      id="stage"
      ref={box}
      class={focus ? `stage stage--focus stage--${shape}` : 'stage'}
      tabIndex={-1}
      aria-label={t('room-stage')}
      data-layout={focus ? 'focus' : 'gallery'}
    >
      {paper === 'withheld' ? <Withheld room={room} presenting={table.presenting} /> : null}
      {paper && paper !== 'withheld' ? (
        <Lazy
          key={paper.url}
          load={loadPaper}
          props={{ room, table, reading: paper, onClose: onClosePaper, onKeep: onKeepPaper }}
        />
      ) : null}
      {!paper && screen ? <SharedScreen screen={screen} session={session} /> : null}
      {large ? (
        <div class="stage__featured" data-testid="featured">
          {draw(large)}
        </div>
      ) : null}
      {tiles.length === 0 ? <p class="stage__empty">{t('room-nobody')}</p> : null}
      {focus ? (
        <div class="gallery gallery--strip">{presenterFirst(others, screen?.endpointId).map((tile) => draw(tile))}</div>
      ) : (
        <Gallery tiles={tiles} draw={draw} />
      )}
    </main>
  );
}

/** Who shows something stands beside it. */
function presenterFirst(tiles: readonly Tile[], presenter: string | undefined): Tile[] {
  return tiles.toSorted(
    (one, other) => Number(other.endpoint.id === presenter) - Number(one.endpoint.id === presenter),
  );
}

/** Beside what takes the stage there is place for the others where it is wide, else below. */
function useShape(box: RefObject<HTMLElement | null>): 'wide' | 'tall' {
  const [shape, setShape] = useState<'wide' | 'tall'>('wide');
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => setShape(element.clientWidth > WIDE * element.clientHeight ? 'wide' : 'tall');
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [box]);
  return shape;
}

interface GalleryProps {
  tiles: readonly Tile[];
  draw: (tile: Tile, beginsSite: boolean) => VNode;
}

/** Tiles as large as the place allows, page by page where they would become too small; oneself in the corner. */
function Gallery({ tiles, draw }: GalleryProps): VNode {
  const roomy = useWideScreen('40rem');
  const [wanted, setWanted] = useState(0);
  const alone = tiles.length === 1;
  const own = alone ? undefined : tiles.find((tile) => tile.own);
  const placed = gallery(
    tiles.filter((tile) => tile !== own),
    currentLocale().source,
  );
  const { shown, page, pages } = pageOf(placed, wanted, roomy ? ON_A_PAGE : ON_A_SMALL_PAGE);
  return (
    <div class="stage__gallery">
      <Grid count={shown.length}>{shown.map(({ tile, beginsSite }: Placed) => draw(tile, beginsSite))}</Grid>
      {own ? <div class="stage__self">{draw(own, false)}</div> : null}
      {pages > 1 ? <Pages page={page} pages={pages} onPage={setWanted} /> : null}
    </div>
  );
}

function Grid({ count, children }: { count: number; children: ComponentChildren }): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(1);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => setColumns(galleryColumns(count, element.clientWidth, element.clientHeight));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [count]);
  return (
    <div
      ref={box}
      class="gallery"
      style={{ '--columns': String(columns), '--rows': String(Math.ceil(count / columns)) }}
    >
      {children}
    </div>
  );
}

interface PagesProps {
  page: number;
  pages: number;
  onPage: (page: number) => void;
}

function Pages({ page, pages, onPage }: PagesProps): VNode {
  return (
    <nav class="stage__pages" aria-label={t('room-pages')} data-testid="pages">
      <IconButton
        icon={ChevronLeft}
        directional
        label={t('room-page-before')}
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      />
      <span aria-live="polite">{t('room-page-of', { page: page + 1, pages })}</span>
      <IconButton
        icon={ChevronRight}
        directional
        label={t('room-page-after')}
        disabled={page === pages - 1}
        onClick={() => onPage(page + 1)}
        data-testid="page-after"
      />
    </nav>
  );
}
