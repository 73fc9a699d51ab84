import type { types } from 'mediasoup-client';
import type { RemoteProducer } from './reconcile';

const CAMERA_FPS = 15;
const SCREEN_FPS = 15;
/** A screen is read: all it may have goes into one sharp picture. */
const SCREEN: types.RtpEncodingParameters = { maxBitrate: 2_500_000, maxFramerate: SCREEN_FPS };

interface Step {
  /** The least height of the camera's picture at which this encoding is worth its bits. */
  readonly from: number;
  readonly scale: number;
  readonly maxBitrate: number;
}

/** Of a picture of 720 lines: 180, 360 and 720 of them. */
const STEPS: readonly Step[] = [
  { from: 540, scale: 4, maxBitrate: 120_000 },
  { from: 270, scale: 2, maxBitrate: 400_000 },
  { from: 0, scale: 1, maxBitrate: 1_200_000 },
];

/**
 * Which encodings a picture is sent in, the smallest first (simulcast): receivers get the one that suits them.
 *
 * A small camera's picture is not made smaller still. Each encoding has three `temporal` layers where they are of use and
 * the browser knows them (Chromium); others ignore the wish.
 */
export function encodings(
  source: RemoteProducer['source'],
  height: number | undefined,
  temporal = true,
): types.RtpEncodingParameters[] {
  if (source === 'screen') return [{ ...SCREEN }];
  const steps = STEPS.filter((step) => (height ?? 720) >= step.from);
  return steps.map(({ scale, maxBitrate }) => ({
    scaleResolutionDownBy: scale,
    maxBitrate,
    maxFramerate: CAMERA_FPS,
    scalabilityMode: temporal ? 'L1T3' : 'L1T1',
  }));
}

/** Whether a producer has the encodings that are right for this track. */
export function suits(producer: types.Producer, source: RemoteProducer['source'], track: MediaStreamTrack): boolean {
  if (track.kind !== 'video') return true;
  return producer.rtpParameters.encodings?.length === encodings(source, track.getSettings().height).length;
}
