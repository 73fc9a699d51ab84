import { ArrowDown, ArrowUp, GripVertical, Lock, Pencil, Trash2 } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { AgendaItem, Snapshot } from '../../protocol/generated';
import { Badge, Icon, IconButton } from '../../ui';
import type { DeskActions } from './actions';
import { ItemStateBadge } from './badges';
import { Papers } from './Papers';
import { editable, readsPapers, removable } from './standing';

export interface AgendaRowProps {
  snapshot: Snapshot;
  item: AgendaItem;
  prepare: boolean;
  busy: boolean;
  last: boolean;
  dragged: boolean;
  actions: DeskActions;
  onMove: (by: 1 | -1) => void;
  onDragStart: () => void;
  onDragEnd: () => void;
  /** Set while another item is dragged. */
  onDrop: (() => void) | undefined;
  onEdit: () => void;
  onDelete: () => void;
}

/** One item of the agenda: what it is about, its papers, and the secretary's tools. */
export function AgendaRow(props: AgendaRowProps): VNode {
  const { snapshot, item, prepare, dragged, actions, onDragStart, onDragEnd, onDrop } = props;
  const classes = ['agenda__item', dragged ? 'agenda__item--dragged' : '', onDrop ? 'agenda__item--target' : ''];
  // Dragging is a convenience for the pointer; the buttons of the row do the same by keyboard.
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      class={classes.filter(Boolean).join(' ')}
      data-testid={`item-${item.id}`}
      onDragOver={(event) => {
        if (onDrop) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        onDrop?.();
      }}
    >
      <div class="agenda__number">
        {prepare ? (
          <span class="agenda__grip" draggable title={t('agenda-drag')} onDragStart={onDragStart} onDragEnd={onDragEnd}>
            <Icon icon={GripVertical} size={18} />
          </span>
        ) : null}
        <span class="agenda__position">{item.position}</span>
      </div>
      <div class="agenda__body">{item.hidden ? <HiddenItem /> : <ItemText snapshot={snapshot} item={item} />}</div>
      {prepare ? <Tools {...props} /> : null}
      {readsPapers(snapshot) ? (
        <Papers
          meeting={snapshot.meeting}
          item={item}
          upload={prepare && editable(snapshot.meeting.state, item)}
          remove={prepare && removable(snapshot.meeting.state)}
          actions={actions}
        />
      ) : null}
    </li>
  );
}

function HiddenItem(): VNode {
  return (
    <>
      <h3 class="agenda__title">
        <Icon icon={Lock} size={18} /> {t('agenda-hidden')}
      </h3>
      <p class="muted">{t('agenda-hidden-text')}</p>
    </>
  );
}

function ItemText({ snapshot, item }: { snapshot: Snapshot; item: AgendaItem }): VNode {
  const presenter = snapshot.participants.find((participant) => participant.personId === item.presenterId);
  return (
    <>
      <h3 class="agenda__title">{item.title}</h3>
      <p class="agenda__facts">
        <span>{t(`kind-${item.kind}`)}</span>
        {item.minutes > 0 ? <span>{t('agenda-minutes', { minutes: item.minutes })}</span> : null}
        {presenter ? <span>{t('agenda-presenter', { name: presenter.name })}</span> : null}
        <ItemStateBadge state={item.state} />
        {item.restricted ? (
          <Badge icon={Lock} tone="warning">
            {t('agenda-restricted')}
          </Badge>
        ) : null}
      </p>
      {item.description ? <p class="prose">{item.description}</p> : null}
      {item.outcome ? (
        <p class="prose">
          <strong>{t('agenda-outcome')}:</strong> {item.outcome}
        </p>
      ) : null}
    </>
  );
}

function Tools({ snapshot, item, busy, last, onMove, onEdit, onDelete }: AgendaRowProps): VNode {
  const title = item.hidden ? t('agenda-hidden') : item.title;
  const { state } = snapshot.meeting;
  return (
    <div class="agenda__tools">
      <IconButton
        icon={ArrowUp}
        label={t('agenda-move-up', { title })}
        disabled={item.position === 1 || busy}
        onClick={() => onMove(-1)}
        data-testid={`move-up-${item.id}`}
      />
      <IconButton
        icon={ArrowDown}
        label={t('agenda-move-down', { title })}
        disabled={last || busy}
        onClick={() => onMove(1)}
        data-testid={`move-down-${item.id}`}
      />
      {editable(state, item) && !item.hidden ? (
        <IconButton icon={Pencil} label={t('agenda-edit-item', { title })} onClick={onEdit} data-testid={`edit-${item.id}`} />
      ) : null}
      {removable(state) ? (
        <IconButton
          icon={Trash2}
          danger
          label={t('agenda-delete-item', { title })}
          onClick={onDelete}
          data-testid={`delete-${item.id}`}
        />
      ) : null}
    </div>
  );
}
