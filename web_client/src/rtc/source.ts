import { signal } from '@preact/signals';
import type { types } from 'mediasoup-client';
import type { Call, MediaRequester, Source } from './call';
import { suits } from './encodings';
import { LayerLimit, lower } from './layerLimit';
import { deviceLabel, stopTrack } from './noise';
import { deviceProblem, type DeviceProblem, refreshDevices } from './devices';

export interface SourceOptions {
  source: Source;
  open: () => Promise<MediaStreamTrack>;
  /** Give the device back while it is off: a camera's light goes out; a microphone stays ready. */
  releaseWhenOff: boolean;
  /** End the producer when it is turned off, instead of pausing it. */
  closeWhenOff?: boolean;
  /** Go on with another device when the one in use is unplugged. */
  replace?: boolean;
}

/** A device was unplugged while it was in use: its name, and the one that took its place, if there is another. */
export interface Unplugged {
  readonly was: string;
  readonly now: string | null;
}

/**
 * A microphone, camera or screen of this computer: turned on and off by the reader, and published in the call while
 * there is one. It outlives calls. Changes are done one after the other.
 */
export class LocalSource {
  readonly source: Source;
  readonly on = signal(false);
  readonly busy = signal(false);
  readonly track = signal<MediaStreamTrack | null>(null);
  readonly problem = signal<DeviceProblem | null>(null);
  readonly unplugged = signal<Unplugged | null>(null);
  readonly #options: SourceOptions;
  readonly #requester: MediaRequester;
  #call: Call | null = null;
  #producer: types.Producer | null = null;
  #limit: LayerLimit | null = null;
  #cap: number | null = null;
  #wanted: number | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(requester: MediaRequester, options: SourceOptions) {
    this.source = options.source;
    this.#requester = requester;
    this.#options = options;
  }

  /** Turn it on or off. A device that cannot be opened is said in `problem`; other failures reject. */
  set(on: boolean): Promise<void> {
    return this.#inTurn(() => (on ? this.#turnOn() : this.#turnOff()));
  }

  /** Change to the device that is chosen now, without a pause for the others. */
  reopen(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.track.value) return;
      if (!this.on.value) {
        this.#stopTrack();
        return;
      }
      this.#stopTrack();
      const track = await this.#openTrack();
      if (!track) await this.#turnOff();
      else if (this.#producer) await this.#exchange(this.#producer, track);
    });
  }

  /** Publish in a new call what is on, and have it ready what is off. */
  join(call: Call): Promise<void> {
    return this.#inTurn(async () => {
      this.#call = call;
      this.#producer = null;
      if (this.track.value) await this.#publish();
    });
  }

  /** Stop sending, since the call has ended; the device stays as it is. */
  leave(): void {
    this.#call = null;
    this.#producer = null;
  }

  /**
   * Obey a chair who muted: `paused` is what the room says of the own producer. A state of the room that came while this
   * source was being changed may be older than the change, and is left to the next one.
   */
  heed(paused: ReadonlyMap<string, boolean>): void {
    const producer = this.#producer;
    if (!producer || this.busy.value || !this.on.value || !paused.get(producer.id)) return;
    producer.pause();
    this.on.value = false;
    if (this.#options.releaseWhenOff) this.#stopTrack();
  }

  /** Publish again what a room that was found again does not know (`known`: ids of the own producers in it). */
  restore(known: ReadonlySet<string>): Promise<void> {
    const lost = this.#producer;
    if (!lost || known.has(lost.id)) return Promise.resolve();
    return this.#inTurn(async () => {
      if (this.#producer !== lost) return;
      lost.close();
      this.#producer = null;
      await this.#publish();
    });
  }

  /** Send no better encoding than this one (0 is the smallest); null: whatever is wanted. */
  cap(highest: number | null): void {
    this.#cap = highest;
    this.#limit?.set(lower(this.#cap, this.#wanted));
  }

  /** The best encoding that anybody looks at; -1: none is sent until somebody does, null: nobody knows. */
  want(producerId: string, highest: number | null): void {
    if (producerId !== this.#producer?.id) return;
    this.#wanted = highest;
    this.#limit?.set(lower(this.#cap, this.#wanted));
  }

  get producerId(): string | null {
    return this.#producer?.id ?? null;
  }

  /** Give the device back for good. */
  release(): void {
    this.leave();
    this.#stopTrack();
    this.on.value = false;
  }

  async #turnOn(): Promise<void> {
    if (this.on.value) return;
    const track = this.track.value ?? (await this.#openTrack());
    if (!track) return;
    track.enabled = true;
    if (!this.#producer) await this.#publish(false);
    else await this.#resume(this.#producer, track);
    this.on.value = true;
  }

  async #resume(producer: types.Producer, track: MediaStreamTrack): Promise<void> {
    if (producer.track !== track && (await this.#exchange(producer, track)) !== producer) return;
    await this.#requester.request('media.set_producer', { producerId: producer.id, paused: false });
    producer.resume();
  }

  /** Send another track in place of the one before. A picture of quite another size needs another producer. */
  async #exchange(producer: types.Producer, track: MediaStreamTrack): Promise<types.Producer | null> {
    if (suits(producer, this.source, track)) {
      await producer.replaceTrack({ track });
      return producer;
    }
    producer.close();
    this.#producer = null;
    await this.#publish(false);
    return this.#producer;
  }

  async #turnOff(): Promise<void> {
    if (!this.on.value) return;
    this.on.value = false;
    const producer = this.#producer;
    producer?.pause();
    if (this.track.value) this.track.value.enabled = false;
    if (this.#options.releaseWhenOff) this.#stopTrack();
    if (!producer) return;
    if (this.#options.closeWhenOff) {
      this.#producer = null;
      producer.close();
      await this.#requester.request('media.close_producer', { producerId: producer.id });
    } else await this.#requester.request('media.set_producer', { producerId: producer.id, paused: true });
  }

  async #publish(paused = !this.on.value): Promise<void> {
    const track = this.track.value;
    if (!this.#call || !track) return;
    this.#producer = await this.#call.publish(this.source, track, paused);
    this.#wanted = null; // of another producer
    const sender = track.kind === 'video' ? this.#producer.rtpSender : undefined;
    this.#limit = sender ? new LayerLimit(sender) : null;
    this.#limit?.set(this.#cap);
  }

  async #openTrack(): Promise<MediaStreamTrack | null> {
    try {
      const track = await this.#options.open();
      track.addEventListener('ended', () => void this.#ended(track).catch(() => undefined));
      this.track.value = track;
      this.problem.value = null;
      return track;
    } catch (error) {
      this.problem.value = deviceProblem(error);
      return null;
    }
  }

  /** The device is gone, or the reader ended it in the browser. */
  #ended(track: MediaStreamTrack): Promise<void> {
    if (!this.#options.replace) return this.set(false);
    return this.#inTurn(async () => {
      if (this.track.value !== track) return;
      this.#stopTrack();
      if (!this.on.value) return;
      await refreshDevices(); // so that the one that is gone is not chosen again
      const next = await this.#openTrack();
      this.unplugged.value = { was: deviceLabel(track), now: next && deviceLabel(next) };
      if (!next) await this.#turnOff();
      else if (this.#producer) await this.#exchange(this.#producer, next);
    });
  }

  #stopTrack(): void {
    if (this.track.value) stopTrack(this.track.value);
    this.track.value = null;
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(async () => {
      this.busy.value = true;
      try {
        await task();
      } finally {
        this.busy.value = false;
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
