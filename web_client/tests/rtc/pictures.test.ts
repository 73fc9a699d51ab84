import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RemoteTrack } from '../../src/rtc/call';
import { encodings } from '../../src/rtc/encodings';
import { LayerLimit, type LimitedSender, lower } from '../../src/rtc/layerLimit';
import { hasTemporalLayers, pictureCodec } from '../../src/rtc/pictureCodec';
import { PictureFlow } from '../../src/rtc/pictureFlow';
import { pictureMode, sendLimit, setPictureMode } from '../../src/rtc/pictureMode';
import { Pictures } from '../../src/rtc/pictures';
import { endpoint } from '../samples';

const turns = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A browser's sender; what it sends is what was set last. */
function sender(count = 3): LimitedSender & { active: boolean[]; sets: number } {
  const here = {
    active: Array.from({ length: count }, () => true),
    sets: 0,
    getParameters: () => ({ encodings: here.active.map((active) => ({ active })) }) as RTCRtpSendParameters,
    setParameters: async (parameters: RTCRtpSendParameters) => {
      await Promise.resolve();
      here.sets += 1;
      here.active = parameters.encodings.map((one) => one.active ?? true);
    },
  };
  return here;
}

describe('encodings', () => {
  it('of a camera are three, the smallest first, each with temporal layers', () => {
    const found = encodings('camera', 720);
    expect(found.map((one) => [one.scaleResolutionDownBy, one.maxBitrate])).toEqual([
      [4, 120_000],
      [2, 400_000],
      [1, 1_200_000],
    ]);
    expect(found.every((one) => one.scalabilityMode === 'L1T3')).toBe(true);
    expect(encodings('camera', undefined)).toHaveLength(3);
  });

  it('of a small camera are fewer: its picture is not made smaller still', () => {
    expect(encodings('camera', 360).map((one) => one.scaleResolutionDownBy)).toEqual([2, 1]);
    expect(encodings('camera', 240).map((one) => one.scaleResolutionDownBy)).toEqual([1]);
  });

  it('of a screen are one, which is read', () => {
    expect(encodings('screen', 1080)).toHaveLength(1);
  });
});

describe('the codec of pictures', () => {
  const codec = (mimeType: string) => ({
    kind: 'video' as const,
    mimeType,
    preferredPayloadType: 100,
    clockRate: 90_000,
  });
  const all = [codec('video/H264'), codec('video/rtx'), codec('video/VP8'), codec('audio/opus')];

  afterEach(() => localStorage.clear());

  it('is VP8, or what there is, and nothing that only repeats', () => {
    expect(pictureCodec(all)?.mimeType).toBe('video/VP8');
    expect(pictureCodec(all.slice(0, 2))?.mimeType).toBe('video/H264');
    expect(pictureCodec(all.slice(1, 2))).toBeUndefined();
    expect(pictureCodec()).toBeUndefined();
  });

  it('is another one where that was chosen and is there, without frames that could be left out', () => {
    localStorage.setItem('plenum.pictureCodec', 'video/h264');
    const chosen = pictureCodec(all);
    expect(chosen?.mimeType).toBe('video/H264');
    expect(hasTemporalLayers(chosen)).toBe(false);
    expect(encodings('camera', 720, false).map((one) => one.scalabilityMode)).toEqual(['L1T1', 'L1T1', 'L1T1']);
    expect(hasTemporalLayers(pictureCodec(all.slice(1)))).toBe(true);
  });
});

describe('encodings that nobody looks at', () => {
  it('are paused, all of them if need be, and go on at once when somebody looks', async () => {
    const one = sender();
    const limit = new LayerLimit(one);
    limit.set(0);
    await turns();
    expect(one.active).toEqual([true, false, false]);
    limit.set(-1);
    await turns();
    expect(one.active).toEqual([false, false, false]);
    limit.set(null);
    await turns();
    expect(one.active).toEqual([true, true, true]);
  });

  it('are changed one after the other; the last word counts, and the same again is no change', async () => {
    const one = sender();
    const limit = new LayerLimit(one);
    limit.set(0);
    limit.set(-1);
    limit.set(1);
    await turns();
    expect(one.active).toEqual([true, true, false]);
    const { sets } = one;
    limit.set(1);
    await turns();
    expect(one.sets).toBe(sets);
  });

  it('stay as they are where the browser refuses, and may be changed later', async () => {
    const one = sender();
    const refusing = vi.spyOn(one, 'setParameters').mockRejectedValueOnce(new DOMException('ended'));
    const limit = new LayerLimit(one);
    limit.set(0);
    await turns();
    expect(one.active).toEqual([true, true, true]);
    refusing.mockRestore();
    limit.set(1);
    await turns();
    expect(one.active).toEqual([true, true, false]);
  });

  it('are limited by the lower of two wishes', () => {
    expect([lower(null, null), lower(null, -1), lower(1, null), lower(1, 0)]).toEqual([null, -1, 1, 0]);
    expect([sendLimit('automatic'), sendLimit('low'), sendLimit('sound')]).toEqual([null, 1, 0]);
  });
});

