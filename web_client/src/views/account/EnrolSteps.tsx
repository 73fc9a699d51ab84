import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { errorText, t } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import type { Enrolment } from '../../protocol/generated';
import { Button, ErrorBanner, TextInput, useAction } from '../../ui';
import { beginEnrolment, confirmEnrolment } from './actions';
import { QrCode } from './QrCode';
import { RecoveryCodesView } from './RecoveryCodesView';

export interface EnrolStepsProps {
  /** What to know before beginning. */
  intro: string;
  /** What the last button says. */
  done: string;
  onDone: () => void;
}

/** Sets up an authenticator: the secret goes into the app, the app's first code comes back, then recovery codes. */
export function EnrolSteps({ intro, done, onDone }: EnrolStepsProps): VNode {
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { busy, error, run } = useAction();

  if (codes) return <RecoveryCodesView codes={codes} done={done} onDone={onDone} />;
  if (enrolment) {
    return (
      <Confirm
        enrolment={enrolment}
        onCode={async (code) => setCodes((await confirmEnrolment(code)).codes)}
        onAgain={() => setEnrolment(null)}
      />
    );
  }
  return (
    <div class="form">
      <p>{intro}</p>
      <ErrorBanner error={error} />
      <div class="actions">
        <Button
          kind="primary"
          busy={busy}
          data-testid="enrol-begin"
          onClick={() => void run(async () => setEnrolment(await beginEnrolment()))}
        >
          {t('account-enrol-begin')}
        </Button>
      </div>
    </div>
  );
}

interface ConfirmProps {
  enrolment: Enrolment;
  onCode: (code: string) => Promise<void>;
  onAgain: () => void;
}

function Confirm({ enrolment, onCode, onAgain }: ConfirmProps): VNode {
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const outdated = error instanceof ApiError && error.code === 'no_enrolment';
  const beside = error instanceof ApiError && error.code === 'wrong_code' ? errorText(error) : null;

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setMissing(!code.trim());
    if (code.trim() && !(await run(() => onCode(code.trim())))) setCode('');
  }

  return (
    <form class="form" onSubmit={submit} noValidate>
      <ol class="enrol">
        <li>
          <p>{t('account-enrol-scan')}</p>
          <QrCode rows={enrolment.qr} />
          <p class="muted">{t('account-enrol-type')}</p>
          <code class="enrol__secret" dir="ltr" data-testid="enrol-secret">
            {enrolment.secret.match(/.{1,4}/gu)?.join(' ')}
          </code>
        </li>
        <li>
          <TextInput
            label={t('account-enrol-code')}
            hint={t('account-enrol-code-hint')}
            name="one-time-code"
            autocomplete="one-time-code"
            inputMode="numeric"
            autofocus
            spellcheck={false}
            maxLength={10}
            value={code}
            error={missing && !code ? t('code-missing') : beside}
            onValue={setCode}
            data-testid="enrol-code"
          />
        </li>
      </ol>
      {beside === null ? <ErrorBanner error={error} {...(outdated ? { onRetry: onAgain } : {})} /> : null}
      <div class="actions actions--end">
        <Button kind="primary" type="submit" busy={busy} data-testid="enrol-confirm">
          {t('account-enrol-confirm')}
        </Button>
      </div>
    </form>
  );
}
