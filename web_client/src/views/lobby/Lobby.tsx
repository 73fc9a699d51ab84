import { Ear, LogIn } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { PresenceMode } from '../../protocol/generated';
import { watchDevices } from '../../rtc/devices';
import type { RoomMemory } from '../../state/roomMemory';
import { me } from '../../state/session';
import { halls } from '../../state/viewModels';
import { Banner, Button, MeetingTime, Page, PageHeading } from '../../ui';
import { RecordingNotice } from '../recording/RecordingBanner';
import type { Entry, RoomView } from '../room/model';
import './lobby.css';
import { DeviceCheck } from './DeviceCheck';
import { chosenHall, HallChoice } from './HallChoice';
import { ConnectionCheck } from './ConnectionCheck';
import { ModeChoice } from './ModeChoice';
import { PapersToRead } from './PapersToRead';
import { WhoIsIn } from './WhoIsIn';

interface LobbyProps {
  room: RoomView;
  /** How this window was in the room before, if it was. */
  memory: RoomMemory | null;
  onEnter: (entry: Entry) => void;
  /** Go back in as before. */
  onReturn: (memory: RoomMemory) => void;
}

/** Before the room: see and hear oneself, choose devices, see who is in, join. A hall is nowhere but where it is. */
export function Lobby({ room, memory, onEnter, onReturn }: LobbyProps): VNode {
  const { session, snapshot } = room;
  const { meeting } = snapshot;
  const [mode, setMode] = useState<PresenceMode>('remote');
  const [chosen, setChosen] = useState<string | null>(null);
  const remote = mode === 'remote';
  const sends = remote && room.can.send;
  const offered = halls(session.endpoints.value);
  const hall = remote ? null : chosenHall(offered, chosen, me.value?.site?.id ?? null);

  useEffect(() => watchDevices(), []);
  useEffect(() => {
    void session.microphone.set(sends);
    void session.camera.set(sends);
  }, [session, sends]);

  const join = () => onEnter({ mode, hall, sound: remote });
  const listen = async () => {
    await Promise.all([session.microphone.set(false), session.camera.set(false)]);
    onEnter({ mode, hall: null, sound: true });
  };

  return (
    <Page title={meeting.title} context={meeting.title}>
      <PageHeading
        title={t('lobby-title')}
        back={{ href: `/meetings/${meeting.id}`, text: t('room-to-meeting') }}
        meta={
          <>
            <strong>{meeting.title}</strong>
            <MeetingTime startsAt={meeting.startsAt} endsAt={meeting.endsAt} zone={meeting.zone} />
          </>
        }
      />
      <RecordingNotice snapshot={snapshot} />
      {memory ? <WayBack onReturn={() => onReturn(memory)} /> : null}
      <div class="lobby">
        {sends ? <DeviceCheck session={session} /> : null}
        {remote ? null : <HallChoice offered={offered} hall={hall} onHall={(id) => setChosen(id)} />}
        <div class="lobby__side">
          {room.can.hall ? null : <ModeChoice mode={mode} onMode={setMode} />}
          <div class="lobby__join">
            <Button kind={memory ? 'secondary' : 'primary'} large wide icon={LogIn} onClick={join} data-testid="join">
              {t('lobby-join')}
            </Button>
            {sends && !room.can.hall ? (
              <Button kind="quiet" wide icon={Ear} onClick={() => void listen()} data-testid="join-listening">
                {t('lobby-listen')}
              </Button>
            ) : null}
          </div>
          {remote ? <ConnectionCheck room={room} /> : null}
          <PapersToRead room={room} />
          <WhoIsIn room={room} />
        </div>
      </div>
    </Page>
  );
}

/** Somebody who was in the room a while ago gets back with one press, with microphone and camera as they were. */
function WayBack({ onReturn }: { onReturn: () => void }): VNode {
  return (
    <Banner tone="info" title={t('lobby-return')} data-testid="way-back">
      <p>{t('lobby-return-text')}</p>
      <div>
        <Button kind="primary" large icon={LogIn} onClick={onReturn} data-testid="return">
          {t('lobby-return-do')}
        </Button>
      </div>
    </Banner>
  );
}
