import { signal } from '@preact/signals';
import type { Call, MediaRequester } from './call';
import { Patience } from './patience';
import { type Measured, Measurement, type Quality, rate, SteadyQuality } from './quality';

const EVERY_MS = 3_000;
/** What is not good is said again now and then: a hub that was restarted takes silence for good. */
const REPEAT_MS = 12_000;

type Received = (receive: Record<string, unknown>[], quality: Quality) => void;

/** Measures the own connection while there is a call, and tells the others. */
export class QualityReports {
  readonly own = signal<Quality>('good');
  /** What was measured last, for who wants to know more than a word; null: nothing yet. */
  readonly measured = signal<Measured | null>(null);
  readonly #requester: MediaRequester;
  readonly #onReceived: Received | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #said: { quality: Quality; at: number } | null = null;

  /** `onReceived` gets what the browser counted of receiving, each time, and how good the connection is. */
  constructor(requester: MediaRequester, onReceived?: Received) {
    this.#requester = requester;
    this.#onReceived = onReceived;
  }

  start(call: Pick<Call, 'statistics' | 'wait'>): void {
    this.stop();
    const measurement = new Measurement();
    const patience = new Patience();
    const steady = new SteadyQuality();
    this.#timer = setInterval(() => {
      call.statistics().then(
        ([send, receive]) => {
          const measured = measurement.read(send, receive, Date.now());
          this.#tell(steady.next(rate(measured)), Date.now());
          if (this.#timer === undefined) return;
          this.measured.value = measured;
          call.wait(patience.next(measured.receiveLoss, measured.roundTripMs));
          this.#onReceived?.(receive, this.own.value);
        },
        () => undefined, // the call has ended
      );
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#said = null;
    this.own.value = 'good';
    this.measured.value = null;
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
