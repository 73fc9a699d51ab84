import { CircleCheck, Hourglass } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { Poll } from '../../protocol/generated';
import { ballotOf } from '../../state/viewModels';
import { Icon } from '../../ui';
import { choiceLabel } from './BallotForm';
import type { RoomView } from './model';

/** The reader's own vote: on its way, or recorded, with the receipt that proves it. */
export function OwnBallot({ room, poll }: { room: RoomView; poll: Poll }): VNode {
  const cast = room.meeting.ballots.cast.value.get(poll.id);
  const recorded = ballotOf(poll, room.personId);
  const optionId = recorded?.optionId ?? cast?.optionId;
  const receipt = recorded?.receipt ?? cast?.receipt;
  const choice = optionId ? choiceLabel(poll, optionId) : '';
  if (!recorded && cast && cast.receipt === null) {
    return (
      <p class="own-ballot" role="status">
        <Icon icon={Hourglass} />
        <span>{t('room-vote-sending', { choice })}</span>
      </p>
    );
  }
  return (
    <div class="own-ballot own-ballot--recorded" role="status">
      <Icon icon={CircleCheck} />
      <div>
        <strong>{choice ? t('room-vote-recorded', { choice }) : t('room-vote-recorded-hidden')}</strong>
        {receipt ? (
          <p>
            {t('room-vote-receipt')} <code data-testid="receipt">{receipt}</code>
          </p>
        ) : null}
      </div>
    </div>
  );
}
