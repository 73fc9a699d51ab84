import type { VNode } from 'preact';
import { t } from '../../i18n';
import { canChooseSpeaker, chooseDevice, chosenDevice, devices, type DeviceKind } from '../../rtc/devices';
import type { MediaSession } from '../../rtc/session';
import { Select } from '../../ui';
import { NoiseChoice } from './NoiseChoice';

/** Which microphone, camera and speaker; a change takes effect at once, without a pause for the others. */
export function DeviceChoices({ session }: { session: MediaSession }): VNode {
  return (
    <>
      <DeviceChoice kind="audioinput" onChosen={() => void session.microphone.reopen()} />
      <DeviceChoice kind="videoinput" onChosen={() => void session.camera.reopen()} />
      <SpeakerChoice />
      <NoiseChoice microphone={session.microphone} />
    </>
  );
}

/** Where sound is heard, as far as the browser lets a page choose. */
export function SpeakerChoice(): VNode | null {
  return canChooseSpeaker() ? <DeviceChoice kind="audiooutput" onChosen={() => undefined} /> : null;
}

function DeviceChoice({ kind, onChosen }: { kind: DeviceKind; onChosen: () => void }): VNode | null {
  const offered = devices.value.filter((device) => device.kind === kind && device.deviceId !== '');
  if (offered.length < 2) return null;
  return (
    <Select
      label={t(`device-${kind}`)}
      value={chosenDevice(kind) ?? offered[0]?.deviceId ?? ''}
      options={offered.map((device, index) => ({
        value: device.deviceId,
        text: device.label || t('device-unnamed', { number: index + 1 }),
      }))}
      onValue={(id) => {
        chooseDevice(kind, id);
        onChosen();
      }}
      data-testid={`choose-${kind}`}
    />
  );
}
