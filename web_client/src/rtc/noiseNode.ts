import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import program from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
import fastProgram from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';
import worklet from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url';

/** Make the node that takes noise out of speech, in a context of 48 kHz. Everything comes from our own origin. */
export async function makeFilter(context: AudioContext): Promise<{ node: AudioNode; end: () => void }> {
  const [wasmBinary] = await Promise.all([
    loadRnnoise({ url: program, simdUrl: fastProgram }),
    context.audioWorklet.addModule(worklet),
  ]);
  const node = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary });
  const end = () => {
    node.destroy();
    node.disconnect();
  };
  return { node, end };
}
