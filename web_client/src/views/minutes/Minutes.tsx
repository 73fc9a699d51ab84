import { NotebookPen } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import { api } from '../../protocol/http';
import type { Minutes as MinutesBody, Snapshot } from '../../protocol/generated';
import { me } from '../../state/session';
import { Badge, type Tone, EmptyState, ErrorBanner, Loading, Page, PageHeading, useLoad } from '../../ui';
import { UndecidedItems } from '../desk/UndecidedItems';
import { useDesk } from '../desk/useDesk';
import { minutesActions } from './actions';
import './minutes.css';
import { MinutesEditor } from './MinutesEditor';
import { MinutesReader } from './MinutesReader';

/** The minutes of a meeting: written by the secretary, then signed, then read. */
export default function Minutes({ id }: { id: string }): VNode | null {
  const desk = useDesk(id);
  const minutes = useLoad((signal) => api.get<MinutesBody>(`/meetings/${id}/minutes`, signal), id);
  const { replace, reload } = minutes;
  const actions = useMemo(() => minutesActions(id, replace), [id, replace]);
  const person = me.value;
  const { snapshot } = desk;
  const stand = standOf(snapshot);
  useEffect(() => {
    if (stand) void reload();
  }, [stand, reload]);
  if (!person) return null;

  const missing = minutes.error instanceof ApiError && minutes.error.status === 404;
  return (
    <Page title={t('minutes-title')} context={snapshot?.meeting.title} narrow>
      <PageHeading
        title={t('minutes-title')}
        back={{ href: `/meetings/${id}`, text: t('minutes-back') }}
        meta={
          <>
            {snapshot ? <span>{snapshot.meeting.title}</span> : null}
            {minutes.data ? <StateBadge minutes={minutes.data} /> : null}
          </>
        }
      />
      <ErrorBanner error={desk.error} onRetry={desk.reload} />
      {missing ? (
        <EmptyState icon={NotebookPen} title={t('minutes-none')}>
          <p>{t('minutes-none-text')}</p>
        </EmptyState>
      ) : (
        <ErrorBanner error={minutes.error} onRetry={() => void reload()} />
      )}
      {snapshot ? (
        <UndecidedItems snapshot={snapshot} onConclude={desk.actions.conclude} class="minutes__undecided" />
      ) : null}
      {snapshot && minutes.data ? (
        minutes.data.state === 'draft' && snapshot.myRole === 'secretary' ? (
          <MinutesEditor meeting={snapshot.meeting} minutes={minutes.data} actions={actions} />
        ) : (
          <MinutesReader
            snapshot={snapshot}
            minutes={minutes.data}
            personId={person.personId}
            actions={actions}
            onArchive={() => desk.actions.transition('archived')}
          />
        )
      ) : minutes.error || desk.error ? null : (
        <Loading />
      )}
    </Page>
  );
}

/** Changes whenever the minutes do, so that the page reads them again. */
function standOf(snapshot: Snapshot | null): string {
  const info = snapshot?.minutes;
  return info ? `${info.state}/${info.revision}/${info.signedBy.length}` : '';
}

const TONES: Record<MinutesBody['state'], Tone> = { draft: 'neutral', review: 'warning', signed: 'success' };

function StateBadge({ minutes }: { minutes: MinutesBody }): VNode {
  return (
    <Badge tone={TONES[minutes.state]} data-testid="minutes-state">
      {t('minutes-state', { state: minutes.state })}
    </Badge>
  );
}
