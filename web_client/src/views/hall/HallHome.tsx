import { MonitorPlay } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { MeetingList, MeetingState, MeetingSummary } from '../../protocol/generated';
import { navigate } from '../../router';
import { me } from '../../state/session';
import { Button, ErrorBanner, Loading, MeetingTime, Page, PageHeading, useLoad } from '../../ui';
import './hall.css';
import { isStarted, setStarted } from './started';

const LOOK_EVERY_MS = 15_000;
const ORDER: readonly MeetingState[] = ['in_session', 'suspended', 'convened'];

/** The meeting that this hall's screen is for: the one in session, else the next one that is convened. */
export function hallMeeting(meetings: readonly MeetingSummary[]): MeetingSummary | undefined {
  return meetings
    .filter((one) => ORDER.includes(one.state))
    .toSorted(
      (one, other) =>
        ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || Date.parse(one.startsAt) - Date.parse(other.startsAt),
    )[0];
}

/** Where a hall's account begins: one press, and the screen goes to its meetings by itself. */
export function HallHome(): VNode {
  const [turn, setTurn] = useState(0);
  const { data, error, reload } = useLoad((signal) => api.get<MeetingList>('/meetings', signal), `hall ${turn}`);
  const [started, setNowStarted] = useState(isStarted);
  const meeting = data ? hallMeeting(data.meetings) : undefined;
  useEffect(() => {
    const timer = setInterval(() => setTurn((before) => before + 1), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (started && meeting) navigate(`/meetings/${meeting.id}/room`, { replace: true });
  }, [started, meeting?.id]);
  const start = () => {
    setStarted();
    setNowStarted(true);
  };
  return (
    <Page title={t('hall-title')} narrow>
      <PageHeading title={me.value?.name ?? t('hall-title')} meta={<span>{me.value?.site?.name ?? ''}</span>} />
      <ErrorBanner error={error} onRetry={() => void reload()} />
      <div class="card hall-start">
        {meeting ? (
          <>
            <h2>{meeting.title}</h2>
            <p>
              <MeetingTime startsAt={meeting.startsAt} endsAt={meeting.endsAt} zone={meeting.zone} />
            </p>
          </>
        ) : data ? (
          <p data-testid="hall-none">{t('hall-none')}</p>
        ) : error ? null : (
          <Loading />
        )}
        <p>{t('hall-text')}</p>
        {started ? null : (
          <Button kind="primary" large icon={MonitorPlay} onClick={start} data-testid="hall-start">
            {t('hall-start')}
          </Button>
        )}
      </div>
    </Page>
  );
}
