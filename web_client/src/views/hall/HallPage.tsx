import { MonitorPlay } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { MeetingState, Snapshot } from '../../protocol/generated';
import { navigate } from '../../router';
import { manyVoices } from '../../rtc/noise';
import type { MediaSession } from '../../rtc/session';
import type { Meeting } from '../../state/meeting';
import { me } from '../../state/session';
import type { Abilities } from '../../state/viewModels';
import { Button, Page, PageHeading } from '../../ui';
import type { RoomView } from '../room/model';
import './hall.css';
import { HallRoom } from './HallRoom';
import { isStarted, setStarted, stopHall } from './started';

const OPEN: ReadonlySet<MeetingState> = new Set(['convened', 'in_session', 'suspended']);
const AWAY_MS = 60_000;

interface HallProps {
  meeting: Meeting;
  session: MediaSession;
  snapshot: Snapshot;
  can: Abilities;
}

/** A hall in a meeting: started once by hand, then in the room whenever it can be. */
export function HallPage({ meeting, session, snapshot, can }: HallProps): VNode {
  const [started, setNowStarted] = useState(isStarted);
  const open = OPEN.has(snapshot.meeting.state);
  const { value: closedBy } = session.closedBy;
  const enters = started && open && closedBy === null;
  useEffect(() => {
    manyVoices.value = true;
    return () => {
      manyVoices.value = false;
    };
  }, []);
  useEffect(() => {
    if (!enters) return;
    void session.camera.set(true); // the microphone waits for the floor
    session.join(true);
  }, [enters]);
  useEffect(() => {
    if (open) return undefined;
    session.leave();
    const timer = setTimeout(() => navigate('/', { replace: true }), AWAY_MS);
    return () => clearTimeout(timer);
  }, [open]);

  const room: RoomView = { meeting, snapshot, session, personId: me.value?.personId ?? '', can, hall: null };
  const start = () => {
    setStarted();
    session.closedBy.value = null;
    setNowStarted(true);
  };
  const leave = () => {
    stopHall();
    session.leave();
    navigate('/', { replace: true });
  };
  if (!open) return <Still title={snapshot.meeting.title} text={t('hall-ended')} />;
  if (closedBy === 'taken_over') {
    return <Still title={snapshot.meeting.title} text={t('hall-elsewhere')} button={t('hall-here')} onStart={start} />;
  }
  if (!started || closedBy !== null) {
    return <Still title={snapshot.meeting.title} text={t('hall-text')} button={t('hall-start')} onStart={start} />;
  }
  return <HallRoom room={room} onLeave={leave} />;
}

interface StillProps {
  title: string;
  text: string;
  button?: string;
  onStart?: () => void;
}

function Still({ title, text, button, onStart }: StillProps): VNode {
  return (
    <Page title={t('hall-title')} narrow>
      <PageHeading title={title} />
      <div class="card hall-start">
        <p>{text}</p>
        {button ? (
          <Button kind="primary" large icon={MonitorPlay} onClick={onStart} data-testid="hall-start">
            {button}
          </Button>
        ) : null}
      </div>
    </Page>
  );
}
