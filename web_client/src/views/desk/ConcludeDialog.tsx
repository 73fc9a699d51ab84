import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { AgendaItem, ItemState, MeetingState } from '../../protocol/generated';
import { Button, Dialog, ErrorBanner, Select, TextArea, useAction } from '../../ui';
import { conclusions } from './standing';

interface ConcludeProps {
  item: AgendaItem;
  /** Where the meeting stands: after it nothing is put back. */
  state: MeetingState;
  onConclude: (to: ItemState, outcome: string) => Promise<unknown>;
  onClose: () => void;
}

/** How an item ends: decided, noted, deferred, withdrawn, or put back; with a sentence for the minutes. */
export function ConcludeDialog({ item, state, onConclude, onClose }: ConcludeProps): VNode {
  const offered = conclusions(item, state);
  const [to, setTo] = useState<ItemState>(offered[0] ?? 'noted');
  const [outcome, setOutcome] = useState('');
  const action = useAction();
  const conclude = async (event: Event) => {
    event.preventDefault();
    if (await action.run(() => onConclude(to, outcome))) onClose();
  };
  return (
    <Dialog title={t('room-conclude-title', { title: item.title })} onClose={onClose}>
      <form class="form" onSubmit={conclude}>
        <Select
          label={t('room-conclude-how')}
          value={to}
          options={offered.map((one) => ({ value: one, text: t(`room-conclude-${one}`) }))}
          onValue={(chosen) => setTo(chosen as ItemState)}
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
