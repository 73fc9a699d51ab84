/** How good a connection is, in the words that people see. */
export type Quality = 'good' | 'weak' | 'bad';

/** What was measured over one interval; null: nothing was sent or received that would tell. */
export interface Measured {
  /** Of the packets sent, which part did not reach the relay (0 to 1). */
  readonly sendLoss: number | null;
  /** Of the packets that the relay sent, which part did not arrive. */
  readonly receiveLoss: number | null;
  readonly roundTripMs: number | null;
  /** What the browser believes it can send. */
  readonly outgoingBps: number | null;
}

const BAD_LOSS = 0.1;
const WEAK_LOSS = 0.03;
const BAD_ROUND_TRIP_MS = 800;
const WEAK_ROUND_TRIP_MS = 350;
const WEAK_OUTGOING_BPS = 150_000;

/** Rate one interval: what is worst decides. */
export function rate({ sendLoss, receiveLoss, roundTripMs, outgoingBps }: Measured): Quality {
  const loss = Math.max(sendLoss ?? 0, receiveLoss ?? 0);
  if (loss >= BAD_LOSS || (roundTripMs ?? 0) >= BAD_ROUND_TRIP_MS) return 'bad';
  if (loss >= WEAK_LOSS || (roundTripMs ?? 0) >= WEAK_ROUND_TRIP_MS) return 'weak';
  return (outgoingBps ?? Infinity) < WEAK_OUTGOING_BPS ? 'weak' : 'good';
}

/** A verdict that one bad interval does not change: two in a row do. */
export class SteadyQuality {
  #shown: Quality = 'good';
  #last: Quality = 'good';

  next(rated: Quality): Quality {
    if (rated === this.#last) this.#shown = rated;
    this.#last = rated;
    return this.#shown;
  }
}

interface Counters {
  readonly lost: number;
  readonly received: number;
}
type Statistics = Iterable<Record<string, unknown>>;

/** Reads `getStats` of both transports, interval by interval: counters count from the interval before. */
export class Measurement {
  #before: Counters = { lost: 0, received: 0 };

  read(send: Statistics, receive: Statistics): Measured {
    const outgoing = [...send];
    const incoming = [...receive];
    const pairs = [...outgoing, ...incoming].filter((one) => one.type === 'candidate-pair' && one.nominated === true);
    const trips = numbers(pairs, 'currentRoundTripTime');
    return {
      sendLoss: greatest(numbers(ofType(outgoing, 'remote-inbound-rtp'), 'fractionLost')),
      receiveLoss: this.#receiveLoss(ofType(incoming, 'inbound-rtp')),
      roundTripMs: trips.length > 0 ? Math.max(...trips) * 1000 : null,
      outgoingBps: greatest(numbers(pairs, 'availableOutgoingBitrate')),
    };
  }

  #receiveLoss(streams: Record<string, unknown>[]): number | null {
    const now = { lost: sum(streams, 'packetsLost'), received: sum(streams, 'packetsReceived') };
    const lost = Math.max(0, now.lost - this.#before.lost);
    const received = now.received - this.#before.received;
    this.#before = now;
    return received > 0 ? lost / (lost + received) : null; // fewer than before: streams have ended
  }
}

function ofType(statistics: Record<string, unknown>[], type: string): Record<string, unknown>[] {
  return statistics.filter((one) => one.type === type);
}

function numbers(entries: Record<string, unknown>[], key: string): number[] {
  return entries.map((one) => one[key]).filter((value) => typeof value === 'number');
}

function sum(entries: Record<string, unknown>[], key: string): number {
  return numbers(entries, key).reduce((total, value) => total + value, 0);
}

function greatest(values: number[]): number | null {
  return values.length > 0 ? Math.max(...values) : null;
}
