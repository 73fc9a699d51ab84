import { FileUp } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { AgendaItem } from '../../protocol/generated';
import { Button, Dialog, Select } from '../../ui';
import { likelyItem, shownName, type UploadQueue } from './uploads';

export interface AssignDialogProps {
  files: File[];
  /** The items that take papers. */
  items: AgendaItem[];
  queue: UploadQueue;
  onClose: () => void;
}

/** Says which item each of several dropped files belongs to; names that begin with a number are suggested. */
export function AssignDialog({ files, items, queue, onClose }: AssignDialogProps): VNode {
  const readable = items.filter(({ hidden }) => !hidden);
  const [chosen, setChosen] = useState(() => files.map((file) => likelyItem(file.name, readable)?.id ?? ''));
  const options = [
    { value: '', text: t('assign-none') },
    ...readable.map(({ id, position, title }) => ({ value: id, text: `${position}. ${title}` })),
  ];

  function submit(event: Event): void {
    event.preventDefault();
    for (const [index, file] of files.entries()) if (chosen[index]) queue.add([file], { itemId: chosen[index] });
    onClose();
  }

  return (
    <Dialog title={t('assign-title', { count: files.length })} onClose={onClose} wide>
      <form class="form" onSubmit={submit}>
        {files.map((file, index) => (
          <Select
            key={index}
            label={<bdi>{shownName(file)}</bdi>}
            value={chosen[index] ?? ''}
            options={options}
            onValue={(value) => setChosen(chosen.with(index, value))}
            data-testid="assign-item"
          />
        ))}
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onClose}>
            {t('common-cancel')}
          </Button>
          <Button kind="primary" type="submit" icon={FileUp} disabled={!chosen.some(Boolean)} data-testid="assign-upload">
            {t('assign-upload')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
