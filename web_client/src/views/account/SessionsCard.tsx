import { LogOut, Monitor, Smartphone } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { OwnSession } from '../../protocol/generated';
import { Badge, Button, Card, ConfirmDialog, DateTime, Icon, notify } from '../../ui';
import { endOtherSessions, endSession } from './actions';
import { deviceOf } from './device';

export interface SessionsCardProps {
  sessions: readonly OwnSession[];
  onChanged: () => Promise<void>;
}

/** Where somebody is signed in, and the way to end it elsewhere. */
export function SessionsCard({ sessions, onChanged }: SessionsCardProps): VNode {
  const [ending, setEnding] = useState<OwnSession | 'others' | null>(null);
  const ordered = [...sessions].sort((a, b) => Number(b.current) - Number(a.current));

  async function end(): Promise<void> {
    if (ending === null) return;
    await (ending === 'others' ? endOtherSessions() : endSession(ending.id));
    notify(t('account-sessions-ended'));
    await onChanged();
  }

  return (
    <Card
      title={t('account-sessions-title')}
      aside={
        sessions.length > 1 ? (
          <Button kind="quiet" icon={LogOut} onClick={() => setEnding('others')} data-testid="end-others">
            {t('account-sessions-end-others')}
          </Button>
        ) : null
      }
      data-testid="sessions"
    >
      <p class="muted">{t('account-sessions-text')}</p>
      <ul class="account__sessions">
        {ordered.map((one) => (
          <SessionLine key={one.id} session={one} onEnd={() => setEnding(one)} />
        ))}
      </ul>
      {ending === null ? null : (
        <ConfirmDialog
          title={t(ending === 'others' ? 'account-sessions-end-others' : 'account-sessions-end-title')}
          confirm={t('account-sessions-end')}
          danger
          onConfirm={end}
          onClose={() => setEnding(null)}
          data-testid="end-session-confirm"
        >
          <p>{ending === 'others' ? t('account-sessions-end-others-text') : `${device(ending)} – ${place(ending)}`}</p>
          <p class="muted">{t('account-sessions-end-text')}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

function SessionLine({ session, onEnd }: { session: OwnSession; onEnd: () => void }): VNode {
  return (
    <li class="account__session" data-testid="session">
      <Icon icon={deviceOf(session.userAgent).handheld ? Smartphone : Monitor} size={28} />
      <div class="account__what">
        <span class="account__device">
          <strong>{device(session)}</strong>
          {session.current ? <Badge tone="accent">{t('account-sessions-this')}</Badge> : null}
        </span>
        <span>{place(session)}</span>
        <span class="muted">
          {t('account-sessions-since')} <DateTime at={session.createdAt} /> · {t('account-sessions-used')}{' '}
          <DateTime at={session.lastSeenAt} />
        </span>
      </div>
      {session.current ? null : (
        <Button
          kind="secondary"
          aria-label={t('account-sessions-end-named', { device: device(session) })}
          onClick={onEnd}
          data-testid="end-session"
        >
          {t('account-sessions-end')}
        </Button>
      )}
    </li>
  );
}

function device({ userAgent }: OwnSession): string {
  const { browser, system } = deviceOf(userAgent);
  if (browser && system) return t('account-device', { browser, system });
  return browser ?? system ?? t('account-device-unknown');
}

function place({ siteName, address }: OwnSession): string {
  return siteName ? t('account-place', { site: siteName, address }) : t('account-place-unknown', { address });
}
