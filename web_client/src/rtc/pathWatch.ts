import type { types } from 'mediasoup-client';

export const LOOK_MS = 200;
/** A busy page looks late, and at once again: in no time nothing comes. */
const LEAST_MS = 150;
/** So many looks without anything received, and the way is doubted: browsers themselves need six seconds. */
export const SILENT_LOOKS = 3;
/** So many are enough where there is proof, see {@link Flow.proven}. */
export const PROVEN_LOOKS = 2;
/** The picture of a single person stands still for so many where that person's own line falters. */
const ONE_PICTURE_LOOKS = 5;
/** While a silence lasts the hub is asked again; the first time a look before the answer is needed. */
const ASK_EVERY_LOOKS = 10;
/** So often something must have come before, look by look, since the last doubt. */
export const LIVE_LOOKS = 4;
/** A bad line is not a lost one: it is not made worse by repairing it all the time. */
const BETWEEN_REPAIRS_MS = 5_000;
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

  /** `answered`: of what is sent by this transport the relay tells something ten times a second. */
  constructor(answered: boolean) {
    this.#answered = answered;
  }

  /** For how many looks nothing came; none while it is not known that anything ever did. */
  get silent(): number {
    return this.#live >= LIVE_LOOKS ? this.#silent : 0;
  }

  /** It was told of nothing that was sent in each look. */
  get proven(): boolean {
    return this.#answered && this.silent > 0 && this.#unanswered >= PROVEN_LOOKS;
  }

  /** Take the newest counters. Where they are lower than before, the way is another one. */
  take(now: Carried): void {
    const last = this.#last;
    this.#last = now;
    if (!last) return;
    if (now.received !== last.received) {
      if (now.received > last.received) this.#live += 1;
      this.#silent = 0;
      this.#unanswered = 0;
      return;
    }
    if (this.#live < LIVE_LOOKS) this.#live = 0; // a report now and then is no flow
    this.#silent += 1;
    if (now.sent > last.sent) this.#unanswered += 1;
  }

  /** It is being repaired: there is no other doubt before it is heard again. */
  doubt(): void {
    this.#live = 0;
  }
}

type Entry = Readonly<Record<string, unknown>>;
type Statistics = ReadonlyMap<string, Entry>;

/** Watches one transport. Of its statistics, which are many, only those of the pair in use are read most of the time. */
class Watched {
  readonly transport: types.Transport;
  readonly flow: Flow;
  repairedAt = -Infinity;
  /** The entry that tells which pair is in use: the transport's in Chromium, in Firefox the pair's own. */
  #telling = '';

  constructor(transport: types.Transport) {
    this.transport = transport;
    this.flow = new Flow(transport.direction === 'send');
  }

  async look(): Promise<void> {
    const statistics = (await this.transport.getStats()) as unknown as Statistics;
    const pair = this.#pairInUse(statistics);
    if (pair) this.flow.take({ sent: Number(pair.bytesSent ?? 0), received: Number(pair.bytesReceived ?? 0) });
  }

  #pairInUse(statistics: Statistics): Entry | undefined {
    const known = pairBy(statistics, statistics.get(this.#telling));
    if (known) return known;
    for (const [id, entry] of statistics) {
      const pair = pairBy(statistics, entry);
      if (!pair) continue;
      this.#telling = id;
      return pair;
    }
    return undefined;
  }
}

function pairBy(statistics: Statistics, entry: Entry | undefined): Entry | undefined {
  if (entry?.type === 'transport') return statistics.get(String(entry.selectedCandidatePairId));
  return entry?.selected === true ? entry : undefined;
}

/** What tells a lost way from one on which there is nothing to say. */
export interface Evidence {
  hubIsThere(): Promise<boolean>;
  /** From how many cameras a picture should be received at this moment. */
  picturesDue(): number;
}

/**
 * Notices within a second that a call's way to the relay is gone, as after a change of network.
 *
 * A transport may also fall silent because nobody speaks. What proves more: nothing comes back for what is sent, or both
 * are silent, or the pictures of several people stop together, or that of one for long, or the hub does not answer either.
 * With one that is proven to be lost goes every other silent one: each would come to its own proof later.
 */
export class PathWatch {
  readonly #evidence: Evidence;
  readonly #lost: (transport: types.Transport) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #hub: Promise<boolean> | null = null;
  #provenAt = -Infinity;

  constructor(evidence: Evidence, lost: (transport: types.Transport) => void) {
    this.#evidence = evidence;
    this.#lost = lost;
  }

  start(transports: readonly types.Transport[]): void {
    this.stop();
    const watched = transports.map((transport) => new Watched(transport));
    let looking = false;
    let lookedAt = -Infinity;
    const timer = setInterval(() => {
      if (looking || Date.now() - lookedAt < LEAST_MS) return;
      looking = true;
      lookedAt = Date.now();
      void this.#look(watched, () => timer === this.#timer).finally(() => {
        looking = false;
      });
    }, LOOK_MS);
    this.#timer = timer;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(watched: readonly Watched[], goesOn: () => boolean): Promise<void> {
    await Promise.allSettled(watched.map((one) => one.look())); // one may have been closed meanwhile
    const silent = watched.filter((one) => one.flow.silent >= PROVEN_LOOKS);
    if (silent.length === 0 || !goesOn()) return;
    const long = silent.filter((one) => one.flow.silent >= SILENT_LOOKS);
    if (this.#isProven(silent, long)) this.#provenAt = Date.now();
    if (Date.now() - this.#provenAt <= TOGETHER_MS) this.#repair(silent);
    else if (silent.some((one) => one.flow.silent % ASK_EVERY_LOOKS === PROVEN_LOOKS)) this.#hub = this.#evidence.hubIsThere();
    else if (this.#hub && !(await this.#hub) && goesOn()) this.#repair(long);
  }

  #isProven(silent: readonly Watched[], long: readonly Watched[]): boolean {
    if (silent.some((one) => one.flow.proven) || long.length > 1) return true;
    const receiving = long.find((one) => one.transport.direction === 'recv');
    if (!receiving) return false;
    const due = this.#evidence.picturesDue();
    return due > 1 || (due === 1 && receiving.flow.silent >= ONE_PICTURE_LOOKS);
  }

  #repair(lost: readonly Watched[]): void {
    const now = Date.now();
    for (const one of lost.filter(({ repairedAt }) => now - repairedAt >= BETWEEN_REPAIRS_MS)) {
      one.repairedAt = now;
      one.flow.doubt();
      this.#lost(one.transport);
    }
  }
}
