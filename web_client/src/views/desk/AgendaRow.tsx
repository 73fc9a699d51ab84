import { ArrowDown, ArrowUp, GripVertical, Lock, Pencil, Trash2 } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { AgendaItem, Snapshot } from '../../protocol/generated';
import { Badge, hoursBetween, Icon, IconButton } from '../../ui';
import type { DeskActions } from './actions';
import { ItemStateBadge } from './badges';
import { fileDrop } from './fileDrop';
import { ItemEditor } from './ItemEditor';
import { Papers } from './Papers';
import { editable, readsPapers, removable } from './standing';
import type { UploadQueue } from './uploads';
import type { Dragging, Reorder } from './useReorder';

export interface AgendaRowProps {
  snapshot: Snapshot;
  item: AgendaItem;
  index: number;
  count: number;
  /** When the item would be dealt with. */
  slot: { from: string; until: string } | null;
  prepare: boolean;
  busy: boolean;
  editing: boolean;
  dragging: Dragging | null;
  grip: ReturnType<Reorder['grip']>;
  actions: DeskActions;
  uploads: UploadQueue;
  onMove: (by: 1 | -1) => void;
  onCancelDrag: () => void;
  onEdit: (item: string | null) => void;
  onDelete: () => void;
}

/** One item of the agenda: what it is about, its papers, and the secretary's tools. */
export function AgendaRow(props: AgendaRowProps): VNode {
  const { snapshot, item, index, prepare, editing, actions, uploads, onEdit } = props;
  const attach = prepare && editable(snapshot.meeting.state, item) && !item.hidden;
  const drop = attach ? fileDrop((files) => uploads.add(files, { itemId: item.id })) : {};
  return (
    // Dropping files is a convenience for the pointer; the button below does the same by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li class={rowClass(props)} id={`item-${item.id}`} tabIndex={-1} data-testid={`item-${item.id}`} {...drop}>
      <div class="agenda__number">
        {prepare ? <Grip {...props} /> : null}
        <span class="agenda__position">{index + 1}</span>
      </div>
      {editing ? (
        <ItemEditor
          item={item}
          participants={snapshot.participants}
          onSubmit={(body) => actions.changeItem(item.id, body)}
          onClose={() => onEdit(null)}
        />
      ) : (
        <>
          <div class="agenda__body">{item.hidden ? <HiddenItem /> : <ItemText {...props} />}</div>
          {prepare ? <Tools {...props} /> : null}
        </>
      )}
      {readsPapers(snapshot) ? (
        <Papers
          snapshot={snapshot}
          item={item}
          upload={attach}
          remove={prepare && removable(snapshot.meeting.state)}
          actions={actions}
          uploads={uploads}
        />
      ) : null}
    </li>
  );
}

function rowClass({ index, count, dragging }: AgendaRowProps): string {
  const classes = ['agenda__item'];
  if (dragging?.from === index) classes.push('agenda__item--dragged');
  const lands = dragging && dragging.to !== dragging.from && dragging.to !== dragging.from + 1;
  if (lands && dragging.to === index) classes.push('agenda__item--before');
  if (lands && dragging.to === count && index === count - 1) classes.push('agenda__item--after');
  return classes.join(' ');
}

/** Drags the row by pointer; with the focus on it, Alt and the arrows move the row by keyboard. */
function Grip({ item, grip, onMove, onCancelDrag }: AgendaRowProps): VNode {
  const title = item.hidden ? t('agenda-hidden') : item.title;
  return (
    <button
      type="button"
      class="agenda__grip"
      title={t('agenda-drag')}
      aria-label={t('agenda-grip', { title })}
      aria-describedby="agenda-how"
      data-testid={`grip-${item.id}`}
      {...grip}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancelDrag();
        if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        onMove(event.key === 'ArrowUp' ? -1 : 1);
      }}
    >
      <Icon icon={GripVertical} size={18} />
    </button>
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

function ItemText({ snapshot, item, slot }: AgendaRowProps): VNode {
  const presenter = snapshot.participants.find((participant) => participant.personId === item.presenterId);
  return (
    <>
      <h3 class="agenda__title">
        <bdi>{item.title}</bdi>
      </h3>
      <p class="agenda__facts">
        <span>{t(`kind-${item.kind}`)}</span>
        {slot ? <span>{hoursBetween(slot.from, slot.until, snapshot.meeting.zone)}</span> : null}
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

function Tools({ snapshot, item, index, count, onMove, onEdit, onDelete }: AgendaRowProps): VNode {
  const title = item.hidden ? t('agenda-hidden') : item.title;
  const { state } = snapshot.meeting;
  return (
    <div class="agenda__tools">
      <IconButton
        icon={ArrowUp}
        label={t('agenda-move-up', { title })}
        disabled={index === 0}
        onClick={() => onMove(-1)}
        data-testid={`move-up-${item.id}`}
      />
      <IconButton
        icon={ArrowDown}
        label={t('agenda-move-down', { title })}
        disabled={index === count - 1}
        onClick={() => onMove(1)}
        data-testid={`move-down-${item.id}`}
      />
      {editable(state, item) && !item.hidden ? (
        <IconButton icon={Pencil} label={t('agenda-edit-item', { title })} onClick={() => onEdit(item.id)} data-testid={`edit-${item.id}`} />
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
