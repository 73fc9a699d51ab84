import type { VNode } from 'preact';
import { formatDuration, t } from '../../i18n';
import type { Poll } from '../../protocol/generated';
import { pollLeft } from '../../state/times';
import { optionLabel } from '../../ui';

/** The question that is put to the vote, its choices, and how many have voted; never how. */
export function PollScene({ poll, now }: { poll: Poll; now: number }): VNode {
  const left = pollLeft(poll, now);
  const labels = Object.fromEntries(poll.options.map((option) => [option.id, option.label]));
  const [voted, total] = [poll.ballots.length, poll.electorate.length];
  return (
    <div class="scene" data-testid="display-poll">
      <p class="scene__eyebrow">{t('display-poll')}</p>
      <h2 class="scene__title">{poll.title}</h2>
      {poll.question ? <p class="scene__question">{poll.question}</p> : null}
      <ul class="scene__options">
        {poll.options.map(({ id }) => (
          <li key={id}>{optionLabel(id, labels)}</li>
        ))}
      </ul>
      <label class="scene__turnout" data-testid="display-turnout">
        {t('room-poll-turnout', { voted, total })}
        <progress max={Math.max(total, 1)} value={voted} />
      </label>
      {left === null ? null : (
        <p class={left === 0 ? 'scene__clock scene__clock--over' : 'scene__clock'} data-testid="display-poll-clock">
          {left === 0 ? t('room-poll-time-over') : formatDuration(Math.ceil(left))}
        </p>
      )}
    </div>
  );
}
