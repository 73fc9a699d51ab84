import { Check, Lock } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { AgendaItem, Snapshot } from '../../protocol/generated';
import { Button, Card, Icon } from '../../ui';
import './agenda.css';
import type { DeskActions } from './actions';
import { ConcludeDialog } from './ConcludeDialog';
import { concludesAfterwards, undecided } from './standing';

export interface UndecidedItemsProps {
  snapshot: Snapshot;
  onConclude: DeskActions['conclude'];
  class?: string;
}

/** What the session left without a conclusion: chair and secretary conclude it before the minutes can be finished. */
export function UndecidedItems({ snapshot, onConclude, class: extra }: UndecidedItemsProps): VNode | null {
  const [concluding, setConcluding] = useState<AgendaItem | null>(null);
  const items = concludesAfterwards(snapshot) ? undecided(snapshot.items) : [];
  if (items.length === 0) return null;
  return (
    <Card title={t('undecided-title', { count: items.length })} class={extra} data-testid="undecided">
      <div class="stack">
        <p>{t('undecided-text')}</p>
        <ol class="undecided">
          {items.map((item) => (
            <li key={item.id} class="undecided__item">
              <span>{t('room-current-item', { position: item.position, title: titleOf(item) })}</span>
              {item.hidden ? (
                <Icon icon={Lock} size={18} label={t('agenda-hidden-text')} />
              ) : (
                <Button
                  icon={Check}
                  aria-label={t('room-conclude-title', { title: item.title })}
                  onClick={() => setConcluding(item)}
                  data-testid={`item-conclude-${item.id}`}
                >
                  {t('room-item-conclude')}
                </Button>
              )}
            </li>
          ))}
        </ol>
      </div>
      {concluding ? (
        <ConcludeDialog
          item={concluding}
          state={snapshot.meeting.state}
          onConclude={(to, outcome) => onConclude(concluding.id, to, outcome)}
          onClose={() => setConcluding(null)}
        />
      ) : null}
    </Card>
  );
}

function titleOf(item: AgendaItem): string {
  return item.hidden ? t('agenda-hidden') : item.title;
}
