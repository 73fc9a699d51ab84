import { KeyRound } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { errorText, t } from '../i18n';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { TextInput } from './Field';

export interface StepUpDialogProps {
  /** Proves the presence with the password; a refusal is worded beside the field. */
  onSubmit: (password: string) => Promise<void>;
  onCancel: () => void;
}

/** Asks for the password once more before something that binds: signing, convening, reading the audit log. */
export function StepUpDialog({ onSubmit, onCancel }: StepUpDialogProps): VNode {
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if (!password) {
      setError(t('stepup-password-missing'));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await onSubmit(password);
    } catch (failure) {
      setError(errorText(failure));
      setPassword('');
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={t('stepup-title')} onClose={onCancel}>
      <form class="form" onSubmit={submit} noValidate>
        <p>{t('stepup-why')}</p>
        <TextInput
          label={t('stepup-password')}
          type="password"
          autocomplete="current-password"
          autofocus
          value={password}
          error={error}
          onValue={setPassword}
          data-testid="stepup-password"
        />
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
