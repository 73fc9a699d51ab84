import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { Endpoint, MeetingState } from '../../protocol/generated';
import { MediaSession } from '../../rtc/session';
import { Attendance } from '../../state/attendance';
import { useMeeting } from '../../state/follow';
import type { Meeting } from '../../state/meeting';
import { me } from '../../state/session';
import { abilities } from '../../state/viewModels';
import { ErrorBanner, Loading, Page } from '../../ui';
import { Lobby } from '../lobby/Lobby';
import { EndedView, LeftView } from './AfterRoom';
import type { Entry, RoomView } from './model';
import { Room } from './Room';

type Phase = 'lobby' | 'room' | 'left';

const OPEN: ReadonlySet<MeetingState> = new Set(['convened', 'in_session', 'suspended']);

/** A meeting's room: the lobby first, then the room, then a word of goodbye. */
export default function RoomPage({ id }: { id: string }): VNode {
  const meeting = useMeeting(id);
  if (!meeting) return <Loading />;
  return <MeetingRoom key={id} meeting={meeting} />;
}

function MeetingRoom({ meeting }: { meeting: Meeting }): VNode {
  const [session] = useState(() => new MediaSession(meeting));
  const [phase, setPhase] = useState<Phase>('lobby');
  const [hall, setHall] = useState<Endpoint | null>(null);
  const attendance = useRef<Attendance | null>(null);
  const snapshot = meeting.snapshot.value;
  const person = me.value;
  const end = () => {
    session.leave();
    attendance.current?.end();
    attendance.current = null;
  };
  useEffect(() => end, [session]);
  const closedBy = session.closedBy.value;
  useEffect(() => {
    if (closedBy) end();
  }, [closedBy]);

  if (meeting.error.value) {
    return (
      <Page title={t('room-title')}>
        <ErrorBanner error={meeting.error.value} />
        <a href="/">{t('to-home')}</a>
      </Page>
    );
  }
  if (!snapshot || !person) return <Loading />;

  const can = abilities(snapshot, person);
  const enter = (entry: Entry) => {
    setHall(entry.hall);
    session.soundOn.value = entry.sound;
    if (!entry.hall) session.join(); // who sits in a hall is seen and heard there
    if (!can.hall) {
      attendance.current = new Attendance(meeting, { ...entry, siteId: person.site?.id ?? null });
      attendance.current.start();
    }
    setPhase('room');
  };
  const leave = () => {
    end();
    setPhase('left');
  };
  const again = () => setPhase('lobby');

  const room: RoomView = { meeting, snapshot, session, personId: person.personId, can, hall };
  if (closedBy) return <EndedView room={room} reason={closedBy} onAgain={again} />;
  if (phase === 'room' && hall && !OPEN.has(snapshot.meeting.state))
    return <EndedView room={room} reason="ended" onAgain={again} />;
  if (phase === 'left') return <LeftView room={room} onAgain={again} />;
  if (phase === 'lobby') return <Lobby room={room} onEnter={enter} />;
  return <Room room={room} onLeave={leave} />;
}
