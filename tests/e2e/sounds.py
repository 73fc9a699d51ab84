"""What is heard in a room: how loud it is, and microphones with a voice or with noise before them."""

from typing import Final

from tests.e2e.person import Person

# How loud (root mean square, 0 to 1) the loudest sound is that this page plays. Runs in the page.
LOUDNESS: Final = """async () => {
  const context = new AudioContext();
  const meters = [...document.querySelectorAll('audio')].filter((one) => one.srcObject).map((one) => {
    const meter = new AnalyserNode(context, { fftSize: 2048 });
    context.createMediaStreamSource(one.srcObject).connect(meter);
    return meter;
  });
  await new Promise((resolve) => setTimeout(resolve, 400));
  const levels = meters.map((meter) => {
    const wave = new Float32Array(meter.fftSize);
    meter.getFloatTimeDomainData(wave);
    return Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
  });
  await context.close();
  return Math.max(0, ...levels);
}"""
LOUD: Final = 0.05

# After `hear('voice')` or `hear('noise')` microphones that are opened hear that, and change with the next call; after
# `hear(null)` they are the browser's own. The voice is what a program for speech takes for one: harmonics of a pitch
# that moves, through the formants of an "a", in syllables.
SOUND_BEFORE_MICROPHONES: Final = """() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const [open, rate, seconds] = [devices.getUserMedia.bind(devices), 48000, 4];
  const formants = [[700, 130, 1], [1220, 170, 0.5], [2600, 250, 0.25]];
  const strength = (hertz, [at, wide, part]) => part / (1 + ((hertz - at) / wide) ** 2);
  const through = (hertz) => formants.reduce((sum, one) => sum + strength(hertz, one), 0);
  const sounds = {
    noise: () => 0.5 * (Math.random() - 0.5),
    voice: (at) => {
      const round = 2 * Math.PI * at;
      const [pitch, phase] = [120 + 15 * Math.cos(round), 120 * round + 15 * Math.sin(round)];
      let sum = 0;
      for (let n = 1; n * pitch < 4000; n += 1) sum += through(n * pitch) * Math.sin(n * phase);
      return 0.12 * sum * Math.max(0, Math.sin(3 * round)) ** 0.5;
    },
  };
  const gains = {};
  let heard = null;
  window.hear = (name) => {
    heard = name;
    for (const [one, { gain }] of Object.entries(gains)) gain.value = one === name ? 1 : 0;
  };
  devices.getUserMedia = async (wanted) => {
    if (!wanted.audio || !heard) return open(wanted);
    const context = new AudioContext({ sampleRate: rate });
    const out = context.createMediaStreamDestination();
    for (const [name, made] of Object.entries(sounds)) {
      const buffer = context.createBuffer(1, rate * seconds, rate);
      buffer.getChannelData(0).forEach((_, index, all) => { all[index] = made(index / rate); });
      const source = new AudioBufferSourceNode(context, { buffer, loop: true });
      gains[name] = new GainNode(context, { gain: name === heard ? 1 : 0 });
      source.connect(gains[name]).connect(out);
      source.start();
    }
    return out.stream;
  };
}"""


async def loudness(person: Person) -> float:
    """How loud it is at this moment, from 0 to 1."""
    return float(await person.page.evaluate(LOUDNESS))


async def hears(person: Person) -> bool:
    """Whether anything is heard."""
    return await loudness(person) > LOUD
