import { CircleMinus, ThumbsDown, ThumbsUp, Vote, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { Poll } from '../../protocol/generated';
import { forgetChoice, keepChoice, recallChoice } from '../../state/choices';
import { Button, ErrorBanner, Icon } from '../../ui';
import type { RoomView } from './model';

const ICONS: Record<string, IconNode> = { yes: ThumbsUp, no: ThumbsDown, abstain: CircleMinus };

/** What a choice is called on the ballot paper. */
export function choiceLabel(poll: Poll, optionId: string): string {
  const label = poll.options.find((option) => option.id === optionId)?.label;
  return label || t(`room-vote-${optionId}`);
}

/** The ballot: choose, then cast. A vote once cast cannot be taken back, so it takes two presses; a reload keeps the first. */
export function BallotForm({ room, poll }: { room: RoomView; poll: Poll }): VNode {
  const [chosen, setChosen] = useState(() => recallChoice(poll, room.personId));
  const choose = (optionId: string) => {
    setChosen(optionId);
    keepChoice(poll, room.personId, optionId);
  };
  const cast = async (optionId: string) => {
    if (await ballots.vote(poll.id, optionId)) forgetChoice(poll, room.personId);
  };
  const { ballots } = room.meeting;
  return (
    <div class="ballot">
      <div class="ballot__choices" role="group" aria-label={t('room-vote-label')}>
        {poll.options.map(({ id }) => (
          <button
            key={id}
            type="button"
            class={`ballot__choice ballot__choice--${poll.method === 'yes_no_abstain' ? id : 'other'}`}
            aria-pressed={chosen === id}
            onClick={() => choose(id)}
            data-testid={`poll-${id}`}
          >
            <Icon icon={ICONS[id] ?? Vote} size={28} />
            <span>{choiceLabel(poll, id)}</span>
          </button>
        ))}
      </div>
      <ErrorBanner error={ballots.refused.value.get(poll.id)} />
      <Button
        kind="primary"
        large
        wide
        icon={Vote}
        disabled={chosen === null}
        onClick={() => chosen !== null && void cast(chosen)}
        data-testid="poll-confirm"
      >
        {chosen === null ? t('room-vote-choose') : t('room-vote-cast', { choice: choiceLabel(poll, chosen) })}
      </Button>
    </div>
  );
}
