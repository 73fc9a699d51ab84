import { LogIn } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { errorText, t } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import { Button, CodeField, ErrorBanner, useAction } from '../../ui';

export interface CodeFormProps {
  onCode: (code: string) => Promise<unknown>;
  /** Back to user name and password. */
  onBack: () => void;
}

/** The second step of signing in. A wrong code is said beside the field; what has run out leads back to the password. */
export function CodeForm({ onCode, onBack }: CodeFormProps): VNode {
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const expired = error instanceof ApiError && error.code === 'sign_in_expired';
  const beside = error instanceof ApiError && error.code === 'wrong_code' ? errorText(error) : null;

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setMissing(!code.trim());
    if (!code.trim() || expired) return;
    if (!(await run(() => onCode(code)))) setCode('');
  }

  return (
    <form class="card form signin__form" onSubmit={submit} noValidate>
      <h1>{t('signin-code-title')}</h1>
      {beside === null ? <ErrorBanner error={error} /> : null}
      {expired ? null : (
        <CodeField
          value={code}
          error={missing && !code ? t('code-missing') : beside}
          large
          recovery
          onValue={setCode}
          data-testid="signin-code"
        />
      )}
      {expired ? null : (
        <Button kind="primary" type="submit" large wide icon={LogIn} busy={busy} data-testid="signin-code-submit">
          {t('signin-submit')}
        </Button>
      )}
      <Button kind={expired ? 'primary' : 'quiet'} onClick={onBack} data-testid="signin-back">
        {t('signin-back')}
      </Button>
    </form>
  );
}
