import { FileUp, UserPlus } from 'lucide';
import type { VNode } from 'preact';
import { formatNumber, t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AccountCounts, Operations } from '../../protocol/generated';
import { Banner, buttonClass, Card, ErrorBanner, Icon, Loading, PageHeading, useLoad } from '../../ui';
import { warningsOf } from './warnings';

/** The first page: how many there are, what wants attention, where to begin. */
export function Overview(): VNode {
  const counts = useLoad((signal) => api.get<AccountCounts>('/administration/counts', signal), 'counts');
  const state = useLoad((signal) => api.get<Operations>('/administration/operations', signal), 'operations');
  const warnings = state.data ? warningsOf(state.data) : [];
  return (
    <>
      <PageHeading title={t('admin-title')} meta={<span>{t('admin-lead')}</span>} />
      <div class="admin">
        <ErrorBanner error={counts.error ?? state.error} onRetry={() => void Promise.all([counts.reload(), state.reload()])} />
        {warnings.map((warning) => (
          <Banner key={warning} tone="warning" data-testid="admin-warning">
            <p>{warning}</p>
          </Banner>
        ))}
        {counts.data ? <Figures counts={counts.data} /> : counts.error ? null : <Loading />}
        {counts.data && counts.data.active + counts.data.waiting < 2 ? <FirstSteps /> : null}
      </div>
    </>
  );
}

const FIGURES = [
  ['active', '/admin/people'],
  ['waiting', '/admin/people'],
  ['disabled', '/admin/people'],
  ['halls', '/admin/rooms'],
  ['units', '/admin/sites'],
  ['sites', '/admin/sites'],
] as const;

function Figures({ counts }: { counts: AccountCounts }): VNode {
  return (
    <ul class="admin-figures">
      {FIGURES.map(([name, href]) => (
        <li key={name}>
          <a class="card admin-figure" href={href}>
            <strong>{formatNumber(counts[name])}</strong>
            <span>{t(`admin-count-${name}`)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function FirstSteps(): VNode {
  return (
    <Card title={t('admin-first-title')}>
      <div class="stack">
        <p>{t('admin-first-text')}</p>
        <div class="actions">
          <a class={buttonClass('primary')} href="/admin/import">
            <Icon icon={FileUp} />
            {t('admin-nav-import')}
          </a>
          <a class={buttonClass()} href="/admin/people">
            <Icon icon={UserPlus} />
            {t('admin-add-person')}
          </a>
        </div>
      </div>
    </Card>
  );
}
