import { Camera, CameraOff, LogOut, Mic, MicOff, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import type { LocalSource } from '../../rtc/source';
import { useTable } from '../../state/table';
import { currentItem, currentSpeaker, participant } from '../../state/viewModels';
import { Button, Icon, LiveRegion, useWindowTitle } from '../../ui';
import { AnnouncementBanner } from '../room/AnnouncementBanner';
import { ConnectionBanner } from '../room/ConnectionBanner';
import type { RoomView } from '../room/model';
import { stagePaper } from '../room/presenting/presented';
import { PresentingNotice } from '../room/presenting/PresentingNotice';
import '../room/room.css';
import { RoomSound } from '../room/RoomSound';
import { type SourceName, switchSource } from '../room/sourceActions';
import { SpeakingTime } from '../room/speakingTime';
import { Stage } from '../room/Stage';
import { RecordingBanner } from '../recording/RecordingBanner';
import './hall.css';

interface HallRoomProps {
  room: RoomView;
  onLeave: () => void;
}

/** The room on a hall's screen: the stage, and three switches. Nobody votes, asks or writes here. */
export function HallRoom({ room, onLeave }: HallRoomProps): VNode {
  const { session, snapshot } = room;
  const table = useTable(room.meeting, room.personId);
  const paper = stagePaper(room, table.presenting, null);
  const speaker = useFloorOfHall(room);
  const item = currentItem(snapshot);
  useWindowTitle(snapshot.meeting.title);
  return (
    <div class="room hall" data-testid="hall-room">
      <header class="room__header hall__header">
        <div class="room__titles">
          <h1>{snapshot.meeting.title}</h1>
          <p class="room__item">
            {item
              ? t('room-current-item', {
                  position: item.position,
                  title: item.hidden ? t('room-restricted-item') : item.title,
                })
              : t(`state-${snapshot.meeting.state}`)}
          </p>
        </div>
      </header>
      <div class="room__notices">
        <RecordingBanner snapshot={snapshot} />
        <ConnectionBanner room={room} />
        <AnnouncementBanner room={room} />
        {speaker ? (
          <p class="hall__floor" role="status" data-testid="hall-floor">
            <Icon icon={Mic} size={28} />
            <span>{t('hall-speaks', { name: participant(snapshot, speaker.personId)?.name ?? '' })}</span>
            <SpeakingTime speaker={speaker} />
          </p>
        ) : null}
        <RoomSound session={session} />
        {paper === null || paper === 'withheld' ? <PresentingNotice room={room} presenting={table.presenting} /> : null}
      </div>
      <Stage room={room} table={table} paper={paper} onClosePaper={nothing} onKeepPaper={nothing} />
      <footer class="bar hall__bar" aria-label={t('room-controls')}>
        <Switch source={session.microphone} name="microphone" icons={[Mic, MicOff]} testId="mute" />
        <Switch source={session.camera} name="camera" icons={[Camera, CameraOff]} testId="camera" />
        <Button large icon={LogOut} onClick={onLeave} data-testid="leave">
          {t('room-leave')}
        </Button>
      </footer>
      <LiveRegion />
    </div>
  );
}

/**
 * Who of those who sit in this hall has the floor. The hall accepts it by itself: its microphone goes on with the floor,
 * and off with its end if nobody had turned it on before.
 */
function useFloorOfHall({ session, snapshot }: RoomView): ReturnType<typeof currentSpeaker> {
  const speaking = currentSpeaker(snapshot);
  const person = speaking && participant(snapshot, speaking.personId);
  const here = person !== undefined && person.presence.endpointId === session.endpointId.value;
  const live = session.state.value === 'live';
  const openedByFloor = useRef(false);
  useEffect(() => {
    if (here && live && !session.microphone.on.value) {
      openedByFloor.current = true;
      switchSource(session.microphone, 'microphone', true);
    } else if (!here && openedByFloor.current) {
      openedByFloor.current = false;
      switchSource(session.microphone, 'microphone', false);
    }
  }, [here, live, speaking?.id]);
  return here ? speaking : undefined;
}

interface SwitchProps {
  source: LocalSource;
  name: SourceName;
  /** While it is on, and while it is off. */
  icons: readonly [IconNode, IconNode];
  testId: string;
}

function Switch({ source, name, icons, testId }: SwitchProps): VNode {
  const on = source.on.value;
  return (
    <Button
      large
      icon={icons[on ? 0 : 1]}
      busy={source.busy.value}
      class={on ? '' : 'hall__off'}
      onClick={() => switchSource(source, name, !on)}
      data-testid={testId}
      data-on={on ? 'true' : 'false'}
    >
      {t(`room-${name}-${on ? 'on' : 'off'}`)}
    </Button>
  );
}

function nothing(): void {
  // a hall opens and keeps no papers of its own
}
