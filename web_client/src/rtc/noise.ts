import { signal } from '@preact/signals';

/** `browser`: the filter was wanted and could not run, so that the browser's own is used. */
export type NoiseState = 'off' | 'on' | 'browser';

const STORED = 'plenum.noise';
/** Fewer cores have enough to do with the pictures. */
const CORES = 4;
const RUNS_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 40;

/** Whether the reader wants noise to be taken out of what the microphone hears; remembered by the computer. */
export const noiseWanted = signal(wantedBy(localStorage.getItem(STORED), navigator.hardwareConcurrency));
/** What is done about noise in the microphone that is open. */
export const noiseState = signal<NoiseState>('off');
/** In a hall many speak from afar into one microphone: none of them may be taken for noise. */
export const manyVoices = signal(false);

export function setNoiseWanted(wanted: boolean): void {
  noiseWanted.value = wanted;
  localStorage.setItem(STORED, wanted ? 'on' : 'off');
}

/** What is done where nobody has chosen: the filter runs where it costs little. */
export function wantedBy(stored: string | null, cores: number | undefined): boolean {
  return stored === null ? (cores ?? 0) >= CORES : stored === 'on';
}

/** Whether this browser can filter sound by a program of its own. */
export function canFilterNoise(): boolean {
  return 'AudioContext' in globalThis && 'AudioWorkletNode' in globalThis;
}

interface Feed {
  readonly label: string;
  readonly close: () => void;
}
/** What feeds a filtered track. */
const feeds = new WeakMap<MediaStreamTrack, Feed>();

/**
 * Return the sound of a microphone without its noise (GTCRN, which hears speech up to 8 kHz, 32 ms late).
 *
 * Rejects where it cannot run or would be silent; the microphone is left as it was then. End the track with
 * {@link stopTrack}, which gives the microphone back as well.
 */
export async function filterNoise(microphone: MediaStreamTrack): Promise<MediaStreamTrack> {
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  try {
    const { makeFilter } = await import('./noiseNode');
    const filter = await makeFilter(context);
    const source = context.createMediaStreamSource(new MediaStream([microphone]));
    const target = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    source.connect(filter.node).connect(target);
    await within(RUNS_WITHIN_MS, context.resume());
    await isHeard(context, source, filter.node);
    const [track] = target.stream.getAudioTracks();
    if (!track) throw new Error('no track');
    const close = () => {
      microphone.stop();
      filter.end();
      if (context.state !== 'closed') void context.close();
    };
    feeds.set(track, { label: microphone.label, close });
    microphone.addEventListener('ended', () => track.dispatchEvent(new Event('ended'))); // unplugged
    context.addEventListener('statechange', () => {
      if (context.state !== 'running' && context.state !== 'closed') void context.resume();
    });
    return track;
  } catch (error) {
    void context.close();
    throw error;
  }
}

/** End a track and give back the device behind it. */
export function stopTrack(track: MediaStreamTrack): void {
  track.stop();
  feeds.get(track)?.close();
}

/** The name of the device behind a track. */
export function deviceLabel(track: MediaStreamTrack): string {
  return feeds.get(track)?.label ?? track.label;
}

/**
 * Resolve once what goes in comes out. A filter whose program could not be started passes on nothing, without a word;
 * nobody is to be muted by that. A microphone that is silent itself proves nothing, and is let pass.
 */
async function isHeard(context: AudioContext, before: AudioNode, after: AudioNode): Promise<void> {
  const [input, output] = [meter(context, before), meter(context, after)];
  let heard = false;
  try {
    for (let waited = 0; waited < RUNS_WITHIN_MS; waited += LOOK_EVERY_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      if (output.sounds()) return;
      heard ||= input.sounds();
    }
    if (heard) throw new Error('the filter is silent');
  } finally {
    input.end();
    output.end();
  }
}

function meter(context: AudioContext, node: AudioNode): { sounds: () => boolean; end: () => void } {
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  const samples = new Float32Array(analyser.fftSize);
  node.connect(analyser);
  return {
    sounds: () => {
      analyser.getFloatTimeDomainData(samples);
      return samples.some((sample) => sample !== 0);
    },
    end: () => node.disconnect(analyser),
  };
}

async function within(ms: number, task: Promise<void>): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('too late')), ms); // a browser that waits for a press says nothing
  });
  await Promise.race([task, late]);
}
