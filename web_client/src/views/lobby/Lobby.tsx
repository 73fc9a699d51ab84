import { Ear, LogIn } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { PresenceMode } from '../../protocol/generated';
import { watchDevices } from '../../rtc/devices';
import { Button, MeetingTime, Page, PageHeading } from '../../ui';
import type { RoomView } from '../room/model';
import './lobby.css';
import { DeviceCheck } from './DeviceCheck';
import { ModeChoice } from './ModeChoice';
import { WhoIsIn } from './WhoIsIn';

interface LobbyProps {
  room: RoomView;
  onEnter: (mode: PresenceMode, withSound: boolean) => void;
}

/** Before the room: see and hear oneself, choose devices, see who is in, join. */
export function Lobby({ room, onEnter }: LobbyProps): VNode {
  const { session, snapshot } = room;
  const { meeting } = snapshot;
  const [mode, setMode] = useState<PresenceMode>('remote');
  const remote = mode === 'remote';

  useEffect(() => watchDevices(), []);
  useEffect(() => {
    void session.microphone.set(remote);
    void session.camera.set(remote);
  }, [session, remote]);

  const join = () => onEnter(mode, remote);
  const listen = async () => {
    await Promise.all([session.microphone.set(false), session.camera.set(false)]);
    onEnter(mode, true);
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
      <div class="lobby">
        <DeviceCheck session={session} />
        <div class="lobby__side">
          <ModeChoice mode={mode} onMode={setMode} />
          <div class="lobby__join">
            <Button kind="primary" large wide icon={LogIn} onClick={join} data-testid="join">
              {t('lobby-join')}
            </Button>
            {remote ? (
              <Button kind="quiet" wide icon={Ear} onClick={() => void listen()} data-testid="join-listening">
                {t('lobby-listen')}
              </Button>
            ) : null}
          </div>
          <WhoIsIn room={room} />
        </div>
      </div>
    </Page>
  );
}
