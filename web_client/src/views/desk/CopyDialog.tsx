import { CopyPlus } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatDate, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { Copied, Copy, MeetingList } from '../../protocol/generated';
import { Button, Checkbox, Dialog, EmptyState, ErrorBanner, Loading, notify, Select, useAction, useLoad } from '../../ui';

export interface CopyDialogProps {
  meetingId: string;
  onCopy: (body: Copy) => Promise<Copied>;
  onClose: () => void;
}

/** Takes over agenda and participants from an earlier meeting. */
export function CopyDialog({ meetingId, onCopy, onClose }: CopyDialogProps): VNode {
  const { data, error, reload } = useLoad((signal) => api.get<MeetingList>('/meetings', signal), 'meetings');
  const others = (data?.meetings ?? []).filter(({ id }) => id !== meetingId);
  return (
    <Dialog title={t('copy-title')} onClose={onClose}>
      <ErrorBanner error={error} onRetry={() => void reload()} />
      {data === null ? error ? null : <Loading /> : null}
      {data && others.length === 0 ? <EmptyState icon={CopyPlus} title={t('copy-none')} /> : null}
      {others.length > 0 ? <CopyForm meetings={others} onCopy={onCopy} onClose={onClose} /> : null}
    </Dialog>
  );
}

interface CopyFormProps extends Omit<CopyDialogProps, 'meetingId'> {
  meetings: MeetingList['meetings'];
}

function CopyForm({ meetings, onCopy, onClose }: CopyFormProps): VNode {
  const [from, setFrom] = useState(meetings[0]?.id ?? '');
  const [agenda, setAgenda] = useState(true);
  const [invitees, setInvitees] = useState(true);
  const { busy, error, run } = useAction();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const done = await run(async () => {
      const copied = await onCopy({ fromMeetingId: from, agenda, invitees });
      notify(t('copy-done', { items: copied.items, people: copied.invitees }));
    });
    if (done) onClose();
  }

  return (
    <form class="form" onSubmit={submit}>
      <Select
        label={t('copy-from')}
        value={from}
        options={meetings.map(({ id, title, startsAt, zone }) => ({ value: id, text: `${title} (${formatDate(startsAt, zone)})` }))}
        onValue={setFrom}
        data-testid="copy-from"
      />
      <Checkbox label={t('copy-agenda')} hint={t('copy-agenda-hint')} checked={agenda} onValue={setAgenda} />
      <Checkbox label={t('copy-invitees')} checked={invitees} onValue={setInvitees} />
      <ErrorBanner error={error} />
      <div class="actions actions--end">
        <Button kind="quiet" onClick={onClose}>
          {t('common-cancel')}
        </Button>
        <Button kind="primary" type="submit" icon={CopyPlus} busy={busy} disabled={!agenda && !invitees} data-testid="copy-confirm">
          {t('copy-confirm')}
        </Button>
      </div>
    </form>
  );
}
