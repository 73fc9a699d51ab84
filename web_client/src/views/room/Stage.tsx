import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Lazy } from '../../lazy';
import type { RoomView } from './model';
import type { Reading } from '../paper/reading';
import './stage.css';
import { arrangeTiles, galleryColumns, liveTrack, type Tile } from './stageLayout';
import { TileView } from './TileView';
import { TrackVideo } from './TrackVideo';

const loadPaper = () => import('../paper/PaperView');

interface StageProps {
  room: RoomView;
  paper: Reading | null;
  onClosePaper: () => void;
}

/** Everybody's picture; a paper, a shared screen or a pinned person takes the room and the others stand beside it. */
export function Stage({ room, paper, onClosePaper }: StageProps): VNode {
  const { session, snapshot } = room;
  const [pinned, setPinned] = useState<string | null>(null);
  const tiles = arrangeTiles(snapshot, session.endpoints.value, session.endpointId.value);
  const screen = sharedScreen(room);
  const featured = paper || screen ? undefined : tiles.find((tile) => tile.endpoint.id === pinned);
  const others = tiles.filter((tile) => tile !== featured);
  const focus = paper !== null || screen !== null || featured !== undefined;

  const draw = (tile: Tile) => (
    <TileView
      key={tile.endpoint.id}
      room={room}
      tile={tile}
      pinned={tile.endpoint.id === pinned}
      onPin={() => setPinned(tile.endpoint.id === pinned ? null : tile.endpoint.id)}
    />
  );
  return (
    <main id="stage" class={focus ? 'stage stage--focus' : 'stage'} tabIndex={-1} aria-label={t('room-stage')}>
      {paper ? <Lazy key={paper.url} load={loadPaper} props={{ reading: paper, onClose: onClosePaper }} /> : null}
      {!paper && screen ? <SharedScreen screen={screen} /> : null}
      {featured ? <div class="stage__featured">{draw(featured)}</div> : null}
      {tiles.length === 0 ? <p class="stage__empty">{t('room-nobody')}</p> : null}
      <Gallery count={others.length} strip={focus}>
        {others.map(draw)}
      </Gallery>
    </main>
  );
}

interface Shared {
  name: string;
  track: MediaStreamTrack;
}

function sharedScreen({ session }: RoomView): Shared | null {
  for (const endpoint of session.endpoints.value) {
    const track = liveTrack(endpoint, 'screen', session.tracks.value);
    if (track) return { name: endpoint.name, track };
  }
  return null;
}

function SharedScreen({ screen }: { screen: Shared }): VNode {
  const label = t('room-screen-of', { name: screen.name });
  return (
    <figure class="stage__screen">
      <TrackVideo track={screen.track} whole label={label} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}

interface GalleryProps {
  count: number;
  strip: boolean;
  children: VNode[];
}

/** Tiles as large as the place allows; in a strip they keep their size and scroll. */
function Gallery({ count, strip, children }: GalleryProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(1);
  useEffect(() => {
    const element = box.current;
    if (!element || strip) return undefined;
    const measure = () => setColumns(galleryColumns(count, element.clientWidth, element.clientHeight));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [count, strip]);
  return (
    <div
      ref={box}
      class={strip ? 'gallery gallery--strip' : 'gallery'}
      style={strip ? {} : { '--columns': String(columns), '--rows': String(Math.ceil(count / columns)) }}
    >
      {children}
    </div>
  );
}
