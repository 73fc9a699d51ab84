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
  /** For which part of the interval the picture stood still that did so most (0 to 1). */
  readonly frozen: number | null;
  /** What was sent and received, everything included. */
  readonly sentBps: number | null;
  readonly receivedBps: number | null;
  /** Which way leads to the relay: directly or through a TURN server, by UDP or TCP. */
  readonly path: Path | null;
}

export type Path = `${'direct' | 'relayed'}-${'udp' | 'tcp'}`;

const BAD_LOSS = 0.1;
const WEAK_LOSS = 0.03;
const BAD_ROUND_TRIP_MS = 800;
const WEAK_ROUND_TRIP_MS = 350;
const WEAK_OUTGOING_BPS = 150_000;
const BAD_FROZEN = 0.35;
const WEAK_FROZEN = 0.1;

type Rated = Pick<Measured, 'sendLoss' | 'receiveLoss' | 'roundTripMs' | 'outgoingBps' | 'frozen'>;

/** Rate one interval: what is worst decides. */
export function rate({ sendLoss, receiveLoss, roundTripMs, outgoingBps, frozen }: Rated): Quality {
  const loss = Math.max(sendLoss ?? 0, receiveLoss ?? 0);
  const trip = roundTripMs ?? 0;
  const still = frozen ?? 0;
  if (loss >= BAD_LOSS || trip >= BAD_ROUND_TRIP_MS || still >= BAD_FROZEN) return 'bad';
  if (loss >= WEAK_LOSS || trip >= WEAK_ROUND_TRIP_MS || still >= WEAK_FROZEN) return 'weak';
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
interface Bytes {
  readonly at: number;
  readonly sent: number;
  readonly received: number;
}
type Statistics = Iterable<Record<string, unknown>>;

/** Reads `getStats` of both transports, interval by interval: counters count from the interval before. */
export class Measurement {
  #before: Counters = { lost: 0, received: 0 };
  #bytes: Bytes | null = null;
  #freezes = new Map<unknown, number>();
  #freezesAt: number | null = null;

  /** `now` is the time in milliseconds. */
  read(send: Statistics, receive: Statistics, now = 0): Measured {
    const outgoing = [...send];
    const incoming = [...receive];
    const pairs = [...outgoing, ...incoming].filter((one) => one.type === 'candidate-pair' && one.nominated === true);
    const trips = numbers(pairs, 'currentRoundTripTime');
    return {
      sendLoss: greatest(numbers(ofType(outgoing, 'remote-inbound-rtp'), 'fractionLost')),
      receiveLoss: this.#receiveLoss(ofType(incoming, 'inbound-rtp')),
      roundTripMs: trips.length > 0 ? Math.max(...trips) * 1000 : null,
      outgoingBps: greatest(numbers(pairs, 'availableOutgoingBitrate')),
      frozen: this.#frozen(ofType(incoming, 'inbound-rtp'), now),
      ...this.#bitrates(pairs, now),
      path: path([...outgoing, ...incoming], pairs),
    };
  }

  #bitrates(pairs: Record<string, unknown>[], at: number): Pick<Measured, 'sentBps' | 'receivedBps'> {
    const before = this.#bytes;
    const bytes = { at, sent: sum(pairs, 'bytesSent'), received: sum(pairs, 'bytesReceived') };
    this.#bytes = bytes;
    const seconds = before ? (at - before.at) / 1000 : 0;
    if (!before || seconds <= 0) return { sentBps: null, receivedBps: null };
    const rateOf = (bits: number) => Math.max(0, Math.round((bits * 8) / seconds)); // less than before: a new path
    return { sentBps: rateOf(bytes.sent - before.sent), receivedBps: rateOf(bytes.received - before.received) };
  }

  /** A freeze is counted by the browser when it is over, perhaps one that began before the interval. */
  #frozen(streams: Record<string, unknown>[], now: number): number | null {
    const before = this.#freezes;
    const seconds = this.#freezesAt === null ? 0 : (now - this.#freezesAt) / 1000;
    const pictures = streams.filter((one) => typeof one.totalFreezesDuration === 'number');
    this.#freezes = new Map(pictures.map((one) => [one.id, one.totalFreezesDuration as number]));
    this.#freezesAt = now;
    if (seconds <= 0 || this.#freezes.size === 0) return null;
    const shares = [...this.#freezes].map(([id, total]) => (total - (before.get(id) ?? total)) / seconds);
    return Math.min(1, Math.max(0, ...shares));
  }

  #receiveLoss(streams: Record<string, unknown>[]): number | null {
    const now = { lost: sum(streams, 'packetsLost'), received: sum(streams, 'packetsReceived') };
    const lost = Math.max(0, now.lost - this.#before.lost);
    const received = now.received - this.#before.received;
    this.#before = now;
    return received > 0 ? lost / (lost + received) : null; // fewer than before: streams have ended
  }
}

function path(all: Record<string, unknown>[], pairs: Record<string, unknown>[]): Path | null {
  const local = all.find((one) => one.type === 'local-candidate' && one.id === pairs[0]?.localCandidateId);
  if (!local) return null;
  const protocol = (local.relayProtocol ?? local.protocol) === 'udp' ? 'udp' : 'tcp';
  return `${local.candidateType === 'relay' ? 'relayed' : 'direct'}-${protocol}`;
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
