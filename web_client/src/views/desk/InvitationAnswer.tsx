import { Check, X } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { Participant, Response } from '../../protocol/generated';
import { Button, Card, ErrorBanner, notify, TextArea, useAction } from '../../ui';
import { ResponseBadge } from './badges';

export interface InvitationAnswerProps {
  self: Participant;
  onAnswer: (response: Response, reason: string) => Promise<void>;
}

/** Accepts or declines the invitation; declining asks for a reason. The answer may be changed. */
export function InvitationAnswer({ self, onAnswer }: InvitationAnswerProps): VNode {
  const [open, setOpen] = useState(self.response === 'invited');
  const [declining, setDeclining] = useState(false);
  const { busy, error, run } = useAction();

  async function send(response: Response, reason = ''): Promise<void> {
    if (!(await run(() => onAnswer(response, reason)))) return;
    setOpen(false);
    setDeclining(false);
    notify(t('answer-sent'));
  }

  const answered = self.response !== 'invited';
  return (
    <Card title={t('answer-title')} aside={answered ? <ResponseBadge response={self.response} /> : null}>
      <div class="stack">
        {answered && !open ? (
          <p>{t(self.response === 'accepted' ? 'answer-accepted' : 'answer-declined')}</p>
        ) : (
          <p>{t('answer-question')}</p>
        )}
        <ErrorBanner error={error} />
        {answered && !open ? (
          <div class="actions">
            <Button kind="quiet" onClick={() => setOpen(true)}>
              {t('answer-change')}
            </Button>
          </div>
        ) : declining ? (
          <DeclineForm busy={busy} onSend={(reason) => send('declined', reason)} onCancel={() => setDeclining(false)} />
        ) : (
          <div class="actions">
            <Button icon={Check} busy={busy} onClick={() => void send('accepted')} data-testid="accept-invitation">
              {t('answer-accept')}
            </Button>
            <Button icon={X} onClick={() => setDeclining(true)} data-testid="decline-invitation">
              {t('answer-decline')}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

interface DeclineFormProps {
  busy: boolean;
  onSend: (reason: string) => Promise<void>;
  onCancel: () => void;
}

function DeclineForm({ busy, onSend, onCancel }: DeclineFormProps): VNode {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const missing = tried && !reason.trim();

  function submit(event: Event): void {
    event.preventDefault();
    setTried(true);
    if (reason.trim()) void onSend(reason.trim());
  }

  return (
    <form class="form" onSubmit={submit} noValidate>
      <TextArea
        label={t('answer-reason')}
        value={reason}
        maxLength={500}
        rows={2}
        autofocus
        error={missing ? t('answer-reason-missing') : null}
        onValue={setReason}
      />
      <div class="actions">
        <Button type="submit" busy={busy}>
          {t('answer-send')}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          {t('common-cancel')}
        </Button>
      </div>
    </form>
  );
}
