import { errorText } from '../../i18n';
import type { Speaker } from '../../protocol/generated';
import { notify } from '../../ui';
import type { RoomView } from './model';

/** The reader's own place on the speakers' list, if there is one. */
export function ownFloor({ snapshot, personId }: Pick<RoomView, 'snapshot' | 'personId'>): Speaker | undefined {
  const own = snapshot.speakers.filter((speaker) => speaker.personId === personId && speaker.state !== 'finished');
  return own.find((speaker) => speaker.state !== 'waiting') ?? own[0];
}

/** What the floor button says. */
export function floorAction(floor: Speaker | undefined): string {
  if (!floor) return 'room-floor-ask';
  return floor.state === 'waiting' ? 'room-floor-withdraw' : 'room-floor-yours';
}

/** Ask for the floor or take the request back; a refusal is said at once. */
export function askOrWithdraw(room: RoomView): void {
  const floor = ownFloor(room);
  if (floor?.state === 'speaking' || floor?.state === 'paused') return;
  const done = floor
    ? room.meeting.request('floor.withdraw', { speakerId: floor.id })
    : room.meeting.request('floor.request', { kind: 'turn' });
  done.catch((error: unknown) => notify(errorText(error)));
}