describe('pictures that stand still', () => {
  const counted = (track: string, frames: number) => ({
    type: 'inbound-rtp',
    kind: 'video',
    trackIdentifier: track,
    framesReceived: frames,
  });

  it('are those of which no frame has come since the last look', () => {
    const flow = new PictureFlow();
    expect([...flow.read([counted('a', 5), counted('b', 5)])]).toEqual([]);
    expect([...flow.read([counted('a', 5), counted('b', 9), counted('c', 0)])]).toEqual(['a']);
  });

  const source = () => ({ source: 'camera', cap: vi.fn(), want: vi.fn() });
  const remote = (kind: 'camera' | 'screen'): RemoteTrack => ({
    endpointId: 'e2',
    source: kind,
    producerId: `p-${kind}`,
    consumerId: `c-${kind}`,
    track: { kind: 'video', id: `t-${kind}` } as MediaStreamTrack,
  });
  const room = (paused = false) => [
    endpoint('e2', 'b', {
      producers: (['camera', 'screen'] as const).map((kind) => ({ id: `p-${kind}`, kind: 'video', source: kind, paused })),
    }),
  ];
  const still = [counted('t-camera', 7), counted('t-screen', 7)];

  function watching(): { pictures: Pictures; camera: ReturnType<typeof source> } {
    const camera = source();
    const screen = { ...source(), source: 'screen' };
    const pictures = new Pictures({ request: vi.fn(() => Promise.resolve({})) } as never, camera as never, screen as never);
    pictures.start(25);
    pictures.receive([remote('camera'), remote('screen')]);
    for (const kind of ['camera', 'screen'] as const) {
      pictures.views.draw(Symbol(kind), { endpointId: 'e2', source: kind, width: 640, height: 360, pinned: false });
    }
    return { pictures, camera };
  }

  beforeEach(() => setPictureMode('automatic'));

  it('are said to be paused when they were to come all the time; a screen only on a weak connection', () => {
    const { pictures } = watching();
    pictures.measure(still, room(), 'good');
    expect([...pictures.paused.value]).toEqual([]);
    pictures.measure(still, room(), 'good');
    expect([...pictures.paused.value]).toEqual(['c-camera']);
    pictures.measure(still, room(), 'weak');
    expect([...pictures.paused.value]).toEqual(['c-camera', 'c-screen']);
    pictures.measure([counted('t-camera', 30), counted('t-screen', 30)], room(), 'weak');
    expect([...pictures.paused.value]).toEqual([]);
    pictures.stop();
  });

  it('are nobody’s concern while their sender has turned them off, or nobody wants them', () => {
    const { pictures } = watching();
    pictures.measure(still, room(true), 'bad');
    pictures.measure(still, room(true), 'bad');
    expect([...pictures.paused.value]).toEqual([]);
    setPictureMode('sound');
    pictures.measure(still, room(), 'bad');
    pictures.measure(still, room(), 'bad');
    expect([...pictures.paused.value]).toEqual([]);
    pictures.stop();
  });

  it('are due while a camera is drawn, on, and was received; a screen may stand still', () => {
    const { pictures } = watching();
    const due = () => pictures.due(room());
    expect(due(), 'it is not known yet whether it comes').toBe(0);
    pictures.measure([counted('t-camera', 30), counted('t-screen', 30)], room(), 'good');
    expect(due()).toBe(1);
    expect(pictures.due(room(true))).toBe(0);
    pictures.measure([counted('t-camera', 30), counted('t-screen', 30)], room(), 'good');
    expect(due(), 'the relay has no room for it').toBe(0);
    pictures.measure([counted('t-camera', 60), counted('t-screen', 60)], room(), 'good');
    expect(due()).toBe(1);
    pictures.receive([remote('screen')]);
    expect(due()).toBe(0);
    pictures.stop();
  });

  it('of one’s own follow the reader’s choice and what others look at', () => {
    const { pictures, camera } = watching();
    setPictureMode('low');
    expect(camera.cap.mock.calls).toEqual([[null], [1]]);
    const nobody = { type: 'layers_wanted', meetingId: 'm1', producers: [{ producerId: 'own', highest: -1 }] } as const;
    pictures.hear({ ...nobody, producers: [...nobody.producers] }, 40);
    pictures.hear({ ...nobody, producers: [...nobody.producers] }, 2);
    expect(camera.want.mock.calls, 'among few, who comes next sees the small picture at once').toEqual([
      ['own', -1],
      ['own', 0],
    ]);
    pictures.stop();
    setPictureMode('sound');
    expect(camera.cap).toHaveBeenCalledTimes(2);
    expect([pictureMode.value, localStorage.getItem('plenum.pictures')]).toEqual(['sound', 'sound']);
  });
});
