import { RefreshCw, ShieldCheck, ShieldOff, Smartphone } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { Account } from '../../protocol/generated';
import { loadSession } from '../../state/session';
import { Badge, Button, Card, ConfirmDialog, DateTime, Dialog, ErrorBanner, notify, useAction } from '../../ui';
import { removeFactor, renewRecoveryCodes } from './actions';
import { EnrolSteps } from './EnrolSteps';
import { RecoveryCodesView } from './RecoveryCodesView';

export interface SecondFactorCardProps {
  account: Account;
  onChanged: () => Promise<void>;
}

const FEW = 3;

/** The authenticator and the recovery codes: set up, replace, remove, renew. */
export function SecondFactorCard({ account, onChanged }: SecondFactorCardProps): VNode {
  const [open, setOpen] = useState<'enrol' | 'remove' | null>(null);
  const since = account.authenticatorSince;

  async function changed(): Promise<void> {
    setOpen(null);
    await loadSession();
    await onChanged();
  }

  return (
    <Card title={t('account-factor-title')} aside={<State on={since !== null} />} data-testid="second-factor">
      <div class="stack">
        <p>{t(since ? 'account-factor-on-text' : 'account-factor-off-text')}</p>
        {since ? (
          <p class="muted">
            {t('account-factor-since')} <DateTime at={since} />
          </p>
        ) : null}
        <div class="actions">
          <Button icon={Smartphone} onClick={() => setOpen('enrol')} data-testid="factor-enrol">
            {t(since ? 'account-factor-replace' : 'account-factor-enrol')}
          </Button>
          {since && !account.enforced ? (
            <Button kind="quiet" icon={ShieldOff} onClick={() => setOpen('remove')} data-testid="factor-remove">
              {t('account-factor-remove')}
            </Button>
          ) : null}
        </div>
        {since && account.enforced ? <p class="muted">{t('account-factor-enforced')}</p> : null}
      </div>
      {since ? <RecoveryCodes left={account.recoveryCodesLeft} onChanged={onChanged} /> : null}
      {open === 'enrol' ? (
        <Dialog title={t(since ? 'account-factor-replace' : 'account-factor-enrol')} onClose={() => void changed()}>
          <EnrolSteps
            intro={t(since ? 'account-factor-replace-text' : 'account-enrol-what')}
            done={t('account-enrol-done')}
            onDone={() => void changed()}
          />
        </Dialog>
      ) : null}
      {open === 'remove' ? (
        <ConfirmDialog
          title={t('account-factor-remove')}
          confirm={t('account-factor-remove')}
          danger
          onConfirm={async () => {
            await removeFactor();
            await changed();
            notify(t('account-factor-removed'));
          }}
          onClose={() => setOpen(null)}
          data-testid="factor-remove-confirm"
        >
          <p>{t('account-factor-remove-text')}</p>
        </ConfirmDialog>
      ) : null}
    </Card>
  );
}

function State({ on }: { on: boolean }): VNode {
  return on ? (
    <Badge tone="success" icon={ShieldCheck}>
      {t('account-factor-on')}
    </Badge>
  ) : (
    <Badge icon={ShieldOff}>{t('account-factor-off')}</Badge>
  );
}

function RecoveryCodes({ left, onChanged }: { left: number; onChanged: () => Promise<void> }): VNode {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { busy, error, run } = useAction();

  async function done(): Promise<void> {
    setCodes(null);
    await onChanged();
  }

  return (
    <div class="account__part">
      <h3>{t('account-recovery-title')}</h3>
      <p data-testid="recovery-left">
        {t('account-recovery-left', { left })} {left <= FEW ? <strong>{t('account-recovery-few')}</strong> : null}
      </p>
      <ErrorBanner error={error} />
      <div class="actions">
        <Button
          icon={RefreshCw}
          busy={busy}
          data-testid="recovery-renew"
          onClick={() => void run(async () => setCodes((await renewRecoveryCodes()).codes))}
        >
          {t('account-recovery-renew')}
        </Button>
      </div>
      <p class="muted">{t('account-recovery-renew-text')}</p>
      {codes ? (
        <Dialog title={t('account-recovery-title')} onClose={() => void done()}>
          <RecoveryCodesView codes={codes} done={t('account-enrol-done')} onDone={() => void done()} />
        </Dialog>
      ) : null}
    </div>
  );
}
