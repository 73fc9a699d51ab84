import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../../i18n';
import type { Poll } from '../../../protocol/generated';
import { Button, Dialog, ErrorBanner, TextArea, useAction } from '../../../ui';
import type { RoomView } from '../model';

interface AnnulProps {
  room: RoomView;
  poll: Poll;
  onClose: () => void;
}

/** Ends a poll without a result; why is told to everybody. */
export function AnnulDialog({ room, poll, onClose }: AnnulProps): VNode {
  const [reason, setReason] = useState('');
  const action = useAction();
  const annul = async (event: Event) => {
    event.preventDefault();
    const body = { pollId: poll.id, reason: reason.trim() };
    if (await action.run(() => room.meeting.request('poll.annul', body))) onClose();
  };
  return (
    <Dialog title={t('room-poll-annul-title', { title: poll.title })} onClose={onClose}>
      <form class="form" onSubmit={annul}>
        <p>{t('room-poll-annul-text')}</p>
        <TextArea
          label={t('room-poll-annul-reason')}
          value={reason}
          onValue={setReason}
          required
          rows={2}
          maxLength={500}
          autofocus
          data-testid="annul-reason"
        />
        <ErrorBanner error={action.error} />
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onClose}>
            {t('common-cancel')}
          </Button>
          <Button kind="danger" type="submit" busy={action.busy} disabled={!reason.trim()} data-testid="annul-confirm">
            {t('room-poll-annul')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
