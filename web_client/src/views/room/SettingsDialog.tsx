import { Keyboard, PictureInPicture2, Volume2 } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { chosenDevice } from '../../rtc/devices';
import { playChime } from '../../rtc/chime';
import { Button, Checkbox, Dialog, notify } from '../../ui';
import { DeviceChoices, SpeakerChoice } from '../lobby/DeviceChoice';
import { LevelMeter } from '../lobby/LevelMeter';
import { layout, setLayout, type Layout } from './layout';
import type { RoomView } from './model';
import { PictureChoice } from './PictureChoice';
import { canShowSmall, openSmallWindow } from './smallWindow';

interface SettingsProps {
  room: RoomView;
  onHelp: () => void;
  onClose: () => void;
}

const LAYOUTS: readonly Layout[] = ['gallery', 'speaker'];

/** Devices, sound and the look of the stage, changed while the meeting goes on. */
export function SettingsDialog({ room, onHelp, onClose }: SettingsProps): VNode {
  const { session } = room;
  const sends = room.can.send && !room.hall;
  const small = () => {
    openSmallWindow(room).catch(() => notify(t('room-small-refused')));
    onClose();
  };
  return (
    <Dialog title={t('room-settings')} onClose={onClose} data-testid="settings-dialog">
      <div class="settings">
        <fieldset class="settings__layouts">
          <legend>{t('room-layout')}</legend>
          {LAYOUTS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="layout"
                checked={layout.value === one}
                onChange={() => setLayout(one)}
                data-testid={`layout-${one}`}
              />
              <span>{t(`room-layout-${one}`)}</span>
            </label>
          ))}
        </fieldset>
        <PictureChoice />
        {sends ? <DeviceChoices session={session} /> : <SpeakerChoice />}
        {sends ? <LevelMeter track={session.microphone.on.value ? session.microphone.track.value : null} /> : null}
        <Checkbox
          label={t('room-settings-sound')}
          checked={session.soundOn.value}
          onValue={(on) => {
            session.soundOn.value = on;
          }}
        />
        <div class="actions">
          <Button icon={Volume2} onClick={() => void playChime(chosenDevice('audiooutput'))}>
            {t('lobby-test-sound')}
          </Button>
          {canShowSmall() ? (
            <Button icon={PictureInPicture2} onClick={small} data-testid="small-window">
              {t('room-small-window')}
            </Button>
          ) : null}
          <Button icon={Keyboard} onClick={onHelp}>
            {t('room-shortcuts')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
