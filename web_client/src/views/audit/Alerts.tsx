import { BellRing, CircleCheck, History } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { Acknowledgement, AlertInfo, AlertList } from '../../protocol/generated';
import { openAlerts, refreshAlerts } from '../../state/alerts';
import { withStepUp } from '../../state/session';
import {
  Badge,
  Button,
  buttonClass,
  Card,
  ConfirmDialog,
  DateTime,
  EmptyState,
  ErrorBanner,
  Icon,
  Loading,
  TextArea,
  useLoad,
} from '../../ui';
import { type Filters, NO_FILTERS } from './filters';

interface AlertsProps {
  /** Shows the entries of an alert in the search. */
  onSearch: (filters: Filters) => void;
}

/** What the rules over the log have found; open alerts first, those that were seen to on request. */
export function Alerts({ onSearch }: AlertsProps): VNode {
  const [done, setDone] = useState(false);
  const [settling, setSettling] = useState<AlertInfo | null>(null);
  const path = done ? '/audit/alerts?state=acknowledged' : '/audit/alerts';
  const list = useLoad(() => withStepUp(() => api.get<AlertList>(path)), `${path} ${openAlerts.value}`);

  async function settle(alert: AlertInfo, note: string): Promise<void> {
    const body: Acknowledgement = { note };
    await withStepUp(() => api.post<AlertInfo>(`/audit/alerts/${alert.id}/acknowledgement`, body));
    await Promise.all([refreshAlerts(), list.reload()]);
  }

  return (
    <Card
      title={t(done ? 'audit-alerts-done' : 'audit-alerts-open')}
      aside={
        <Button kind="quiet" onClick={() => setDone(!done)} data-testid="alerts-other">
          {t(done ? 'audit-alerts-show-open' : 'audit-alerts-show-done')}
        </Button>
      }
    >
      <ErrorBanner error={list.error} onRetry={() => void list.reload()} />
      {list.data ? (
        list.data.alerts.length === 0 ? (
          <EmptyState icon={CircleCheck} title={t(done ? 'audit-alerts-none-done' : 'audit-alerts-none')} />
        ) : (
          <ul class="alerts">
            {list.data.alerts.map((alert) => (
              <Alert key={alert.id} alert={alert} onSettle={() => setSettling(alert)} onSearch={onSearch} />
            ))}
          </ul>
        )
      ) : list.error ? null : (
        <Loading />
      )}
      {settling ? <Settle alert={settling} settle={settle} onClose={() => setSettling(null)} /> : null}
    </Card>
  );
}

interface AlertProps {
  alert: AlertInfo;
  onSettle: () => void;
  onSearch: (filters: Filters) => void;
}

function Alert({ alert, onSettle, onSearch }: AlertProps): VNode {
  const { aboutKind, aboutId, acknowledgedAt } = alert;
  return (
    <li class="alerts__one" data-testid="alert" data-rule={alert.rule}>
      <Icon icon={acknowledgedAt ? CircleCheck : BellRing} />
      <div class="alerts__text">
        <h3>{ruleText(alert.rule)}</h3>
        <p>
          {aboutText(alert)} <Badge tone={acknowledgedAt ? 'neutral' : 'danger'}>{t('audit-alert-count', { count: alert.count })}</Badge>
        </p>
        <p class="muted">{ruleMeaning(alert.rule)}</p>
        <p class="muted">
          <DateTime at={alert.firstAt} /> – <DateTime at={alert.lastAt} />
        </p>
        {acknowledgedAt ? (
          <p class="alerts__note">
            {t('audit-alert-settled', { name: alert.acknowledgedBy ?? '' })} · <DateTime at={acknowledgedAt} />
            {alert.note ? <q class="alerts__quote">{alert.note}</q> : null}
          </p>
        ) : null}
        <div class="actions">
          {aboutKind === 'person' ? (
            <a class={buttonClass('secondary')} href={`/audit/person/${aboutId}`} data-testid="alert-timeline">
              <Icon icon={History} />
              <span>{t('audit-open-timeline')}</span>
            </a>
          ) : null}
          {aboutKind === 'source' ? (
            <Button icon={History} onClick={() => onSearch({ ...NO_FILTERS, source: aboutId })}>
              {t('audit-show-source')}
            </Button>
          ) : null}
          {acknowledgedAt ? null : (
            <Button kind="primary" onClick={onSettle} data-testid="alert-acknowledge">
              {t('audit-acknowledge')}
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}

interface SettleProps {
  alert: AlertInfo;
  settle: (alert: AlertInfo, note: string) => Promise<void>;
  onClose: () => void;
}

function Settle({ alert, settle, onClose }: SettleProps): VNode {
  const [note, setNote] = useState('');
  return (
    <ConfirmDialog
      title={t('audit-acknowledge')}
      confirm={t('audit-acknowledge')}
      onConfirm={() => settle(alert, note)}
      onClose={onClose}
      data-testid="alert-acknowledge-confirm"
    >
      <p>
        <strong>{ruleText(alert.rule)}</strong> · {aboutText(alert)}
      </p>
      <TextArea
        label={t('audit-alert-note')}
        hint={t('audit-alert-note-hint')}
        optional
        value={note}
        onValue={setNote}
        data-testid="alert-note"
      />
    </ConfirmDialog>
  );
}

function ruleText(rule: string): string {
  const id = `audit-rule-${rule}`;
  return hasText(id) ? t(id) : rule;
}

function ruleMeaning(rule: string): string {
  const id = `audit-rule-${rule}-meaning`;
  return hasText(id) ? t(id) : '';
}

function aboutText({ aboutKind, aboutId, aboutName }: AlertInfo): string {
  if (aboutKind === 'person') return aboutName ?? aboutId;
  if (aboutKind === 'source') return t('audit-alert-source', { address: aboutId });
  return t(aboutKind === 'others' ? 'audit-alert-others' : 'audit-alert-hub');
}
