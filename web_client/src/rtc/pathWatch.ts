import type { types } from 'mediasoup-client';

export const LOOK_MS = 250;
/** So many looks without anything received, and the way is doubted: browsers themselves need six seconds. */
export const SILENT_LOOKS = 3;
/** So many are enough where something was sent in each: of what is sent the relay tells something ten times a second. */
export const UNANSWERED_LOOKS = 2;
/** So often something must have come before, since the last doubt. */
export const LIVE_LOOKS = 4;
const FIND_AGAIN_LOOKS = 20;
const TOGETHER_MS = 1_000;

/** What one transport has carried so far, in bytes. */
export interface Carried {
  readonly sent: number;
  readonly received: number;
}

/** Finds the moment at which a transport that used to hear from the relay hears nothing more. */
export class Flow {
  readonly #answered: boolean;
  #last: Carried | null = null;
  #live = 0;
  #silent = 0;
  #unanswered = 0;

  /** `answered`: the relay answers what is sent by this transport. */
  constructor(answered: boolean) {
    this.#answered = answered;
  }

  /** It was told of nothing that was sent meanwhile: that is proof. */
  get proven(): boolean {
    return this.#answered && this.#unanswered > 0;
  }

  /** One look more without anything, and it has fallen silent. */
  get fading(): boolean {
    return this.#live >= LIVE_LOOKS && this.#silent === SILENT_LOOKS - 1;
  }

  /** Take the newest counters; true once for each silence. */
  fellSilent(now: Carried): boolean {
    const last = this.#last;
    this.#last = now;
    if (!last || now.received < last.received) return false;
    if (now.received > last.received) {
      this.#live += 1;
      this.#silent = 0;
      this.#unanswered = 0;
      return false;
    }
    this.#silent += 1;
    if (now.sent > last.sent) this.#unanswered += 1;
    const enough = this.#silent >= SILENT_LOOKS || (this.#answered && this.#unanswered >= UNANSWERED_LOOKS);
    if (this.#live < LIVE_LOOKS || !enough) return false;
    this.#live = 0;
    return true;
  }
}

type Statistics = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Watches one transport. Of its statistics, which are many, only those of the pair in use are read most of the time. */
class Watched {
  readonly transport: types.Transport;
  readonly #flow: Flow;
  #pair = '';
  #looks = 0;
  /** When it fell silent the last time. */
  silentAt = -Infinity;
  /** Whether the last look was the one before it may fall silent. */
  fading = false;

  constructor(transport: types.Transport) {
    this.transport = transport;
    this.#flow = new Flow(transport.direction === 'send');
  }

  /** Whether it has just fallen silent. */
  async look(now: number): Promise<boolean> {
    this.fading = false;
    const statistics = (await this.transport.getStats()) as unknown as Statistics;
    if (this.#looks % FIND_AGAIN_LOOKS === 0 || !statistics.has(this.#pair)) this.#pair = pairInUse(statistics);
    this.#looks += 1;
    const pair = statistics.get(this.#pair);
    if (!pair) return false;
    const carried = { sent: Number(pair.bytesSent ?? 0), received: Number(pair.bytesReceived ?? 0) };
    const silent = this.#flow.fellSilent(carried);
    this.fading = this.#flow.fading;
    if (!silent) return false;
    this.silentAt = now;
    return true;
  }

  get proven(): boolean {
    return this.#flow.proven;
  }
}

function pairInUse(statistics: Statistics): string {
  for (const [id, one] of statistics) {
    if (one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded' && one.bytesReceived) return id;
  }
  return '';
}

/**
 * Notices within a second that a call's way to the relay is gone, as after a change of network.
 *
 * A transport may also fall silent because nobody speaks. What proves more: nothing comes back for what is sent, or both
 * are silent, or the hub does not answer either.
 */
export class PathWatch {
  readonly #hubIsThere: () => Promise<boolean>;
  readonly #lost: (transport: types.Transport) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #hub: Promise<boolean> | null = null;

  constructor(hubIsThere: () => Promise<boolean>, lost: (transport: types.Transport) => void) {
    this.#hubIsThere = hubIsThere;
    this.#lost = lost;
  }

  start(transports: readonly types.Transport[]): void {
    this.stop();
    const watched = transports.map((transport) => new Watched(transport));
    let looking = false;
    this.#timer = setInterval(() => {
      if (looking) return;
      looking = true;
      this.#look(watched)
        .catch(() => undefined) // a transport was closed meanwhile
        .finally(() => {
          looking = false;
        });
    }, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(watched: readonly Watched[]): Promise<void> {
    const now = Date.now();
    const silent: Watched[] = [];
    for (const one of watched) if (await one.look(now)) silent.push(one);
    if (watched.some((one) => one.fading)) this.#hub = this.#hubIsThere(); // so that the answer is there in time
    if (silent.length === 0) return;
    const together = watched.filter((one) => now - one.silentAt <= TOGETHER_MS);
    const certain = together.length > 1 || silent.some((one) => one.proven);
    if (certain || !(await this.#hub)) for (const one of silent) this.#lost(one.transport);
  }
}
