import { RotateCw } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { MailLine, MailList } from '../../protocol/generated';
import { Badge, Button, Card, ErrorBanner, notify, useAction, useLoad } from '../../ui';

const REFRESH_MS = 15_000;

/** Whether the invitations reached everybody: what went out, what waits, what failed and why. */
export function Mail({ meetingId, revision }: { meetingId: string; revision: number }): VNode | null {
  const { data, error, reload } = useLoad((signal) => api.get<MailList>(`/meetings/${meetingId}/mail`, signal), meetingId);
  const action = useAction();
  const waiting = data?.messages.some(({ state }) => state === 'waiting') ?? false;
  useEffect(() => {
    void reload();
    if (!waiting) return undefined;
    const timer = setInterval(() => void reload(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [revision, waiting, reload]);
  if (!data || data.messages.length === 0) return error ? <ErrorBanner error={error} onRetry={() => void reload()} /> : null;

  async function again(): Promise<void> {
    if (await action.run(() => api.post(`/meetings/${meetingId}/mail/retries`))) notify(t('mail-again-done'));
    void reload();
  }

  const count = (state: MailLine['state']) => data.messages.filter((line) => line.state === state).length;
  const stuck = data.messages.filter((line) => line.state === 'failed' || (line.state === 'waiting' && line.error));
  return (
    <Card title={t('mail-title')} class="desk__late" data-testid="mail">
      <div class="stack">
        <p class="mail__counts">
          <Badge tone="success">{t(data.byFile ? 'mail-written' : 'mail-sent', { count: count('sent') })}</Badge>
          {count('waiting') > 0 ? <Badge>{t('mail-waiting', { count: count('waiting') })}</Badge> : null}
          {count('failed') > 0 ? <Badge tone="danger">{t('mail-failed', { count: count('failed') })}</Badge> : null}
        </p>
        {data.byFile ? <p class="muted">{t('mail-by-file')}</p> : null}
        <ErrorBanner error={action.error} />
        {stuck.length > 0 ? (
          <>
            <ul class="mail__list">
              {stuck.map((line) => (
                <li key={line.id}>
                  <strong>
                    <bdi>{line.name}</bdi>
                  </strong>
                  <span class="muted"> {reason(line)}</span>
                </li>
              ))}
            </ul>
            <Button icon={RotateCw} busy={action.busy} onClick={() => void again()} data-testid="mail-again">
              {t('mail-again')}
            </Button>
          </>
        ) : null}
      </div>
    </Card>
  );
}

function reason({ error }: MailLine): string {
  const id = `mail-error-${(error ?? '').replaceAll('_', '-')}`;
  return hasText(id) ? t(id) : t('mail-error-other');
}
