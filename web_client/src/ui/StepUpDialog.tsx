import { KeyRound } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { errorText, t } from '../i18n';
import type { StepUp } from '../protocol/generated';
import { Button } from './Button';
import { CodeField } from './CodeField';
import { Dialog } from './Dialog';
import { TextInput } from './Field';

export interface StepUpDialogProps {
  /** The reader has a second factor, so that the password is not enough. */
  byCode: boolean;
  /** Proves the presence; a refusal is worded beside the field. */
  onSubmit: (proof: StepUp) => Promise<void>;
  onCancel: () => void;
}

/** Asks who is there once more before something that binds: signing, convening, reading the audit log. */
export function StepUpDialog({ byCode, onSubmit, onCancel }: StepUpDialogProps): VNode {
  const [proof, setProof] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if (!proof) {
      setError(t(byCode ? 'code-missing' : 'stepup-password-missing'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await onSubmit(byCode ? { code: proof } : { password: proof });
    } catch (failure) {
      setError(errorText(failure));
      setProof('');
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={t('stepup-title')} onClose={onCancel}>
      <form class="form" onSubmit={submit} noValidate>
        <p>{t(byCode ? 'stepup-why-code' : 'stepup-why')}</p>
        {byCode ? (
          <CodeField value={proof} error={error} onValue={setProof} recovery data-testid="stepup-code" />
        ) : (
          <TextInput
            label={t('stepup-password')}
            type="password"
            autocomplete="current-password"
            autofocus
            value={proof}
            error={error}
            onValue={setProof}
            data-testid="stepup-password"
          />
        )}
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onCancel}>
            {t('common-cancel')}
          </Button>
          <Button kind="primary" type="submit" icon={KeyRound} busy={busy} data-testid="stepup-submit">
            {t('stepup-submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
