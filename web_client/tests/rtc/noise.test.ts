import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openMicrophone } from '../../src/rtc/devices';
import { deviceLabel, manyVoices, noiseState, setNoiseWanted, stopTrack, wantedBy } from '../../src/rtc/noise';

const filter = { end: vi.fn() };
let runs = true;
let passes = true;

vi.mock('../../src/rtc/noiseNode', () => ({
  makeFilter: () => {
    if (!runs) throw new Error('no WebAssembly here');
    return Promise.resolve({ node: new Node(() => passes), end: filter.end });
  },
}));

/** A node of the sound graph; what is connected to it hears something, or not. */
class Node extends EventTarget {
  readonly sounds: () => boolean;
  constructor(sounds: () => boolean = () => true) {
    super();
    this.sounds = sounds;
  }
  connect(to: Node & { from?: Node }): Node {
    to.from = this;
    return to;
  }
  disconnect(): void {}
}

class Track extends EventTarget {
  readonly kind = 'audio';
  readyState = 'live';
  readonly label: string;
  constructor(label: string) {
    super();
    this.label = label;
  }
  stop(): void {
    this.readyState = 'ended';
  }
}

const contexts: { state: string }[] = [];
const opened: { track: Track; constraints: MediaTrackConstraints }[] = [];

beforeEach(() => {
  [runs, passes] = [true, true];
  vi.clearAllMocks();
  opened.length = 0;
  contexts.length = 0;
  manyVoices.value = false;
  setNoiseWanted(true);
  class Context extends EventTarget {
    state = 'running';
    constructor() {
      super();
      contexts.push(this);
    }
    createMediaStreamSource(): Node {
      return new Node();
    }
    resume(): Promise<void> {
      return Promise.resolve();
    }
    close(): Promise<void> {
      this.state = 'closed';
      return Promise.resolve();
    }
  }
  class Analyser extends Node {
    readonly fftSize = 4;
    from?: Node;
    getFloatTimeDomainData(samples: Float32Array): void {
      samples.fill(this.from?.sounds() ? 0.1 : 0);
    }
  }
  class Target extends Node {
    readonly stream = { getAudioTracks: () => [new Track('MediaStreamAudioDestinationNode')] };
  }
  vi.stubGlobal('AudioContext', Context);
  vi.stubGlobal('AudioWorkletNode', Node);
  vi.stubGlobal('AnalyserNode', Analyser);
  vi.stubGlobal('MediaStreamAudioDestinationNode', Target);
  vi.stubGlobal('MediaStream', EventTarget);
  const getUserMedia = ({ audio }: { audio: MediaTrackConstraints }) => {
    const track = new Track('Desk microphone');
    opened.push({ track, constraints: audio });
    return Promise.resolve({ getTracks: () => [track] });
  };
  const mediaDevices = { getUserMedia, enumerateDevices: () => Promise.resolve([]) };
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: mediaDevices });
});
afterEach(() => vi.unstubAllGlobals());

const suppressions = () => opened.map((one) => one.constraints.noiseSuppression);

describe('the noise filter', () => {
  it('runs where it costs little, unless the reader has chosen', () => {
    expect([wantedBy(null, 2), wantedBy(null, 8), wantedBy(null, undefined)]).toEqual([false, true, false]);
    expect([wantedBy('on', 2), wantedBy('off', 8)]).toEqual([true, false]);
  });

  it('takes the place of the browser’s own, under the name of the microphone', async () => {
    const track = await openMicrophone();
    expect(suppressions()).toEqual([false]);
    expect(noiseState.value).toBe('on');
    expect(deviceLabel(track)).toBe('Desk microphone');
    expect(track.label).not.toBe('Desk microphone');
  });

  it('gives the microphone back with its own track, and says when it was unplugged', async () => {
    const track = await openMicrophone();
    const ended = vi.fn();
    track.addEventListener('ended', ended);
    opened[0]?.track.dispatchEvent(new Event('ended'));
    expect(ended).toHaveBeenCalledTimes(1);
    stopTrack(track);
    expect(opened[0]?.track.readyState).toBe('ended');
    expect(filter.end).toHaveBeenCalledTimes(1);
    expect(contexts.map((one) => one.state)).toEqual(['closed']);
  });

  it.each([
    ['cannot run', () => (runs = false)],
    ['lets nothing pass', () => (passes = false)],
  ])('that %s mutes nobody: the browser’s own is used', async (_, breakIt) => {
    breakIt();
    const track = await openMicrophone();
    expect(suppressions()).toEqual([false, true]);
    expect(opened[0]?.track.readyState).toBe('ended');
    expect(track).toBe(opened[1]?.track);
    expect(noiseState.value).toBe('browser');
    expect(contexts.map((one) => one.state)).toEqual(['closed']);
  });

  it('is not for halls, where many speak from afar, nor for who turned it off', async () => {
    manyVoices.value = true;
    await openMicrophone();
    manyVoices.value = false;
    setNoiseWanted(false);
    const track = await openMicrophone();
    expect(suppressions()).toEqual([true, true]);
    expect(noiseState.value).toBe('off');
    stopTrack(track);
    expect(opened[1]?.track.readyState).toBe('ended');
  });
});
