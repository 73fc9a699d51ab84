import { WifiOff } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../../i18n';
import type { Participant, Poll, Snapshot } from '../../../protocol/generated';
import { ballotOf, participant } from '../../../state/viewModels';
import { Icon } from '../../../ui';
import type { RoomView } from '../model';

/** Who may vote, has not, and cannot at this moment: the connection is away, or they are not recorded as present. */
export function cutOff(snapshot: Snapshot, poll: Poll): { lost: Participant[]; absent: Participant[] } {
  const missing = poll.electorate
    .filter((personId) => !ballotOf(poll, personId))
    .map((personId) => participant(snapshot, personId))
    .filter((one) => one !== undefined);
  return {
    lost: missing.filter(({ presence }) => presence.status === 'present' && !presence.connected),
    absent: missing.filter(({ presence }) => presence.status === 'absent'),
  };
}

/** Tells who runs the poll that some are cut off, and what can be done about it. */
export function CutOff({ room, poll }: { room: RoomView; poll: Poll }): VNode | null {
  const { lost, absent } = cutOff(room.snapshot, poll);
  if (lost.length + absent.length === 0) return null;
  return (
    <div class="poll__cut-off" role="status" data-testid="cut-off">
      <strong>
        <Icon icon={WifiOff} size={18} /> {t('room-poll-cut-off', { count: lost.length + absent.length })}
      </strong>
      {lost.length > 0 ? <p>{t('room-poll-cut-off-lost', { names: names(lost) })}</p> : null}
      {absent.length > 0 ? <p>{t('room-poll-cut-off-absent', { names: names(absent) })}</p> : null}
      <p>{t('room-poll-cut-off-choice')}</p>
    </div>
  );
}

function names(people: readonly Participant[]): string {
  return people.map((one) => one.name).join(', ');
}
