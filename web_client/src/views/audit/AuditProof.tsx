import { Download, FileCheck, ShieldCheck } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api, apiUrl } from '../../protocol/http';
import type { AuditCheck, AuditProgress, Comparison } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Button, buttonClass, Card, ErrorBanner, Icon, Progress, useAction } from '../../ui';
import { CheckResult } from './CheckResult';

const ASK_EVERY_MS = 500;

/** Proof that the log is whole: the checkpoint to keep elsewhere, and the verification against it or the hub's own. */
export function AuditProof(): VNode {
  const [check, setCheck] = useState<AuditCheck | null>(null);
  const [share, setShare] = useState<number | undefined>(undefined);
  const file = useRef<HTMLInputElement>(null);
  const { busy, error, run } = useAction();
  useProgress(busy, setShare);

  function verify(ask: () => Promise<AuditCheck>): Promise<boolean> {
    setCheck(null);
    setShare(undefined);
    return run(async () => {
      setCheck(await withStepUp(ask));
    });
  }

  async function compare(input: HTMLInputElement): Promise<void> {
    const chosen = input.files?.[0];
    if (!chosen) return;
    const body: Comparison = { checkpoint: await chosen.text() };
    input.value = '';
    await verify(() => api.post<AuditCheck>('/audit/comparison', body));
  }

  return (
    <Card title={t('audit-proof')}>
      <div class="stack">
        <p class="muted">{t('audit-proof-text')}</p>
        <div class="actions">
          <Button
            kind="primary"
            icon={ShieldCheck}
            busy={busy}
            onClick={() => void verify(() => api.post<AuditCheck>('/audit/verification'))}
            data-testid="audit-verify"
          >
            {t('audit-verify')}
          </Button>
          <Button icon={FileCheck} busy={busy} onClick={() => file.current?.click()} data-testid="audit-compare">
            {t('audit-compare')}
          </Button>
          <input
            ref={file}
            type="file"
            accept=".txt,text/plain"
            class="visually-hidden"
            tabIndex={-1}
            aria-label={t('audit-compare')}
            data-testid="audit-compare-file"
            onChange={(event) => void compare(event.currentTarget)}
          />
          <a class={buttonClass('quiet')} href={apiUrl('/audit/checkpoint')} download data-testid="audit-checkpoint">
            <Icon icon={Download} />
            {t('audit-checkpoint')}
          </a>
        </div>
        {busy ? <Progress label={t('audit-verifying')} value={share} /> : null}
        <ErrorBanner error={error} />
        {check ? <CheckResult check={check} /> : null}
        <details class="disclosure">
          <summary>{t('audit-not-proved')}</summary>
          <ul class="audit__limits">
            <li>{t('audit-not-proved-tail')}</li>
            <li>{t('audit-not-proved-omitted')}</li>
            <li>{t('audit-not-proved-erased')}</li>
          </ul>
        </details>
      </div>
    </Card>
  );
}

/** While a verification runs, ask how far it has come. */
function useProgress(busy: boolean, tell: (share: number | undefined) => void): void {
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setInterval(() => {
      api.get<AuditProgress>('/audit/verification').then(
        ({ running, checked, size }) => tell(running && size > 0 ? Math.min(checked / size, 1) : undefined),
        () => tell(undefined),
      );
    }, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [busy]);
}
