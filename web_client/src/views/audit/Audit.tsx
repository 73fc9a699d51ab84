import { LockKeyhole } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AuditPage, Directory } from '../../protocol/generated';
import { me, withStepUp } from '../../state/session';
import { Banner, Button, EmptyState, ErrorBanner, Loading, Page, PageHeading, useLoad } from '../../ui';
import './audit.css';
import { AuditProof } from './AuditProof';
import { AuditTable } from './AuditTable';
import { FilterForm } from './FilterForm';
import { useAuditSearch } from './useAuditSearch';

function search(path: string): Promise<AuditPage> {
  return withStepUp(() => api.get<AuditPage>(path));
}

/** The security officer's view of the audit log: search, proof, verification. */
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
  const log = useAuditSearch(search);
  const people = directory.data?.people ?? [];
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
  return (
    <div class="audit">
      <AuditProof />
      <FilterForm people={people} filters={log.filters} busy={log.busy} onSearch={(filters) => void log.search(filters)} />
      <ErrorBanner error={log.error} onRetry={() => void log.search(log.filters)} />
      {log.rows ? (
        <AuditTable
          rows={log.rows}
          size={log.size}
          filters={log.filters}
          onFilter={(filters) => void log.search(filters)}
          more={log.next === null ? undefined : () => void log.more()}
          busy={log.busy}
        />
      ) : log.error ? null : (
        <Loading />
      )}
    </div>
  );
}
