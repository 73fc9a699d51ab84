import type { VNode } from 'preact';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { Display as DisplayInfo } from '../../protocol/generated';
import { useMeeting } from '../../state/follow';
import type { Meeting } from '../../state/meeting';
import { ErrorBanner, Loading, Page, useLoad, useWindowTitle } from '../../ui';
import './display.css';
import { DisplayScreen } from './DisplayScreen';

/** The projector page of a meeting: read only, large, and by itself always at what matters now. */
export default function Display({ id }: { id: string }): VNode {
  const info = useLoad((signal) => api.get<DisplayInfo>(`/meetings/${id}/display`, signal), `display ${id}`);
  const meeting = useMeeting(id);
  if (info.error) return <Refused error={info.error} onRetry={() => void info.reload()} />;
  if (!meeting || !info.data) return <Loading />;
  return <Followed meeting={meeting} info={info.data} />;
}

function Followed({ meeting, info }: { meeting: Meeting; info: DisplayInfo }): VNode {
  const snapshot = meeting.snapshot.value;
  useWindowTitle(t('display-title'));
  if (meeting.error.value) return <Refused error={meeting.error.value} />;
  if (!snapshot) return <Loading />;
  return <DisplayScreen snapshot={snapshot} info={info} connected={meeting.following.value} />;
}

function Refused({ error, onRetry }: { error: unknown; onRetry?: () => void }): VNode {
  return (
    <Page title={t('display-title')} narrow>
      <ErrorBanner error={error} {...(onRetry ? { onRetry } : {})} />
      <a href="/">{t('to-home')}</a>
    </Page>
  );
}
