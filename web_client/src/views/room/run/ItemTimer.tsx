import type { VNode } from 'preact';
import { formatDuration, t } from '../../../i18n';
import type { AgendaItem } from '../../../protocol/generated';
import { itemSeconds } from '../../../state/times';
import { useClock } from '../useClock';

/** How long an item has been discussed, of the time it was given. */
export function ItemTimer({ item }: { item: AgendaItem }): VNode {
  const now = useClock(item.state === 'under_discussion');
  const used = itemSeconds(item, now);
  const allotted = item.minutes * 60;
  const over = allotted > 0 && used > allotted;
  return (
    <div class={over ? 'timer timer--over' : 'timer'} data-testid="item-timer">
      <span>
        {allotted > 0
          ? t(over ? 'time-over' : 'time-left', { time: formatDuration(Math.abs(allotted - used)) })
          : t('time-used', { time: formatDuration(used) })}
      </span>
      {allotted > 0 ? <progress max={allotted} value={Math.min(used, allotted)} aria-label={t('run-item-time')} /> : null}
    </div>
  );
}
