import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { AgendaItem, ItemState } from '../../protocol/generated';
import { Button, Dialog, ErrorBanner, Select, TextArea, useAction } from '../../ui';
import type { RoomView } from './model';

const CONCLUSIONS: readonly ItemState[] = ['decided', 'noted', 'deferred', 'withdrawn', 'pending'];

interface ConcludeProps {
  room: RoomView;
  item: AgendaItem;
  onClose: () => void;
}

/** How an item ends: decided, noted, deferred, withdrawn, or put back; with a sentence for the minutes. */
export function ConcludeDialog({ room, item, onClose }: ConcludeProps): VNode {
  const offered = CONCLUSIONS.filter((state) => state !== 'decided' || item.kind !== 'information');
  const [to, setTo] = useState<ItemState>(item.kind === 'decision' ? 'decided' : 'noted');
  const [outcome, setOutcome] = useState('');
  const action = useAction();
  const conclude = async (event: Event) => {
    event.preventDefault();
    const done = await action.run(() => room.meeting.request('item.state', { itemId: item.id, to, outcome }));
    if (done) onClose();
  };
  return (
    <Dialog title={t('room-conclude-title', { title: item.title })} onClose={onClose}>
      <form class="form" onSubmit={conclude}>
        <Select
          label={t('room-conclude-how')}
          value={to}
          options={offered.map((state) => ({ value: state, text: t(`room-conclude-${state}`) }))}
          onValue={(state) => setTo(state as ItemState)}
          data-testid="conclude-how"
        />
        <TextArea
          label={t('room-conclude-outcome')}
          hint={t('room-conclude-outcome.hint')}
          optional
          value={outcome}
          onValue={setOutcome}
          rows={4}
        />
        <ErrorBanner error={action.error} />
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onClose}>
            {t('common-cancel')}
          </Button>
          <Button kind="primary" type="submit" busy={action.busy} data-testid="conclude-confirm">
            {t('room-item-conclude')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
