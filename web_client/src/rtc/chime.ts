const NOTES_HZ = [523.25, 659.25, 783.99];
const NOTE_S = 0.22;

/** Play three rising notes on the chosen loudspeaker, so that the reader knows whether they will hear the room. */
export async function playChime(deviceId?: string): Promise<void> {
  const context = new AudioContext();
  if (deviceId && 'setSinkId' in context) {
    await (context as AudioContext & { setSinkId(id: string): Promise<void> }).setSinkId(deviceId);
  }
  NOTES_HZ.forEach((frequency, index) => playNote(context, frequency, context.currentTime + index * NOTE_S));
  setTimeout(() => void context.close(), (NOTES_HZ.length + 2) * NOTE_S * 1000);
}

function playNote(context: AudioContext, frequency: number, at: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.25, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S * 1.6);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + NOTE_S * 1.7);
}
