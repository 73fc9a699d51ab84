import { Download, LogIn } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { apiUrl } from '../../protocol/http';
import { afterSignIn, navigate } from '../../router';
import { entrance, loadEntrance } from '../../state/entrance';
import { me, signIn, signInWithCode } from '../../state/session';
import {
  Button,
  Checkbox,
  ErrorBanner,
  Icon,
  notify,
  TextInput,
  useAction,
} from '../../ui';
import { CodeForm } from './CodeForm';
import { DemoAccounts } from './DemoAccounts';
import { EntryPage } from './EntryPage';

interface Given {
  username: string;
  password: string;
}

/** The page of those who are not signed in; afterwards it leads where the reader wanted to go. */
export default function SignIn(): VNode {
  const person = me.value;
  const [given, setGiven] = useState<Given | null>(null);
  const [codeWanted, setCodeWanted] = useState(false);
  const demo = entrance.value?.demo ?? null;
  useEffect(() => {
    if (person) navigate(afterSignIn(location.search), { replace: true });
  }, [person]);
  useEffect(() => {
    void loadEntrance();
  }, []);

  async function enter(username: string, password: string): Promise<void> {
    setCodeWanted((await signIn({ username, password })) === null);
  }

  return (
    <EntryPage lead={t('signin-lead')}>
      {codeWanted ? (
        <CodeForm onCode={withCode} onBack={() => setCodeWanted(false)} />
      ) : (
        <>
          <SignInForm key={given?.username} given={given} onSignIn={enter} />
          {demo ? (
            <DemoAccounts demo={demo} onChoose={(username) => setGiven({ username, password: demo.password })} />
          ) : null}
          <Help />
        </>
      )}
    </EntryPage>
  );
}

async function withCode(code: string): Promise<void> {
  const left = await signInWithCode({ code });
  if (left !== null) notify(t('account-recovery-used', { left }));
}

function Help(): VNode {
  return (
    <aside class="signin__help">
      <p>{t('signin-help')}</p>
      <p>{t('signin-authority')}</p>
      <a class="signin__download" href={apiUrl('/authority')} download>
        <Icon icon={Download} size={18} />
        {t('signin-authority-download')}
      </a>
    </aside>
  );
}

export interface SignInFormProps {
  /** What a demo fills in. */
  given?: Given | null;
  onSignIn: (username: string, password: string) => Promise<unknown>;
}

/** Username and password. What is missing is said beside its field; a refusal clears the password only. */
export function SignInForm({ given, onSignIn }: SignInFormProps): VNode {
  const [username, setUsername] = useState(given?.username ?? '');
  const [password, setPassword] = useState(given?.password ?? '');
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (!username.trim() || !password) return;
    const succeeded = await run(() => onSignIn(username.trim(), password));
    if (succeeded) return;
    setPassword('');
    setTried(false);
  }

  return (
    <form class="card form signin__form" onSubmit={submit} noValidate>
      <h1>{t('signin-title')}</h1>
      <ErrorBanner error={error} />
      <TextInput
        label={t('signin-username')}
        name="username"
        autocomplete="username"
        autofocus
        spellcheck={false}
        large
        maxLength={200}
        value={username}
        error={tried && !username.trim() ? t('signin-username-missing') : null}
        onValue={setUsername}
        data-testid="signin-username"
      />
      <TextInput
        label={t('signin-password')}
        name="password"
        type={shown ? 'text' : 'password'}
        autocomplete="current-password"
        spellcheck={false}
        large
        maxLength={256}
        value={password}
        error={tried && !password ? t('signin-password-missing') : null}
        onValue={setPassword}
        data-testid="signin-password"
      />
      <Checkbox label={t('signin-show')} checked={shown} onValue={setShown} />
      <Button kind="primary" type="submit" large wide icon={LogIn} busy={busy} data-testid="signin-submit">
        {t('signin-submit')}
      </Button>
    </form>
  );
}
