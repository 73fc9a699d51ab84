import { CopyPlus, ListOrdered, Plus } from 'lucide';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { AgendaItem, Snapshot } from '../../protocol/generated';
import { announce, Button, Card, ConfirmDialog, EmptyState, ErrorBanner, useAction } from '../../ui';
import './agenda.css';
import { AgendaRow } from './AgendaRow';
import { AssignDialog } from './AssignDialog';
import type { DeskActions } from './actions';
import { CopyDialog } from './CopyDialog';
import { fileDrop } from './fileDrop';
import { ItemEditor } from './ItemEditor';
import { inOrder, moved } from './order';
import { editable } from './standing';
import { Total } from './Total';
import { timetable } from './timetable';
import type { UploadQueue } from './uploads';
import { useReorder } from './useReorder';

export interface AgendaProps {
  snapshot: Snapshot;
  /** Shows the secretary's tools. */
  prepare: boolean;
  actions: DeskActions;
  uploads: UploadQueue;
  /** Id of the item whose form is open, `new` for that of a new one. */
  editing: string | null;
  onEdit: (item: string | null) => void;
}

/** The agenda with its papers. The secretary adds, changes and orders items, by drag or by keyboard. */
export function Agenda({ snapshot, prepare, actions, uploads, editing, onEdit }: AgendaProps): VNode {
  const [deleting, setDeleting] = useState<AgendaItem | null>(null);
  const [assigning, setAssigning] = useState<File[] | null>(null);
  const [copying, setCopying] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const { items, busy, error, move } = useOrder(snapshot, actions);
  const reorder = useReorder(() => list.current, (from, to) => void move(from, to));
  const { slots, ...total } = timetable(snapshot.meeting, items);
  const open = items.filter((item) => editable(snapshot.meeting.state, item));

  return (
    <div {...(prepare ? fileDrop((files) => setAssigning(files)) : {})}>
      <Card
        title={t('desk-agenda')}
        aside={
          prepare ? (
            <div class="actions">
              <Button kind="quiet" icon={CopyPlus} onClick={() => setCopying(true)} data-testid="copy-meeting">
                {t('copy-open')}
              </Button>
              <Button icon={Plus} onClick={() => onEdit('new')} data-testid="add-item">
                {t('agenda-add')}
              </Button>
            </div>
          ) : null
        }
      >
        <ErrorBanner error={error} />
        {prepare && items.length > 1 ? (
          <p class="visually-hidden" id="agenda-how">
            {t('agenda-how')}
          </p>
        ) : null}
        {items.length === 0 && editing !== 'new' ? (
          <EmptyState icon={ListOrdered} title={t('agenda-none')}>
            <p>{t(prepare ? 'agenda-none-secretary' : 'agenda-none-text')}</p>
          </EmptyState>
        ) : null}
        <ol class="agenda" ref={list}>
          {items.map((item, index) => (
            <AgendaRow
              key={item.id}
              snapshot={snapshot}
              item={item}
              index={index}
              count={items.length}
              slot={slots[index] ?? null}
              prepare={prepare}
              busy={busy}
              editing={editing === item.id}
              dragging={reorder.dragging}
              grip={reorder.grip(index)}
              actions={actions}
              uploads={uploads}
              onMove={(by) => void move(index, index + by)}
              onCancelDrag={reorder.cancel}
              onEdit={onEdit}
              onDelete={() => setDeleting(item)}
            />
          ))}
        </ol>
        {editing === 'new' ? (
          <ItemEditor participants={snapshot.participants} onSubmit={actions.addItem} onClose={() => onEdit(null)} />
        ) : null}
        {items.length > 0 ? <Total {...total} meeting={snapshot.meeting} /> : null}
        {prepare && open.length > 0 ? <p class="muted agenda__hint">{t('upload-drop-hint')}</p> : null}
      </Card>
      {copying ? <CopyDialog meetingId={snapshot.meeting.id} onCopy={actions.copy} onClose={() => setCopying(false)} /> : null}
      {assigning ? <AssignDialog files={assigning} items={open} queue={uploads} onClose={() => setAssigning(null)} /> : null}
      {deleting ? (
        <ConfirmDialog
          title={t('agenda-delete-item', { title: deleting.title })}
          confirm={t('common-delete')}
          danger
          onConfirm={() => actions.deleteItem(deleting.id)}
          onClose={() => setDeleting(null)}
          data-testid="delete-item-confirm"
        >
          <p>{t('agenda-delete-question')}</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

/** The items in the order that the reader has just given them, until the hub's own arrives. */
function useOrder(snapshot: Snapshot, actions: DeskActions) {
  const { busy, error, run } = useAction();
  const [wanted, setWanted] = useState<string[] | null>(null);
  const focused = useRef<HTMLElement | null>(null);
  const items = wanted ? inOrder(snapshot.items, wanted) : snapshot.items.toSorted((one, other) => one.position - other.position);

  // Moving a row in the page takes the focus from what is inside it.
  useLayoutEffect(() => {
    if (focused.current?.isConnected && document.activeElement !== focused.current) focused.current.focus();
  });

  async function move(from: number, to: number): Promise<void> {
    const item = items[from];
    if (!item || busy || from === to || to < 0 || to >= items.length) return;
    focused.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const order = moved(items, from, to).map(({ id }) => id);
    setWanted(order);
    const done = await run(() => actions.order(order));
    setWanted(null);
    if (done) announce(t('agenda-moved', { title: item.hidden ? t('agenda-hidden') : item.title, position: to + 1 }));
    setTimeout(() => {
      focused.current = null;
    }, 500);
  }

  return { items, busy, error, move };
}
