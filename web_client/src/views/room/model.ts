import type { MediaSession } from '../../rtc/session';
import type { Snapshot } from '../../protocol/generated';
import type { Meeting } from '../../state/meeting';
import type { Abilities } from '../../state/viewModels';

/** What the parts of the room are drawn from. */
export interface RoomView {
  readonly meeting: Meeting;
  readonly snapshot: Snapshot;
  readonly session: MediaSession;
  readonly personId: string;
  readonly can: Abilities;
}

export type PanelTab = 'agenda' | 'people' | 'papers' | 'floor' | 'poll';
