import { Download, ShieldCheck } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import { api, apiUrl } from '../../protocol/http';
import type { AuditCheck } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Banner, Button, buttonClass, Card, ErrorBanner, Icon, Progress, useAction } from '../../ui';

/** Proof that the log is whole: the signed checkpoint to keep elsewhere, and the verification now. */
export function AuditProof(): VNode {
  const [check, setCheck] = useState<AuditCheck | null>(null);
  const { busy, error, run } = useAction();

  function verify(): Promise<boolean> {
    setCheck(null);
    return run(async () => {
      setCheck(await withStepUp(() => api.post<AuditCheck>('/audit/verification')));
    });
  }

  return (
    <Card title={t('audit-proof')}>
      <div class="stack">
        <p class="muted">{t('audit-proof-text')}</p>
        <div class="actions">
          <Button icon={ShieldCheck} busy={busy} onClick={() => void verify()} data-testid="audit-verify">
            {t('audit-verify')}
          </Button>
          <a class={buttonClass('quiet')} href={apiUrl('/audit/checkpoint')} download data-testid="audit-checkpoint">
            <Icon icon={Download} />
            {t('audit-checkpoint')}
          </a>
        </div>
        {busy ? <Progress label={t('audit-verifying')} /> : null}
        <ErrorBanner error={error} />
        {check ? <CheckResult check={check} /> : null}
      </div>
    </Card>
  );
}

export function CheckResult({ check }: { check: AuditCheck }): VNode {
  const { ok, size, root, reason, index } = check;
  return (
    <div data-testid="audit-result" data-ok={ok ? 'true' : 'false'}>
      <Banner tone={ok ? 'success' : 'danger'} title={t(ok ? 'audit-ok' : 'audit-bad')}>
        {ok ? <p>{t('audit-ok-text', { size })}</p> : null}
        {index === null ? null : <p>{t('audit-bad-index', { index })}</p>}
        {ok ? null : <p>{t('audit-bad-todo')}</p>}
        {reason ? <p>{findingText(reason)}</p> : null}
        <p class="audit__root">{t('audit-root', { root })}</p>
      </Banner>
    </div>
  );
}

function findingText(reason: string): string {
  const id = `audit-bad-${reason}`;
  return hasText(id) ? t(id) : t('audit-bad-other', { reason });
}
