import { signal } from '@preact/signals';
import type { Call, MediaRequester } from './call';
import { Measurement, type Quality, rate, SteadyQuality } from './quality';

const EVERY_MS = 3_000;
/** What is not good is said again now and then, for those who came meanwhile: they take silence for good. */
const REPEAT_MS = 12_000;

/** Measures the own connection while there is a call, and tells the others. */
export class QualityReports {
  readonly own = signal<Quality>('good');
  readonly #requester: MediaRequester;
  #timer: ReturnType<typeof setInterval> | undefined;
  #said: { quality: Quality; at: number } | null = null;

  constructor(requester: MediaRequester) {
    this.#requester = requester;
  }

  start(call: Pick<Call, 'statistics'>): void {
    this.stop();
    const measurement = new Measurement();
    const steady = new SteadyQuality();
    this.#timer = setInterval(() => {
      call.statistics().then(
        ([send, receive]) => this.#tell(steady.next(rate(measurement.read(send, receive))), Date.now()),
        () => undefined, // the call has ended
      );
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#said = null;
    this.own.value = 'good';
  }

  #tell(quality: Quality, now: number): void {
    if (this.#timer === undefined) return;
    this.own.value = quality;
    const said = this.#said;
    if (said?.quality === quality && (quality === 'good' || now - said.at < REPEAT_MS)) return;
    this.#said = { quality, at: now };
    this.#requester.request('ephemeral', { key: 'quality', value: quality }).catch(() => {
      this.#said = null; // said again as soon as there is a connection
    });
  }
}
