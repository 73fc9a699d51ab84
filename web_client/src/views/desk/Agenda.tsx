import { ListOrdered, Plus } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { AgendaItem, Snapshot } from '../../protocol/generated';
import { announce, Button, Card, ConfirmDialog, EmptyState, ErrorBanner, useAction } from '../../ui';
import './agenda.css';
import { AgendaRow } from './AgendaRow';
import type { DeskActions } from './actions';
import { ItemDialog } from './ItemDialog';
import { moved } from './order';

export interface AgendaProps {
  snapshot: Snapshot;
  /** Shows the secretary's tools. */
  prepare: boolean;
  actions: DeskActions;
}

/** The agenda with its papers. The secretary adds, changes and orders items, by drag or by button. */
export function Agenda({ snapshot, prepare, actions }: AgendaProps): VNode {
  const [editing, setEditing] = useState<AgendaItem | 'new' | null>(null);
  const [deleting, setDeleting] = useState<AgendaItem | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const { busy, error, run } = useAction();
  const items = snapshot.items.toSorted((one, other) => one.position - other.position);

  async function move(from: number, to: number): Promise<void> {
    const item = items[from];
    if (!item || from === to || to < 0 || to >= items.length) return;
    const order = moved(items, from, to).map(({ id }) => id);
    if (await run(() => actions.order(order))) announce(t('agenda-moved', { title: item.title, position: to + 1 }));
  }

  function drop(to: number): void {
    if (dragged !== null) void move(dragged, to);
    setDragged(null);
  }

  return (
    <Card
      title={t('desk-agenda')}
      aside={
        prepare ? (
          <Button icon={Plus} onClick={() => setEditing('new')} data-testid="add-item">
            {t('agenda-add')}
          </Button>
        ) : null
      }
    >
      <ErrorBanner error={error} />
      {items.length === 0 ? (
        <EmptyState icon={ListOrdered} title={t('agenda-none')}>
          <p>{t(prepare ? 'agenda-none-secretary' : 'agenda-none-text')}</p>
        </EmptyState>
      ) : (
        <ol class="agenda">
          {items.map((item, index) => (
            <AgendaRow
              key={item.id}
              snapshot={snapshot}
              item={item}
              prepare={prepare}
              busy={busy}
              last={index === items.length - 1}
              dragged={dragged === index}
              actions={actions}
              onMove={(by) => void move(index, index + by)}
              onDragStart={() => setDragged(index)}
              onDragEnd={() => setDragged(null)}
              onDrop={dragged === null ? undefined : () => drop(index)}
              onEdit={() => setEditing(item)}
              onDelete={() => setDeleting(item)}
            />
          ))}
        </ol>
      )}
      {editing ? (
        <ItemDialog
          item={editing === 'new' ? undefined : editing}
          participants={snapshot.participants}
          onSubmit={(body) => (editing === 'new' ? actions.addItem(body) : actions.changeItem(editing.id, body))}
          onClose={() => setEditing(null)}
        />
      ) : null}
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
    </Card>
  );
}
