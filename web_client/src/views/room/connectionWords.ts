import type { RoomView } from './model';

/** How the reader's own connection stands: the text that says so, and whether all is well. */
export function connectionWords({ meeting, session }: Pick<RoomView, 'meeting' | 'session'>): {
  words: string;
  good: boolean;
} {
  if (!meeting.following.value) return { words: 'room-connection-reconnecting', good: false };
  switch (session.state.value) {
    case 'live':
      return session.own.value?.connection === 'disconnected'
        ? { words: 'room-connection-media-weak', good: false }
        : { words: 'room-connection-good', good: true };
    case 'unavailable':
      return { words: 'room-connection-no-media', good: false };
    case 'idle':
    case 'closed':
      return { words: 'room-connection-good', good: true };
    default:
      return { words: 'room-connection-joining', good: false };
  }
}
