import { Ban, CircleCheck, KeyRound, LogOut, MailX, ShieldOff, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatDateTime, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AdministeredAccount, WelcomeLink } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Button, Card, ConfirmDialog, notify } from '../../ui';
import { LinkDialog } from './LinkDialog';

/** An act on the account that is asked about first; its texts are `admin-NAME`, `-text` and `-done`. */
interface Act {
  name: string;
  icon: IconNode;
  danger?: boolean;
  run: (path: string) => Promise<unknown>;
}

function actsFor(person: AdministeredAccount): Act[] {
  const { own, linkUntil, sessions, secondFactor } = person;
  const disabled = person.account.state === 'disabled';
  const acts: (Act | false)[] = [
    linkUntil !== null && { name: 'link-end', icon: MailX, run: (path) => api.delete(`${path}/welcome-link`) },
    !own && sessions > 0 && { name: 'sessions-end', icon: LogOut, run: (path) => api.delete(`${path}/sessions`) },
    !own && secondFactor && { name: 'factor-reset', icon: ShieldOff, danger: true, run: (path) => api.delete(`${path}/second-factor`) },
    !own && disabled && { name: 'enable', icon: CircleCheck, run: (path) => api.put(`${path}/lock`, { disabled: false }) },
    !own && !disabled && { name: 'disable', icon: Ban, danger: true, run: (path) => api.put(`${path}/lock`, { disabled: true }) },
  ];
  return acts.filter((act): act is Act => act !== false);
}

/** How the person gets in: state, welcome link, sessions, second factor; and how to shut the door. */
export function AccessCard({ person, onDone }: { person: AdministeredAccount; onDone: () => void }): VNode {
  const [asked, setAsked] = useState<Act | null>(null);
  const [linking, setLinking] = useState(false);
  const [link, setLink] = useState<WelcomeLink | null>(null);
  const { name, id, state } = person.account;
  const path = `/administration/people/${id}`;
  const reset = person.hasPassword ? 'password-reset' : 'link-new';

  async function run(act: Act): Promise<void> {
    await withStepUp(() => act.run(path));
    notify(t(`admin-${act.name}-done`));
    onDone();
  }

  async function makeLink(): Promise<void> {
    setLink(await withStepUp(() => api.post<WelcomeLink>(`${path}/welcome-link`)));
    onDone();
  }

  return (
    <Card title={t('admin-access')}>
      <div class="stack">
        <AccessFacts person={person} />
        <div class="actions">
          {state === 'disabled' ? null : (
            <Button icon={KeyRound} onClick={() => setLinking(true)} data-testid="access-link">
              {t(`admin-${reset}`)}
            </Button>
          )}
          {actsFor(person).map((act) => (
            <Button key={act.name} icon={act.icon} onClick={() => setAsked(act)} data-testid={`access-${act.name}`}>
              {t(`admin-${act.name}`)}
            </Button>
          ))}
        </div>
      </div>
      {asked ? (
        <ConfirmDialog title={t(`admin-${asked.name}-confirm`, { name })} confirm={t(`admin-${asked.name}`)} danger={asked.danger ?? false} onConfirm={() => run(asked)} onClose={() => setAsked(null)} data-testid="access-confirm">
          <p>{t(`admin-${asked.name}-text`)}</p>
        </ConfirmDialog>
      ) : null}
      {linking ? (
        <ConfirmDialog title={t(`admin-${reset}-confirm`, { name })} confirm={t(`admin-${reset}`)} onConfirm={makeLink} onClose={() => setLinking(false)} data-testid="access-confirm">
          <p>{t(`admin-${reset}-text`)}</p>
        </ConfirmDialog>
      ) : null}
      {link ? <LinkDialog link={link} onClose={() => setLink(null)} /> : null}
    </Card>
  );
}

function AccessFacts({ person }: { person: AdministeredAccount }): VNode {
  const { linkUntil, disabledAt, createdAt, sessions } = person;
  return (
    <ul class="admin-facts">
      <li>{t('admin-fact-created', { at: formatDateTime(createdAt) })}</li>
      {disabledAt ? <li>{t('admin-fact-disabled', { at: formatDateTime(disabledAt) })}</li> : null}
      <li>{t(person.hasPassword ? 'admin-fact-password' : 'admin-fact-no-password')}</li>
      {linkUntil ? <li>{t('admin-fact-link', { at: formatDateTime(linkUntil) })}</li> : null}
      <li>{t(person.secondFactor ? 'admin-fact-factor' : 'admin-fact-no-factor')}</li>
      <li>{t('admin-fact-sessions', { count: sessions })}</li>
    </ul>
  );
}
