import { KeyRound, LogIn } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { negotiate, setLocale, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { ChoosePassword, LinkOwner, LookUpLink } from '../../protocol/generated';
import { me, signOut } from '../../state/session';
import { Banner, Button, buttonClass, Checkbox, ErrorBanner, Icon, Loading, TextInput, useAction, useLoad, useWindowTitle } from '../../ui';
import { EntryPage } from '../signin/EntryPage';

const SHORTEST = 12;

/** Where a welcome link leads: its owner chooses a password. The token is the link's fragment, which no server is sent. */
export default function Welcome({ token = location.hash.slice(1) }: { token?: string }): VNode {
  const [done, setDone] = useState(false);
  const { data: owner, error, reload } = useLoad(() => lookUp(token), token);
  useWindowTitle(t('welcome-title'));

  async function choose(password: string): Promise<void> {
    await api.post('/welcome', { token, password } satisfies ChoosePassword);
    setDone(true);
  }

  return (
    <EntryPage>
      {done && owner ? (
        <Done owner={owner} />
      ) : owner ? (
        <PasswordForm owner={owner} onChoose={choose} />
      ) : error ? (
        <section class="card form">
          <h1>{t('welcome-title')}</h1>
          <ErrorBanner error={error} onRetry={() => void reload()} />
        </section>
      ) : (
        <Loading />
      )}
    </EntryPage>
  );
}

async function lookUp(token: string): Promise<LinkOwner> {
  const owner = await api.post<LinkOwner>('/welcome/look-up', { token } satisfies LookUpLink);
  await setLocale(negotiate(owner.locale));
  return owner;
}

/** What lacks in a new password before the hub looks at it, or null. */
export function weakness(password: string, again: string): { password?: string; again?: string } {
  if ([...password].length < SHORTEST) return { password: t('welcome-too-short') };
  return password === again ? {} : { again: t('welcome-differs') };
}

export interface PasswordFormProps {
  owner: LinkOwner;
  onChoose: (password: string) => Promise<void>;
}

/** A new password, typed twice. */
export function PasswordForm({ owner, onChoose }: PasswordFormProps): VNode {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const problems = tried ? weakness(password, again) : {};

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (Object.keys(weakness(password, again)).length === 0) await run(() => onChoose(password));
  }

  const common = { type: shown ? ('text' as const) : ('password' as const), autocomplete: 'new-password', spellcheck: false, large: true, maxLength: 256 };
  return (
    <form class="card form signin__form" onSubmit={submit} noValidate>
      <h1>{t(owner.first ? 'welcome-hello' : 'welcome-again', { name: owner.name })}</h1>
      <p>{t('welcome-text')}</p>
      <TextInput label={t('signin-username')} name="username" autocomplete="username" readOnly value={owner.username} />
      <TextInput {...common} label={t('welcome-password')} hint={t('welcome-hint')} autofocus name="password" value={password} error={problems.password ?? null} onValue={setPassword} data-testid="welcome-password" />
      <TextInput {...common} label={t('welcome-repeat')} name="again" value={again} error={problems.again ?? null} onValue={setAgain} data-testid="welcome-again" />
      <Checkbox label={t('signin-show')} checked={shown} onValue={setShown} />
      <ErrorBanner error={error} />
      <Button kind="primary" type="submit" large wide icon={KeyRound} busy={busy} data-testid="welcome-submit">
        {t('welcome-submit')}
      </Button>
    </form>
  );
}

/** The password is set. A browser in which somebody else is signed in is left first. */
function Done({ owner }: { owner: LinkOwner }): VNode {
  const { busy, error, run } = useAction();
  const other = me.value;
  return (
    <section class="card form">
      <h1>{t('welcome-done')}</h1>
      <p>{t('welcome-done-text', { username: owner.username })}</p>
      {other ? (
        <>
          <Banner tone="warning">
            <p>{t('welcome-other', { name: other.name })}</p>
          </Banner>
          <ErrorBanner error={error} />
          <Button large wide busy={busy} onClick={() => void run(signOut)}>
            {t('common-sign-out')}
          </Button>
        </>
      ) : (
        <a class={buttonClass('primary', true, true)} href="/signin" data-testid="welcome-signin">
          <Icon icon={LogIn} />
          {t('signin-submit')}
        </a>
      )}
    </section>
  );
}
