import type { MediaSession } from '../../rtc/session';
import type { Endpoint, PresenceMode, Snapshot } from '../../protocol/generated';
import type { Meeting } from '../../state/meeting';
import type { Abilities } from '../../state/viewModels';

/** What the parts of the room are drawn from. */
export interface RoomView {
  readonly meeting: Meeting;
  readonly snapshot: Snapshot;
  readonly session: MediaSession;
  readonly personId: string;
  readonly can: Abilities;
  /** The hall whose sound and picture the reader uses, without own ones; null: with own sound and picture. */
  readonly hall: Endpoint | null;
}

/** How the reader enters the room, as chosen in the lobby. */
export interface Entry {
  readonly mode: PresenceMode;
  /** Where the reader sits, if that hall is connected. */
  readonly hall: Endpoint | null;
  /** Whether the others are heard on this device. */
  readonly sound: boolean;
}

export type PanelTab = 'agenda' | 'people' | 'papers' | 'floor' | 'poll' | 'chat' | 'run';
