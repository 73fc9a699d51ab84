import { Save } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { AgendaItem, Paper } from '../../protocol/generated';
import { Button, Dialog, ErrorBanner, Select, TextInput, useAction } from '../../ui';
import type { DeskActions } from './actions';
import { moved } from './order';
import type { UploadQueue } from './uploads';
import { Uploads } from './Uploads';

export interface PaperDialogProps {
  paper: Paper;
  /** The item it hangs on, and all others. */
  item: AgendaItem;
  items: AgendaItem[];
  actions: DeskActions;
  uploads: UploadQueue;
  onClose: () => void;
}

/** Renames a paper, puts it elsewhere, or takes in its next version. */
export function PaperDialog({ paper, item, items, actions, uploads, onClose }: PaperDialogProps): VNode {
  const place = item.papers.findIndex(({ id }) => id === paper.id);
  const [title, setTitle] = useState(paper.title);
  const [itemId, setItemId] = useState(item.id);
  const [position, setPosition] = useState(String(place));
  const { busy, error, run } = useAction();
  const missing = !title.trim();
  const targets = items.filter(({ hidden }) => !hidden).toSorted((one, other) => one.position - other.position);

  async function save(): Promise<void> {
    const patch = { ...(title.trim() === paper.title ? {} : { title: title.trim() }), ...(itemId === item.id ? {} : { itemId }) };
    if (Object.keys(patch).length > 0) await actions.changePaper(paper.id, patch);
    if (itemId !== item.id || Number(position) === place) return;
    await actions.orderPapers(item.id, moved(item.papers, place, Number(position)).map(({ id }) => id));
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!missing && (await run(save))) onClose();
  }

  return (
    <Dialog title={t('paper-change', { title: paper.title })} onClose={onClose}>
      <form class="form" onSubmit={submit} noValidate>
        <TextInput
          label={t('item-title')}
          value={title}
          maxLength={200}
          autofocus
          error={missing ? t('paper-title-missing') : null}
          onValue={setTitle}
          data-testid="paper-title"
        />
        <Select
          label={t('paper-item')}
          value={itemId}
          options={targets.map(({ id, position: number, title: text }) => ({ value: id, text: `${number}. ${text}` }))}
          onValue={setItemId}
          data-testid="paper-item"
        />
        {itemId === item.id && item.papers.length > 1 ? (
          <Select
            label={t('paper-place')}
            value={position}
            options={item.papers.map((_, index) => ({ value: String(index), text: String(index + 1) }))}
            onValue={setPosition}
          />
        ) : null}
        <Uploads queue={uploads} target={{ itemId: item.id, paperId: paper.id }} title={paper.title} />
        <ErrorBanner error={error} />
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onClose}>
            {t('common-cancel')}
          </Button>
          <Button kind="primary" type="submit" icon={Save} busy={busy} data-testid="save-paper">
            {t('common-save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
