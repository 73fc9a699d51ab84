import { TriangleAlert } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n';
import type { Poll } from '../../protocol/generated';
import { forgetChoice } from '../../state/choices';
import { participant, voteBar } from '../../state/viewModels';
import {
  Badge,
  Card,
  Derivation,
  Icon,
  PollFigures,
  optionLabel,
  VerdictBadge,
} from '../../ui';
import { BallotForm } from './BallotForm';
import type { RoomView } from './model';
import { CutOff } from './poll/CutOff';
import { PollClock } from './poll/PollClock';
import { PollControls } from './poll/PollControls';
import { OwnBallot } from './OwnBallot';

interface PollProps {
  room: RoomView;
  poll: Poll;
}

/** A poll in whatever state it is: to be opened, to be voted on, or decided. */
export function PollCard({ room, poll }: PollProps): VNode {
  return (
    <Card
      title={poll.title}
      aside={<PollState poll={poll} />}
      class={`poll poll--${poll.state}`}
      data-testid={`poll-${poll.id}`}
    >
      {poll.question ? <p class="poll__question">{poll.question}</p> : null}
      {poll.quorumLost ? (
        <p class="poll__warning">
          <Icon icon={TriangleAlert} size={18} /> {t('room-poll-quorum-lost')}
        </p>
      ) : null}
      <Voting room={room} poll={poll} />
      {poll.state === 'open' ? <PollClock poll={poll} /> : null}
      {poll.state === 'open' ? <Turnout room={room} poll={poll} /> : null}
      {poll.stateReason ? <p class="poll__reason" dir="auto">{t('room-poll-annulled-why', { reason: poll.stateReason })}</p> : null}
      {poll.state === 'open' && room.can.run ? <CutOff room={room} poll={poll} /> : null}
      {poll.result ? <Result room={room} poll={poll} /> : null}
      {room.can.run ? <PollControls room={room} poll={poll} /> : null}
    </Card>
  );
}

function PollState({ poll }: { poll: Poll }): VNode {
  if (poll.result) {
    return (
      <span data-testid="verdict" data-verdict={poll.result.verdict}>
        <VerdictBadge verdict={poll.result.verdict} />
      </span>
    );
  }
  return <Badge tone={poll.state === 'open' ? 'success' : 'neutral'}>{t(`room-poll-${poll.state}`)}</Badge>;
}

function Voting({ room, poll }: PollProps): VNode | null {
  const bar = voteBar(room.snapshot, poll, room.personId);
  const over = bar === 'voted' || !['draft', 'open'].includes(poll.state);
  useEffect(() => {
    if (over) forgetChoice(poll, room.personId);
  }, [over, poll.id]);
  if (room.can.hall) return null;
  const cast = room.meeting.ballots.cast.value.get(poll.id);
  if (bar === 'voted' || cast) return <OwnBallot room={room} poll={poll} />;
  if (bar === null) return <BallotForm room={room} poll={poll} />;
  return bar === 'not_open' ? null : <p class="poll__bar">{t(`room-poll-${bar.replaceAll('_', '-')}`)}</p>;
}

function Turnout({ room, poll }: PollProps): VNode {
  const voted = poll.ballots.length;
  const total = poll.electorate.length;
  return (
    <div class="poll__turnout">
      <label>
        {t('room-poll-turnout', { voted, total })}
        <progress max={Math.max(total, 1)} value={voted} />
      </label>
      <Names room={room} poll={poll} />
    </div>
  );
}

/** Who has voted, and how where that is open already. */
function Names({ room, poll }: PollProps): VNode | null {
  if (poll.ballots.length === 0) return null;
  const labels = Object.fromEntries(poll.options.map((option) => [option.id, option.label]));
  return (
    <details class="poll__names">
      <summary>{t('room-poll-names')}</summary>
      <ul>
        {poll.ballots.map((ballot) => (
          <li key={ballot.personId}>
            <span>{participant(room.snapshot, ballot.personId)?.name ?? t('room-unknown-person')}</span>
            <span>{ballot.optionId ? optionLabel(ballot.optionId, labels) : t('room-poll-has-voted')}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Result({ room, poll }: PollProps): VNode | null {
  if (!poll.result) return null;
  const labels = Object.fromEntries(poll.options.map((option) => [option.id, option.label]));
  return (
    <div class="poll__result">
      <PollFigures result={poll.result} labels={labels} />
      <details class="poll__why">
        <summary>{t('result-why')}</summary>
        <Derivation steps={poll.result.derivation} />
      </details>
      <Names room={room} poll={poll} />
    </div>
  );
}
