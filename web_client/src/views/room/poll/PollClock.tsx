import { Clock } from 'lucide';
import type { VNode } from 'preact';
import { formatDuration, t } from '../../../i18n';
import type { Poll } from '../../../protocol/generated';
import { pollLeft } from '../../../state/times';
import { Icon } from '../../../ui';
import { useClock } from '../useClock';

/** How long the poll is still to be open. The chair closes it, never the clock. */
export function PollClock({ poll }: { poll: Poll }): VNode | null {
  const now = useClock(poll.closesAt !== null);
  const left = pollLeft(poll, now);
  if (left === null) return null;
  return (
    <p class={left === 0 ? 'timer timer--over' : 'timer'} data-testid="poll-clock">
      <span>
        <Icon icon={Clock} size={16} />{' '}
        {left === 0 ? t('room-poll-time-over') : t('time-left', { time: formatDuration(Math.ceil(left)) })}
      </span>
    </p>
  );
}
