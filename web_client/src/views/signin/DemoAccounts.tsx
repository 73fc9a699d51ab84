import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { Demo } from '../../protocol/generated';
import { Avatar, Card } from '../../ui';

export interface DemoAccountsProps {
  demo: Demo;
  onChoose: (username: string) => void;
}

/** Whom to try in a demo: a press fills in name and password. No other deployment shows this. */
export function DemoAccounts({ demo, onChoose }: DemoAccountsProps): VNode {
  return (
    <Card title={t('signin-demo-title')} data-testid="demo-accounts">
      <p class="muted">{t('signin-demo-text')}</p>
      <ul class="signin__accounts">
        {demo.accounts.map((one) => (
          <li key={one.username}>
            <button
              type="button"
              class="signin__account"
              data-testid={`demo-${one.username}`}
              onClick={() => onChoose(one.username)}
            >
              <Avatar name={one.name} />
              <span class="signin__who">
                <strong>{one.name}</strong>
                <span class="muted">{one.title || t('role-room')}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
