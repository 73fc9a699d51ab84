import type { VNode } from 'preact';
import { t } from '../../i18n';
import { me } from '../../state/session';
import { ErrorBanner, Loading, Page } from '../../ui';
import { MeetingView } from './MeetingView';
import { useDesk } from './useDesk';

/** The page of one meeting. */
export default function Meeting({ id }: { id: string }): VNode | null {
  const { snapshot, error, reload, actions, uploads } = useDesk(id);
  const person = me.value;
  if (!person) return null;
  const title = snapshot?.meeting.title;
  return (
    <Page title={title ?? t('home-title')} context={title}>
      <ErrorBanner error={error} onRetry={reload} />
      {snapshot ? <MeetingView snapshot={snapshot} person={person} actions={actions} uploads={uploads} /> : error ? null : <Loading />}
    </Page>
  );
}
