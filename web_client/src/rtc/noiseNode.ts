import { GtcrnWorkletNode, loadGtcrn } from '@sapphi-red/web-noise-suppressor';
import program from '@sapphi-red/web-noise-suppressor/gtcrn.wasm?url';
import worklet from '@sapphi-red/web-noise-suppressor/gtcrnWorklet.js?url';

/** Make the node that takes noise out of speech, in a context of 48 kHz. Everything comes from our own origin. */
export async function makeFilter(context: AudioContext): Promise<{ node: AudioNode; end: () => void }> {
  const [wasmBinary] = await Promise.all([loadGtcrn({ url: program }), context.audioWorklet.addModule(worklet)]);
  const node = new GtcrnWorkletNode(context, { maxChannels: 1, wasmBinary });
  node.channelCount = 1; // of a second channel nothing would come out, and the voice would have half its strength
  node.channelCountMode = 'explicit';
  const end = () => {
    node.destroy();
    node.disconnect();
  };
  return { node, end };
}
