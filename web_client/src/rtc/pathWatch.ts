import type { types } from 'mediasoup-client';

export const LOOK_MS = 250;
/** So many looks without anything received, and the way is doubted: browsers themselves need six seconds. */
export const SILENT_LOOKS = 3;
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
  #last: Carried | null = null;
  #live = 0;
  #silent = 0;
  #unanswered = false;

  /** What was sent meanwhile did not lead to anything received. */
  get unanswered(): boolean {
    return this.#unanswered;
  }

  /** Take the newest counters; true once for each silence. */
  fellSilent(now: Carried): boolean {
    const last = this.#last;
    this.#last = now;
    if (!last || now.received < last.received) return false;
    if (now.received > last.received) {
      this.#live += 1;
      this.#silent = 0;
      this.#unanswered = false;
      return false;
    }
    this.#silent += 1;
    this.#unanswered ||= now.sent > last.sent;
    if (this.#live < LIVE_LOOKS || this.#silent < SILENT_LOOKS) return false;
    this.#live = 0;
    return true;
  }
}

type Statistics = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Watches one transport. Of its statistics, which are many, only those of the pair in use are read most of the time. */
class Watched {
  readonly transport: types.Transport;
  readonly #flow = new Flow();
  #pair = '';
  #looks = 0;
  /** When it fell silent the last time. */
  silentAt = -Infinity;

  constructor(transport: types.Transport) {
    this.transport = transport;
  }

  /** Whether it has just fallen silent. */
  async look(now: number): Promise<boolean> {
    const statistics = (await this.transport.getStats()) as unknown as Statistics;
    if (this.#looks % FIND_AGAIN_LOOKS === 0 || !statistics.has(this.#pair)) this.#pair = pairInUse(statistics);
    this.#looks += 1;
    const pair = statistics.get(this.#pair);
    if (!pair) return false;
    const carried = { sent: Number(pair.bytesSent ?? 0), received: Number(pair.bytesReceived ?? 0) };
    if (!this.#flow.fellSilent(carried)) return false;
    this.silentAt = now;
    return true;
  }

  /** Of what is sent the relay tells something ten times a second: silence then is proof. */
  get proven(): boolean {
    return this.transport.direction === 'send' && this.#flow.unanswered;
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
    if (silent.length === 0) return;
    const together = watched.filter((one) => now - one.silentAt <= TOGETHER_MS);
    const certain = together.length > 1 || silent.some((one) => one.proven);
    if (certain || !(await this.#hubIsThere())) for (const one of silent) this.#lost(one.transport);
  }
}
