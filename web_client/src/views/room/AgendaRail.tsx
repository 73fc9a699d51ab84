import { Check, CirclePlay, Clock, FileText, Lock, Play } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { errorText, t } from '../../i18n';
import type { AgendaItem } from '../../protocol/generated';
import { Badge, Button, Icon, notify } from '../../ui';
import './rail.css';
import { ConcludeDialog } from '../desk/ConcludeDialog';
import type { RoomView } from './model';
import { type Reading, readingOfPaper } from '../paper/reading';

interface AgendaProps {
  room: RoomView;
  onPaper: (paper: Reading) => void;
}

/** The agenda with the current item marked; chair and secretary take items up and conclude them here. */
export function AgendaRail({ room, onPaper }: AgendaProps): VNode {
  const [concluding, setConcluding] = useState<AgendaItem | null>(null);
  const { items, meeting } = room.snapshot;
  return (
    <nav class="rail" aria-label={t('room-agenda')}>
      <h2>{t('room-agenda')}</h2>
      {items.length === 0 ? <p>{t('room-agenda-empty')}</p> : null}
      <ol>
        {items.map((item) => (
          <Item
            key={item.id}
            room={room}
            item={item}
            current={item.id === meeting.currentItemId}
            onPaper={onPaper}
            onConclude={() => setConcluding(item)}
          />
        ))}
      </ol>
      {concluding ? (
        <ConcludeDialog
          item={concluding}
          state={meeting.state}
          onConclude={(to, outcome) => room.meeting.request('item.state', { itemId: concluding.id, to, outcome })}
          onClose={() => setConcluding(null)}
        />
      ) : null}
    </nav>
  );
}

interface ItemProps extends AgendaProps {
  item: AgendaItem;
  current: boolean;
  onConclude: () => void;
}

function Item({ room, item, current, onPaper, onConclude }: ItemProps): VNode {
  const presenter = room.snapshot.participants.find((one) => one.personId === item.presenterId);
  const papers = room.can.readPapers ? item.papers : [];
  return (
    <li class={current ? 'rail__item rail__item--current' : 'rail__item'} aria-current={current ? 'step' : undefined}>
      <span class="rail__number">{item.position}</span>
      <div class="rail__body">
        <strong>
          {item.restricted ? <Icon icon={Lock} size={16} label={t('room-restricted')} /> : null}{' '}
          {item.hidden ? t('room-restricted-item') : item.title}
        </strong>
        <div class="rail__facts">
          <StateMark item={item} />
          {item.minutes > 0 ? (
            <span>
              <Icon icon={Clock} size={14} /> {t('room-minutes', { minutes: item.minutes })}
            </span>
          ) : null}
          {presenter ? <span>{presenter.name}</span> : null}
        </div>
        {item.outcome ? <p class="rail__outcome">{item.outcome}</p> : null}
        {papers.map((paper) => (
          <button
            key={paper.id}
            type="button"
            class="rail__paper"
            onClick={() => onPaper(readingOfPaper(room.snapshot.meeting, paper))}
          >
            <Icon icon={FileText} size={18} />
            <span>{paper.title}</span>
          </button>
        ))}
        {room.can.run && !item.hidden ? (
          <ItemControls room={room} item={item} current={current} onConclude={onConclude} />
        ) : null}
      </div>
    </li>
  );
}

function StateMark({ item }: { item: AgendaItem }): VNode | null {
  if (item.state === 'pending') return null;
  if (item.state === 'under_discussion') {
    return (
      <Badge tone="success" icon={CirclePlay}>
        {t('room-item-current')}
      </Badge>
    );
  }
  return <Badge icon={Check}>{t(`item-state-${item.state}`)}</Badge>;
}

type ControlsProps = Pick<ItemProps, 'room' | 'item' | 'current' | 'onConclude'>;

function ItemControls({ room, item, current, onConclude }: ControlsProps): VNode | null {
  const { currentItemId, state } = room.snapshot.meeting;
  if (state !== 'in_session') return null;
  const start = () => {
    const to = 'under_discussion' as const;
    room.meeting.request('item.state', { itemId: item.id, to }).catch((error: unknown) => notify(errorText(error)));
  };
  if (current) {
    return (
      <Button icon={Check} onClick={onConclude} data-testid={`item-conclude-${item.id}`}>
        {t('room-item-conclude')}
      </Button>
    );
  }
  if (currentItemId !== null || !['pending', 'deferred'].includes(item.state)) return null;
  return (
    <Button icon={Play} onClick={start} data-testid={`item-start-${item.id}`}>
      {t('room-item-start')}
    </Button>
  );
}
