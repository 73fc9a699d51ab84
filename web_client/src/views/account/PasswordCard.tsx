import { KeyRound } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { errorText, t } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import { changePassword } from '../../state/session';
import { Button, Card, Checkbox, ErrorBanner, notify, TextInput, useAction } from '../../ui';

const MIN_LENGTH = 12;
const ABOUT_NEXT = new Set(['weak_password', 'password_reused']);

/** Changes the password. What the hub does not take is said beside the field that it is about. */
export function PasswordCard({ barred, onChanged }: { barred: number; onChanged: () => void }): VNode {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, error, run, clear } = useAction();
  const code = error instanceof ApiError ? error.code : '';
  const type = shown ? 'text' : 'password';
  const tooShort = [...next].length < MIN_LENGTH ? t('account-password-short', { length: MIN_LENGTH }) : null;

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (!current || tooShort) return;
    if (!(await run(() => changePassword({ current, next })))) return;
    setCurrent('');
    setNext('');
    setTried(false);
    notify(t('account-password-changed'));
    onChanged();
  }

  return (
    <Card title={t('account-password-title')} data-testid="password">
      <form class="form account__form" onSubmit={submit} noValidate>
        <p>{t('account-password-text')}</p>
        {ABOUT_NEXT.has(code) || code === 'wrong_password' ? null : <ErrorBanner error={error} />}
        <TextInput
          label={t('account-password-current')}
          type={type}
          autocomplete="current-password"
          spellcheck={false}
          maxLength={256}
          value={current}
          error={
            tried && !current
              ? t('account-password-missing')
              : code === 'wrong_password'
                ? t('account-password-wrong')
                : null
          }
          onValue={(value) => {
            clear();
            setCurrent(value);
          }}
          data-testid="password-current"
        />
        <TextInput
          label={t('account-password-next')}
          hint={t('account-password-hint', { length: MIN_LENGTH, barred })}
          type={type}
          autocomplete="new-password"
          spellcheck={false}
          maxLength={256}
          value={next}
          error={ABOUT_NEXT.has(code) ? errorText(error) : tried ? tooShort : null}
          onValue={(value) => {
            clear();
            setNext(value);
          }}
          data-testid="password-next"
        />
        <Checkbox label={t('account-password-show')} checked={shown} onValue={setShown} />
        <div class="actions">
          <Button type="submit" icon={KeyRound} busy={busy} data-testid="password-submit">
            {t('account-password-submit')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
