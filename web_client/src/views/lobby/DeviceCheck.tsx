import { Camera, CameraOff, Mic, MicOff, Volume2 } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { chosenDevice, type DeviceProblem } from '../../rtc/devices';
import { playChime } from '../../rtc/chime';
import type { MediaSession } from '../../rtc/session';
import type { LocalSource } from '../../rtc/source';
import { Button } from '../../ui';
import { TrackVideo } from '../room/TrackVideo';
import { DeviceChoices } from './DeviceChoice';
import { LevelMeter } from './LevelMeter';

/** The reader's own picture and loudness, with the switches and devices for both. */
export function DeviceCheck({ session }: { session: MediaSession }): VNode {
  const { camera, microphone } = session;
  return (
    <section class="device-check" aria-label={t('lobby-check')}>
      <div class="device-check__picture">
        <TrackVideo track={camera.on.value ? camera.track.value : null} mirrored label={t('lobby-preview')} />
        {camera.on.value ? null : <p>{t(camera.problem.value ? 'lobby-no-camera' : 'lobby-no-picture')}</p>}
      </div>
      <div class="device-check__switches">
        <SourceSwitch source={microphone} icons={[Mic, MicOff]} name="microphone" />
        <SourceSwitch source={camera} icons={[Camera, CameraOff]} name="camera" />
      </div>
      <Problem source={microphone} name="microphone" />
      <Problem source={camera} name="camera" />
      <LevelMeter track={microphone.on.value ? microphone.track.value : null} />
      <div class="device-check__choices">
        <DeviceChoices session={session} />
        <Button icon={Volume2} onClick={() => void playChime(chosenDevice('audiooutput'))}>
          {t('lobby-test-sound')}
        </Button>
      </div>
    </section>
  );
}

interface SourceSwitchProps {
  source: LocalSource;
  icons: readonly [typeof Mic, typeof MicOff];
  name: 'microphone' | 'camera';
}

function SourceSwitch({ source, icons, name }: SourceSwitchProps): VNode {
  const on = source.on.value;
  return (
    <Button
      icon={icons[on ? 0 : 1]}
      busy={source.busy.value}
      class={on ? 'device-check__on' : ''}
      onClick={() => void source.set(!on)}
      data-testid={`lobby-${name}`}
    >
      {t(`lobby-${name}-${on ? 'on' : 'off'}`)}
    </Button>
  );
}

function Problem({ source, name }: { source: LocalSource; name: 'microphone' | 'camera' }): VNode | null {
  const problem: DeviceProblem | null = source.problem.value;
  if (problem === null) return null;
  return (
    <p class="device-check__problem" role="status">
      {t(`device-${name}-${problem}`)}
    </p>
  );
}
