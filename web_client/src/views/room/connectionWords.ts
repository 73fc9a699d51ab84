import type { RoomView } from './model';

export type Trouble = 'hub' | 'path' | 'relay';

/** What does not work at this moment: the connection to the hub, the way of sound and picture, or the relay itself. */
export function trouble({ meeting, session }: Pick<RoomView, 'meeting' | 'session'>): Trouble | null {
  if (!meeting.following.value) return 'hub';
  if (session.state.value === 'unavailable') return 'relay';
  return session.pathLost.value || session.state.value === 'restoring' ? 'path' : null;
}

const WORDS: Record<Trouble, string> = {
  hub: 'room-connection-reconnecting',
  path: 'room-connection-media-weak',
  relay: 'room-connection-no-media',
};

/** How the reader's own connection stands: the text that says so, and whether all is well. */
export function connectionWords(room: Pick<RoomView, 'meeting' | 'session'>): { words: string; good: boolean } {
  const found = trouble(room);
  if (found) return { words: WORDS[found], good: false };
  const { session } = room;
  if (session.state.value === 'joining') return { words: 'room-connection-joining', good: false };
  const quality = session.state.value === 'live' ? session.quality.own.value : 'good';
  return { words: `room-connection-${quality}`, good: quality === 'good' };
}

/** How somebody else's connection stands, in words: their transports first, then what their page measures. */
export function personConnection(
  connection: 'connecting' | 'connected' | 'disconnected',
  quality: string | null | undefined,
): { words: string; good: boolean } {
  if (connection !== 'connected') return { words: `room-person-${connection}`, good: false };
  if (quality === 'weak' || quality === 'bad') return { words: `room-person-${quality}`, good: false };
  return { words: 'room-person-connected', good: true };
}
