import { signal } from '@preact/signals';
import { vi } from 'vitest';
import type { Endpoint, Me, Snapshot } from '../../src/protocol/generated';
import { MediaSession } from '../../src/rtc/session';
import { Meeting } from '../../src/state/meeting';
import { me } from '../../src/state/session';
import { abilities } from '../../src/state/viewModels';
import type { RoomView } from '../../src/views/room/model';
import { settle, TestHub } from '../hub';
import { endpoint, ME, snapshot } from '../samples';

/** Give jsdom what browsers have: sizes, media elements, devices. */
export function installBrowser(wide = true): void {
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: wide,
    media: query,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }));
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal('MediaStream', EventTarget);
  HTMLMediaElement.prototype.play = () => Promise.resolve();
  HTMLDialogElement.prototype.showModal = function show(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
    this.open = false;
  };
  Object.defineProperty(navigator, 'mediaDevices', {
    configurable: true,
    value: {
      getUserMedia: () => Promise.reject(new DOMException('none', 'NotFoundError')),
      getDisplayMedia: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
      enumerateDevices: () => Promise.resolve([]),
      addEventListener: vi.fn(),
      removeEventListener: vi.fn(),
    },
  });
}

export interface RoomWorld {
  hub: TestHub;
  session: MediaSession;
  view: () => RoomView;
}

/** A room with a live state but without a network. */
export async function roomWorld(
  change: Partial<Snapshot> = {},
  endpoints: Endpoint[] = [],
  { account = ME, hall = null }: { account?: Me; hall?: Endpoint | null } = {},
): Promise<RoomWorld> {
  const hub = new TestHub();
  hub.answer('subscribe', () => ({ revision: 5, snapshot: snapshot(change) }));
  me.value = account;
  const meeting = new Meeting('m1', hub.link);
  meeting.start();
  await settle();
  const session = new MediaSession(meeting);
  session.endpoints.value = [endpoint('e1', 'a'), ...endpoints];
  session.endpointId.value = 'e1';
  session.state.value = 'live';
  const version = signal(0);
  meeting.snapshot.subscribe(() => {
    version.value += 1;
  });
  const view = (): RoomView => {
    const now = meeting.snapshot.value;
    if (!now) throw new Error('no snapshot');
    return { meeting, snapshot: now, session, personId: account.personId, can: abilities(now, account), hall };
  };
  return { hub, session, view };
}
