import { signal } from '@preact/signals';
import { render, type VNode } from 'preact';
import { t } from '../../i18n';
import { pictureMode } from '../../rtc/pictureMode';
import { Avatar, Button } from '../../ui';
import type { RoomView } from './model';
import { sharedScreen } from './SharedScreen';
import './smallWindow.css';
import { arrangeTiles, largeTile, liveTrack } from './stageLayout';
import { switchSource } from './sourceActions';
import { TrackVideo } from './TrackVideo';
import type { Shows } from './useDrawn';

/** Chromium's window that stays above all others (Document Picture-in-Picture, W3C draft). */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

function documentApi(): DocumentPictureInPicture | undefined {
  return (window as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture;
}

/** Whether this browser can show the meeting in a small window; where it cannot it may offer its own on a picture. */
export function canShowSmall(): boolean {
  return documentApi() !== undefined || document.pictureInPictureEnabled === true;
}

/** The small window while there is one. It is drawn from the room as it is now. */
const shownIn = signal<Window | null>(null);
const view = signal<RoomView | null>(null);

export function smallWindowOpen(): boolean {
  return shownIn.value !== null;
}

/** Keep the small window up to date; called whenever the room is drawn. */
export function updateSmallWindow(room: RoomView): void {
  view.value = room;
}

export function closeSmallWindow(): void {
  shownIn.value?.close();
  if (document.pictureInPictureElement) void document.exitPictureInPicture();
}

/** Show who speaks, or the shared screen, above all other windows. Rejects where the browser does not allow it. */
export async function openSmallWindow(room: RoomView): Promise<void> {
  view.value = room;
  const api = documentApi();
  if (!api) {
    const picture = document.querySelector<HTMLVideoElement>('.stage__screen video, .tile:not([data-own]) video');
    await picture?.requestPictureInPicture();
    return;
  }
  const small = await api.requestWindow({ width: 400, height: 280 });
  copyStyles(small.document);
  small.document.title = room.snapshot.meeting.title;
  render(<SmallView />, small.document.body);
  shownIn.value = small;
  small.addEventListener('pagehide', () => {
    render(null, small.document.body);
    shownIn.value = null;
  });
}

function copyStyles(target: Document): void {
  for (const node of document.querySelectorAll('link[rel="stylesheet"], style')) target.head.append(node.cloneNode(true));
  target.documentElement.lang = document.documentElement.lang;
  target.documentElement.dir = document.documentElement.dir;
  Object.assign(target.documentElement.dataset, document.documentElement.dataset);
  target.documentElement.style.colorScheme = document.documentElement.style.colorScheme;
}

function SmallView(): VNode | null {
  const room = view.value;
  if (!room) return null;
  const { session, snapshot } = room;
  const tiles = arrangeTiles(snapshot, session.endpoints.value, session.endpointId.value);
  const sound = pictureMode.value === 'sound';
  const screen = sound ? null : sharedScreen(room);
  const tile = largeTile(tiles, null, session.activeSpeaker.value);
  const camera = tile && !tile.own && !sound ? liveTrack(tile.endpoint, 'camera', session.tracks.value) : null;
  const name = screen?.track ? t('room-screen-of', { name: screen.name }) : (tile?.endpoint.name ?? '');
  const track = screen?.track ?? camera;
  const on = session.microphone.on.value;
  const shown = shownOf(screen?.track ? screen.endpointId : null, camera && tile ? tile.endpoint.id : null);
  return (
    <main class="small">
      <div class="small__picture">
        <TrackVideo
          track={track}
          whole={screen !== null}
          shows={shown ? { views: session.views, ...shown } : undefined}
          label={t('room-picture-of', { name })}
        />
        {track ? null : <Avatar name={name} large />}
      </div>
      <footer>
        <strong>{name}</strong>
        {room.can.send && !room.hall ? (
          <Button onClick={() => switchSource(session.microphone, 'microphone', !on)}>
            {t(on ? 'room-microphone-on' : 'room-microphone-off')}
          </Button>
        ) : null}
      </footer>
    </main>
  );
}

/** Whose picture it is: that of a screen, else that of a camera. */
function shownOf(screen: string | null, camera: string | null): Omit<Shows, 'views'> | null {
  if (screen !== null) return { endpointId: screen, source: 'screen' };
  return camera === null ? null : { endpointId: camera, source: 'camera' };
}
