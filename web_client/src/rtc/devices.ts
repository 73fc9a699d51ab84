import { signal } from '@preact/signals';
import { canFilterNoise, filterNoise, manyVoices, noiseState, noiseWanted } from './noise';

export type DeviceKind = 'audioinput' | 'videoinput' | 'audiooutput';
/** Why a microphone or camera cannot be used; each names a text. */
export type DeviceProblem = 'denied' | 'missing' | 'busy' | 'failed';

const STORED: Record<DeviceKind, string> = {
  audioinput: 'plenum.microphone',
  videoinput: 'plenum.camera',
  audiooutput: 'plenum.speaker',
};

/** Devices of this computer. Their names are empty until the reader allowed the use of one. */
export const devices = signal<readonly MediaDeviceInfo[]>([]);
/** Where sound is to be heard; empty: the computer's usual place. */
export const speakerId = signal('');

/** Read the devices, now and whenever one is plugged in or out; returns how to stop. */
export function watchDevices(): () => void {
  const read = () => void refreshDevices();
  navigator.mediaDevices.addEventListener('devicechange', read);
  read();
  return () => navigator.mediaDevices.removeEventListener('devicechange', read);
}

export async function refreshDevices(): Promise<void> {
  devices.value = await navigator.mediaDevices.enumerateDevices();
  speakerId.value = chosenDevice('audiooutput') ?? '';
}

/** The device chosen before, if it is still there. */
export function chosenDevice(kind: DeviceKind): string | undefined {
  const id = localStorage.getItem(STORED[kind]);
  return devices.value.some((device) => device.kind === kind && device.deviceId === id) ? (id ?? undefined) : undefined;
}

export function chooseDevice(kind: DeviceKind, deviceId: string): void {
  localStorage.setItem(STORED[kind], deviceId);
  devices.value = [...devices.value];
  if (kind === 'audiooutput') speakerId.value = deviceId;
}

/** Whether this browser lets a page choose where sound is heard. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}

/**
 * Open the chosen microphone, made for speech, without its noise where that is wanted and works. Rejects as
 * `getUserMedia` does.
 */
export async function openMicrophone(): Promise<MediaStreamTrack> {
  const filtered = noiseWanted.value && !manyVoices.value && canFilterNoise();
  noiseState.value = 'off';
  if (!filtered) return openSound(true);
  const microphone = await openSound(false);
  try {
    const track = await filterNoise(microphone);
    noiseState.value = 'on';
    return track;
  } catch {
    microphone.stop();
    noiseState.value = 'browser';
    return openSound(true);
  }
}

/** `noiseSuppression`: by the browser itself. */
function openSound(noiseSuppression: boolean): Promise<MediaStreamTrack> {
  return openTrack({
    audio: {
      deviceId: chosenDevice('audioinput') ?? undefined,
      channelCount: 1,
      echoCancellation: true,
      noiseSuppression,
      autoGainControl: true,
    },
  });
}

/** Open the chosen camera at 720p, 15 frames a second; a weaker camera gives what it can. */
export function openCamera(): Promise<MediaStreamTrack> {
  return openTrack({
    video: {
      deviceId: chosenDevice('videoinput') ?? undefined,
      width: { ideal: 1280, min: 320 },
      height: { ideal: 720 },
      frameRate: { ideal: 15, max: 30 },
    },
  });
}

/** A shared screen or window, with its sound where browser and reader give it. */
export interface Captured {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack | null;
}

/** Let the reader choose a screen or window to show. Rejects when they change their mind. */
export async function openScreen(): Promise<Captured> {
  const stream = await navigator.mediaDevices.getDisplayMedia({
    video: { frameRate: { ideal: 10, max: 15 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  const [picture] = stream.getVideoTracks();
  if (!picture) throw new DOMException('no picture', 'NotFoundError');
  picture.contentHint = 'detail';
  return { picture, sound: stream.getAudioTracks()[0] ?? null };
}

async function openTrack(constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia(constraints);
  const [track] = stream.getTracks();
  if (!track) throw new DOMException('no track', 'NotFoundError');
  void refreshDevices();
  return track;
}

/** Say why opening a device failed. */
export function deviceProblem(error: unknown): DeviceProblem {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'failed';
}
