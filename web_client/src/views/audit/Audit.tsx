import { Download, LockKeyhole } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AuditPage, Directory } from '../../protocol/generated';
import { openAlerts } from '../../state/alerts';
import { me, withStepUp } from '../../state/session';
import { Badge, Banner, Button, EmptyState, ErrorBanner, Loading, Page, PageHeading, Tabs, useLoad } from '../../ui';
import { Alerts } from './Alerts';
import './audit.css';
import { AuditProof } from './AuditProof';
import { AuditTable } from './AuditTable';
import { ExportDialog } from './ExportDialog';
import { FilterForm } from './FilterForm';
import { type Filters, filtersFrom, pageAddress } from './filters';
import { type AuditSearch, useAuditSearch } from './useAuditSearch';

function search(path: string): Promise<AuditPage> {
  return withStepUp(() => api.get<AuditPage>(path));
}

/** The security officer's console: the log and its search, alerts, proof. */
export default function Audit(): VNode | null {
  const person = me.value;
  if (!person) return null;
  return (
    <Page title={t('audit-title')}>
      <PageHeading title={t('audit-title')} meta={<span>{t('audit-lead')}</span>} />
      {person.roles.includes('security_officer') ? (
        <Console />
      ) : (
        <Banner tone="warning">
          <p>{t('audit-not-officer')}</p>
        </Banner>
      )}
    </Page>
  );
}

function Console(): VNode {
  const directory = useLoad((signal) => api.get<Directory>('/directory', signal), 'directory');
  const [tab, setTab] = useState(() => new URLSearchParams(location.search).get('tab') ?? 'search');
  const log = useAuditSearch(search, filtersFrom(location.search));

  function show(next: string, filters: Filters): void {
    setTab(next);
    history.replaceState(null, '', pageAddress(filters, next));
  }

  function find(filters: Filters): void {
    show('search', filters);
    void log.search(filters);
  }

  if (log.locked)
    return (
      <div class="card">
        <EmptyState icon={LockKeyhole} title={t('audit-locked')}>
          <Button kind="primary" onClick={() => void log.search(log.filters)}>
            {t('audit-unlock')}
          </Button>
        </EmptyState>
      </div>
    );
  const waiting = openAlerts.value ?? 0;
  return (
    <div class="audit">
      {waiting > 0 && tab !== 'alerts' ? (
        <Banner tone="warning" title={t('audit-alerts-waiting', { count: waiting })} data-testid="alerts-waiting">
          <div>
            <Button onClick={() => show('alerts', log.filters)} data-testid="alerts-show">
              {t('audit-alerts-show')}
            </Button>
          </div>
        </Banner>
      ) : null}
      <Tabs
        label={t('audit-title')}
        selected={tab}
        onSelect={(next) => show(next, log.filters)}
        tabs={[
          { id: 'search', label: t('audit-tab-search'), panel: () => <Log log={log} directory={directory.data} onSearch={find} /> },
          { id: 'alerts', label: <AlertsLabel count={waiting} />, panel: () => <Alerts onSearch={find} /> },
          { id: 'proof', label: t('audit-proof'), panel: () => <AuditProof /> },
        ]}
      />
    </div>
  );
}

function AlertsLabel({ count }: { count: number }): VNode {
  return (
    <>
      {t('audit-tab-alerts')} {count > 0 ? <Badge tone="danger">{count}</Badge> : null}
    </>
  );
}

interface LogProps {
  log: AuditSearch;
  directory: Directory | null;
  onSearch: (filters: Filters) => void;
}

function Log({ log, directory, onSearch }: LogProps): VNode {
  const [exporting, setExporting] = useState(false);
  return (
    <div class="audit">
      <FilterForm
        people={directory?.people ?? []}
        sites={directory?.sites ?? []}
        filters={log.filters}
        busy={log.busy}
        onSearch={onSearch}
      />
      <ErrorBanner error={log.error} onRetry={() => void log.search(log.filters)} />
      {log.rows ? (
        <AuditTable
          rows={log.rows}
          size={log.size}
          filters={log.filters}
          onFilter={onSearch}
          more={log.next === null ? undefined : () => void log.more()}
          busy={log.busy}
          actions={
            <Button kind="quiet" icon={Download} onClick={() => setExporting(true)} data-testid="audit-export">
              {t('audit-export')}
            </Button>
          }
        />
      ) : log.error ? null : (
        <Loading />
      )}
      {exporting ? <ExportDialog filters={log.filters} onClose={() => setExporting(false)} /> : null}
    </div>
  );
}
