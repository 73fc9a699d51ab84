import { errorText } from '../../i18n';
import type { Speaker } from '../../protocol/generated';
import { notify } from '../../ui';
import type { RoomView } from './model';

/** The reader's own place on the speakers' list, if there is one: the turn they have before one they wait for. */
export function ownFloor({ snapshot, personId }: Pick<RoomView, 'snapshot' | 'personId'>): Speaker | undefined {
  const own = snapshot.speakers.filter((speaker) => speaker.personId === personId && speaker.state !== 'finished');
  return own.find((speaker) => speaker.state !== 'waiting') ?? own[0];
}

/** What the floor button does next, in words. */
export function floorAction(floor: Speaker | undefined): string {
  if (!floor) return 'room-floor-ask';
  return floor.state === 'waiting' ? 'room-floor-withdraw' : 'room-floor-finish';
}

/** Ask for the floor, take the request back, or end one's own turn; a refusal is said at once. */
export function pressFloor(room: RoomView): void {
  const floor = ownFloor(room);
  if (!floor || floor.state === 'waiting') askOrWithdraw(room);
  else room.meeting.request('floor.end', { speakerId: floor.id }).catch(sayRefusal);
}

/** What the key does: it never ends a turn, since a key is pressed too easily. */
export function askOrWithdraw(room: RoomView): void {
  const floor = ownFloor(room);
  if (floor && floor.state !== 'waiting') return;
  const done = floor
    ? room.meeting.request('floor.withdraw', { speakerId: floor.id })
    : room.meeting.request('floor.request', { kind: 'turn' });
  done.catch(sayRefusal);
}

function sayRefusal(error: unknown): void {
  notify(errorText(error));
}
