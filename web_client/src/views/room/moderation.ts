import { errorText, t } from '../../i18n';
import type { Endpoint } from '../../protocol/generated';
import { notify } from '../../ui';
import { currentSpeaker, participant } from '../../state/viewModels';
import type { RoomView } from './model';
import { isMuted } from './stageLayout';

/** Mute somebody, a hall, or many at once; each of them is told by whom. */
export function mute({ meeting }: RoomView, endpoints: readonly Endpoint[]): void {
  const endpointIds = heard(endpoints).map((one) => one.id);
  if (endpointIds.length === 0) return;
  meeting.request('media.mute', { endpointIds }).then(
    () => notify(t('room-muted-count', { count: endpointIds.length })),
    (error: unknown) => notify(errorText(error)),
  );
}

/** Ask somebody to turn their microphone on; it is theirs to do so. */
export function askToUnmute({ meeting }: RoomView, endpoint: Endpoint): void {
  meeting.request('media.ask_unmute', { endpointIds: [endpoint.id] }).then(
    () => notify(t('room-asked-unmute', { name: endpoint.name })),
    (error: unknown) => notify(errorText(error)),
  );
}

/** Who is heard at this moment. */
export function heard(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.filter((one) => !isMuted(one));
}

/** Everybody but oneself and who has the floor, with the hall where that person sits. */
export function allButSpeaker({ snapshot, session }: RoomView): Endpoint[] {
  const floor = currentSpeaker(snapshot)?.personId;
  const hall = floor && participant(snapshot, floor)?.presence.endpointId;
  return session.endpoints.value.filter(
    (one) => one.id !== session.endpointId.value && one.id !== hall && (!floor || one.personId !== floor),
  );
}
