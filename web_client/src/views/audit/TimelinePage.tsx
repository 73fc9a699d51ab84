import { Download, History } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api, apiUrl } from '../../protocol/http';
import type { Timeline } from '../../protocol/generated';
import { me, withStepUp } from '../../state/session';
import { Banner, Button, EmptyState, ErrorBanner, Loading, Page, PageHeading, useAction } from '../../ui';
import './audit.css';
import './timeline.css';
import { save } from './save';
import { TimelineView } from './TimelineView';
import { joined } from './timelineModel';
import { kindText } from './words';

interface Props {
  kind: string;
  id: string;
}

/** What happened to one person, meeting, paper or session. */
export default function TimelinePage({ kind, id }: Props): VNode | null {
  const person = me.value;
  if (!person) return null;
  if (!person.roles.includes('security_officer'))
    return (
      <Page title={t('audit-timeline')}>
        <PageHeading title={t('audit-timeline')} />
        <Banner tone="warning">
          <p>{t('audit-not-officer')}</p>
        </Banner>
      </Page>
    );
  return <Told key={`${kind}/${id}`} kind={kind} id={id} />;
}

function Told({ kind, id }: Props): VNode {
  const [told, setTold] = useState<Timeline | null>(null);
  const { busy, error, run } = useAction();
  const path = `/audit/timelines/${kind}/${id}`;

  function read(before: number | null): Promise<boolean> {
    const query = before === null ? '?limit=500' : `?limit=500&before=${before}`;
    return run(async () => {
      const page = await withStepUp(() => api.get<Timeline>(path + query));
      setTold((shown) => (before === null || shown === null ? page : joined(page, shown)));
    });
  }

  useEffect(() => {
    void read(null);
  }, []);

  const earlier = told?.nextBefore ?? null;
  return (
    <Page title={t('audit-timeline')}>
      <PageHeading
        title={told ? headingOf(told) : t('audit-timeline')}
        back={{ href: '/audit', text: t('audit-title') }}
        meta={<span>{t('audit-timeline-lead')}</span>}
        actions={kind === 'person' ? <PersonData id={id} /> : undefined}
      />
      <ErrorBanner error={error} onRetry={() => void read(null)} />
      {told ? (
        <div class="stack">
          {earlier === null ? null : (
            <div>
              <Button busy={busy} onClick={() => void read(earlier)} data-testid="timeline-earlier">
                {t('audit-more')}
              </Button>
            </div>
          )}
          <TimelineView timeline={told} />
        </div>
      ) : busy ? (
        <Loading />
      ) : error ? null : (
        <div class="card">
          <EmptyState icon={History} title={t('audit-locked')}>
            <Button kind="primary" onClick={() => void read(null)}>
              {t('audit-unlock')}
            </Button>
          </EmptyState>
        </div>
      )}
    </Page>
  );
}

function headingOf({ kind, id, name, restricted }: Timeline): string {
  const words = { kind: kindText(kind), id };
  return restricted ? t('audit-restricted', words) : t('audit-timeline-of', { ...words, name: name ?? id });
}

/** Everything held on a person, for the request that the law gives everybody. */
function PersonData({ id }: { id: string }): VNode {
  const { busy, error, run } = useAction();
  return (
    <>
      <Button
        icon={Download}
        busy={busy}
        data-testid="person-data"
        onClick={() =>
          void run(async () => {
            await withStepUp(() => api.get(`/audit/export/preview?actor=${id}`));
            save(apiUrl(`/audit/people/${id}/data`));
          })
        }
      >
        {t('audit-person-data')}
      </Button>
      <ErrorBanner error={error} />
    </>
  );
}
