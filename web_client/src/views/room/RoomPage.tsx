import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { Endpoint, MeetingState } from '../../protocol/generated';
import { watchDevices } from '../../rtc/devices';
import { joinBegins } from '../../rtc/joinTime';
import { MediaSession } from '../../rtc/session';
import { Attendance } from '../../state/attendance';
import { useMeeting } from '../../state/follow';
import type { Meeting } from '../../state/meeting';
import { forget, recall, returnsByItself, type RoomMemory } from '../../state/roomMemory';
import { me } from '../../state/session';
import { abilities, halls } from '../../state/viewModels';
import { ErrorBanner, Loading, Page } from '../../ui';
import { HallPage } from '../hall/HallPage';
import { Lobby } from '../lobby/Lobby';
import { ElsewhereView, EndedView, LeftView } from './AfterRoom';
import type { Entry, RoomView } from './model';
import { Room } from './Room';
import { useRoomMemory } from './useRoomMemory';

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
  const [entry, setEntry] = useState<Entry | null>(null);
  const [memory] = useState(() => recall(meeting.id, Date.now()));
  const attendance = useRef<Attendance | null>(null);
  const snapshot = meeting.snapshot.value;
  const person = me.value;
  const end = () => {
    session.leave();
    attendance.current?.end();
    attendance.current = null;
  };
  useEffect(() => end, [session]);
  useEffect(() => watchDevices(), []);
  const closedBy = session.closedBy.value;
  useEffect(() => {
    if (closedBy) end();
  }, [closedBy]);
  useRoomMemory(meeting.id, session, phase === 'room' ? entry : null);

  const enter = (chosen: Entry, takeOver = false) => {
    joinBegins();
    setEntry(chosen);
    session.soundOn.value = chosen.sound;
    if (!chosen.hall) session.join(takeOver); // who sits in a hall is seen and heard there
    if (person && !person.roles.includes('room')) {
      attendance.current ??= new Attendance(meeting, { ...chosen, siteId: person.site?.id ?? null });
      attendance.current.start();
    }
    setPhase('room');
  };
  const resume = (before: RoomMemory, takeOver = false) => {
    session.endpointId.value ??= before.endpointId;
    void session.microphone.set(before.microphone);
    void session.camera.set(before.camera);
    enter({ mode: before.mode, hall: hallOf(session.endpoints.value, before), sound: before.sound }, takeOver);
  };
  const hallKnown = !memory?.hallId || hallOf(session.endpoints.value, memory) !== null;
  const ready = snapshot !== null && person !== null && person !== undefined && hallKnown;
  useEffect(() => {
    if (ready && memory && returnsByItself(memory, Date.now())) resume(memory);
  }, [ready]); // the hall in which somebody sits is known a moment after the meeting

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
  if (can.hall) return <HallPage meeting={meeting} session={session} snapshot={snapshot} can={can} />;
  const hall = entry?.hall ?? null;
  const leave = () => {
    end();
    forget();
    setPhase('left');
  };
  const again = () => setPhase('lobby');
  const continueHere = () => {
    const before = recall(meeting.id, Date.now());
    session.closedBy.value = null;
    if (before) resume({ ...before, endpointId: null }, true);
    else again();
  };

  const room: RoomView = { meeting, snapshot, session, personId: person.personId, can, hall };
  if (closedBy === 'taken_over') return <EndedView room={room} reason={closedBy} onAgain={continueHere} />;
  if (closedBy) return <EndedView room={room} reason={closedBy} onAgain={again} />;
  if (phase === 'room' && hall && !OPEN.has(snapshot.meeting.state))
    return <EndedView room={room} reason="ended" onAgain={again} />;
  if (phase === 'left') return <LeftView room={room} onAgain={again} />;
  if (phase === 'lobby')
    return <Lobby room={room} memory={memory} onEnter={enter} onReturn={(before) => resume(before)} />;
  if (session.state.value === 'elsewhere') return <ElsewhereView room={room} onHere={() => session.takeOver()} />;
  return <Room room={room} onLeave={leave} />;
}

function hallOf(endpoints: readonly Endpoint[], { hallId }: RoomMemory): Endpoint | null {
  return halls(endpoints).find((hall) => hall.id === hallId) ?? null;
}
