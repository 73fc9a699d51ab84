import { Vote } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { visiblePolls } from '../../state/viewModels';
import { Button, EmptyState } from '../../ui';
import type { RoomView } from './model';
import { NewPoll } from './NewPoll';
import './poll.css';
import { PollCard } from './PollCard';

/** The polls of the meeting: the open one first. Drafts are for those who run the meeting. */
export function PollPanel({ room }: { room: RoomView }): VNode {
  const [making, setMaking] = useState(false);
  const polls = visiblePolls(room.snapshot).filter((poll) => room.can.run || poll.state !== 'draft');
  const busy = polls.some((poll) => poll.state === 'open');
  return (
    <div class="polls">
      {polls.length === 0 && !making ? <EmptyState icon={Vote} title={t('room-polls-none')} /> : null}
      {making ? <NewPoll room={room} onDone={() => setMaking(false)} /> : null}
      {polls.map((poll) => (
        <PollCard key={poll.id} room={room} poll={poll} />
      ))}
      {room.can.run && !making && !busy ? (
        <Button icon={Vote} onClick={() => setMaking(true)} data-testid="poll-new">
          {t('room-poll-new')}
        </Button>
      ) : null}
    </div>
  );
}
