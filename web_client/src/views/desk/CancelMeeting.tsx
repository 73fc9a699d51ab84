import { CalendarX } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Button, ConfirmDialog, TextArea } from '../../ui';

/** Cancels the meeting, with a reason that everybody invited reads. */
export function CancelMeeting({ onCancel }: { onCancel: (reason: string) => Promise<void> }): VNode {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button kind="quiet" icon={CalendarX} onClick={() => setAsking(true)} data-testid="cancel-meeting">
        {t('desk-cancel')}
      </Button>
      {asking ? <CancelDialog onConfirm={onCancel} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function CancelDialog({ onConfirm, onClose }: { onConfirm: (reason: string) => Promise<void>; onClose: () => void }): VNode {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);

  function ready(): boolean {
    setMissing(!reason.trim());
    return Boolean(reason.trim());
  }

  return (
    <ConfirmDialog
      title={t('desk-cancel')}
      confirm={t('desk-cancel-confirm')}
      dismiss={t('desk-keep')}
      danger
      ready={ready}
      onConfirm={() => onConfirm(reason.trim())}
      onClose={onClose}
      data-testid="cancel-confirm"
    >
      <TextArea
        label={t('desk-cancel-reason')}
        rows={3}
        maxLength={500}
        value={reason}
        error={missing ? t('desk-cancel-reason-missing') : null}
        onValue={setReason}
        data-testid="cancel-reason"
      />
    </ConfirmDialog>
  );
}
