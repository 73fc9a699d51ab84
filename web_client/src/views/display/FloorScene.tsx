import type { VNode } from 'preact';
import { formatDuration, t } from '../../i18n';
import type { AgendaItem, Snapshot, Speaker } from '../../protocol/generated';
import { itemSeconds, speakingLeft } from '../../state/times';
import { currentItem, currentSpeaker, floorHolders, participant, spokenSeconds } from '../../state/viewModels';
import { Avatar, Badge } from '../../ui';

interface SceneProps {
  snapshot: Snapshot;
  now: number;
}

/** The item with its time, and who speaks with theirs. */
export function FloorScene({ snapshot, now }: SceneProps): VNode {
  const item = currentItem(snapshot);
  const speaker = currentSpeaker(snapshot) ?? floorHolders(snapshot)[0];
  return (
    <div class="scene">
      {item ? <Item item={item} now={now} /> : <p class="scene__large">{t('display-no-item')}</p>}
      {speaker ? <Speaking snapshot={snapshot} speaker={speaker} now={now} /> : null}
    </div>
  );
}

function Item({ item, now }: { item: AgendaItem; now: number }): VNode {
  const used = itemSeconds(item, now);
  const allotted = item.minutes * 60;
  const over = allotted > 0 && used > allotted;
  return (
    <section class="scene__item" aria-label={t('run-item')}>
      <h2>
        <span class="scene__number">{item.position}</span>
        <span>{item.hidden ? t('room-restricted-item') : item.title}</span>
      </h2>
      <p class={over ? 'scene__time scene__time--over' : 'scene__time'} data-testid="display-item-time">
        {allotted > 0
          ? t(over ? 'time-over' : 'time-left', { time: formatDuration(Math.abs(allotted - used)) })
          : t('time-used', { time: formatDuration(used) })}
      </p>
      {allotted > 0 ? (
        <progress max={allotted} value={Math.min(used, allotted)} aria-label={t('run-item-time')} />
      ) : null}
    </section>
  );
}

function Speaking({ snapshot, speaker, now }: SceneProps & { speaker: Speaker }): VNode {
  const person = participant(snapshot, speaker.personId);
  const left = speakingLeft(speaker, now);
  const over = left !== null && left < 0;
  return (
    <section class="scene__speaker" aria-label={t('room-floor-now')} data-testid="display-speaker">
      <Avatar name={person?.name ?? ''} large />
      <div class="scene__who">
        <p class="scene__name">{person?.name ?? t('room-unknown-person')}</p>
        <p class="scene__sub">{[person?.title, person?.siteName].filter(Boolean).join(' · ')}</p>
        {speaker.state === 'paused' ? <Badge tone="warning">{t('room-floor-paused')}</Badge> : null}
      </div>
      <p class={over ? 'scene__clock scene__clock--over' : 'scene__clock'}>
        {left === null
          ? formatDuration(spokenSeconds(speaker, now))
          : (over ? '+' : '') + formatDuration(Math.abs(over ? left : Math.ceil(left)))}
      </p>
    </section>
  );
}
