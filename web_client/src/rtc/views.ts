import type { ConsumerView } from '../protocol/generated';
import type { MediaRequester, RemoteTrack, Source } from './call';
import type { PictureMode } from './pictureMode';

/** A place where somebody's picture is drawn, in device pixels; 0 by 0: it cannot be seen there at this moment. */
export interface Drawn {
  readonly endpointId: string;
  readonly source: Source;
  readonly width: number;
  readonly height: number;
  readonly pinned: boolean;
}

type View = Omit<ConsumerView, 'consumerId'>;

const SETTLE_MS = 250;
/** A picture that was never asked for is not kept waiting. */
const FIRST_MS = 20;
/** Requests are not more frequent than this. */
const BETWEEN_MS = 250;
const AGAIN_MS = 2_000;
/** So long may a view take to draw what has just come, before it counts as not drawn. */
const DRAW_WITHIN_MS = 1_000;
/** As many as the hub takes in a request. */
const BATCH = 200;
/** Sizes are told in steps of about a quarter: nothing in between would change what is sent. */
const STEP = 1.25;
const SMALLEST = 48;
/** What is received to save data: the smallest that a camera sends. */
const LOW = { width: 320, height: 180 } as const;
const NOT_DRAWN = { width: 0, height: 0, pinned: false } as const;

/**
 * Tells the hub how large this page draws the pictures that it receives, so that nobody sends more than is seen.
 *
 * Views report each place where they draw (`draw`, `erase`); what is drawn twice counts at its larger place. Changes are
 * told when they have settled, in steps, and all of them again after a reconnect (`forget`).
 */
export class TileViews {
  readonly #requester: MediaRequester;
  readonly #places = new Map<symbol, Drawn>();
  #tracks: readonly RemoteTrack[] = [];
  #mode: PictureMode = 'automatic';
  #most = Infinity;
  #told = new Map<string, View>();
  #came = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  #spoke = -Infinity;
  #online = false;

  constructor(requester: MediaRequester) {
    this.#requester = requester;
  }

  /** What is drawn at a place now. */
  draw(place: symbol, drawn: Drawn): void {
    this.#places.set(place, drawn);
    this.#schedule(area(drawn) > 0 && this.#isSuspended(drawn) ? FIRST_MS : SETTLE_MS);
  }

  /** Nothing is drawn at a place any more. */
  erase(place: symbol): void {
    if (this.#places.delete(place)) this.#schedule(SETTLE_MS);
  }

  /** What is received now. */
  receive(tracks: readonly RemoteTrack[]): void {
    this.#tracks = tracks;
    const before = this.#came;
    this.#came = new Map(tracks.map(({ consumerId }) => [consumerId, before.get(consumerId) ?? Date.now()]));
    this.#schedule([...this.#came.keys()].every((id) => before.has(id)) ? SETTLE_MS : FIRST_MS);
  }

  /** How much is spent on pictures. */
  set mode(mode: PictureMode) {
    this.#mode = mode;
    this.#schedule(FIRST_MS);
  }

  /** The hub is reached, and knows nothing of what was told before; at most so many pictures are received at once. */
  begin(most: number): void {
    this.#online = true;
    this.#most = most;
    this.#told = new Map();
    this.#schedule(FIRST_MS);
  }

  /** The hub is not reached, or the room was left. */
  stop(): void {
    this.#online = false;
    this.#told = new Map();
    clearTimeout(this.#timer);
    this.#due = Infinity;
  }

  /** Which consumers are to bring a picture now; the places of others are suspended. */
  get wanted(): ReadonlyMap<string, View> {
    return this.#decide();
  }

  /** Tell it after a while, or sooner if something more urgent is due. */
  #schedule(afterMs: number): void {
    const now = Date.now();
    const due = Math.max(now + afterMs, this.#spoke + BETWEEN_MS);
    if (!this.#online || this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#due = Infinity;
      void this.#tell();
    }, due - now);
  }

  async #tell(): Promise<void> {
    const waiting = this.#notDrawnYet();
    if (waiting.size > 0) this.#schedule(DRAW_WITHIN_MS);
    const views = [...this.#decide()].flatMap(([consumerId, view]) =>
      waiting.has(consumerId) || same(this.#told.get(consumerId), view) ? [] : [{ consumerId, ...view }],
    );
    if (views.length > 0) this.#spoke = Date.now();
    const told = this.#told;
    for (let from = 0; from < views.length; from += BATCH) {
      const batch = views.slice(from, from + BATCH);
      for (const { consumerId, ...view } of batch) told.set(consumerId, view);
      try {
        await this.#requester.request('media.view', { views: batch });
      } catch {
        for (const { consumerId } of batch) told.delete(consumerId); // said again, unless a reconnect does so anyhow
        this.#schedule(AGAIN_MS);
      }
    }
  }

  /** Consumers that have come a moment ago, for which no view has said anything yet. */
  #notDrawnYet(): ReadonlySet<string> {
    const since = Date.now() - DRAW_WITHIN_MS;
    const young = this.#tracks.filter((one) => (this.#came.get(one.consumerId) ?? 0) > since);
    return new Set(young.filter((one) => this.#placesOf(one).length === 0).map((one) => one.consumerId));
  }

  #isSuspended(drawn: Drawn): boolean {
    return this.#tracks.some((one) => shows(drawn, one) && !this.#told.get(one.consumerId)?.width);
  }

  #placesOf(track: RemoteTrack): readonly Drawn[] {
    return [...this.#places.values()].filter((one) => shows(one, track));
  }

  #decide(): ReadonlyMap<string, View> {
    const pictures = this.#tracks.filter((one) => one.track.kind === 'video');
    const views = pictures.map((one): [string, View] => [one.consumerId, this.#view(one)]);
    const seen = views.filter(([, view]) => view.width > 0).toSorted(([, one], [, other]) => worth(other) - worth(one));
    const kept = new Set(seen.slice(0, this.#most).map(([id]) => id));
    return new Map(views.map(([id, view]) => [id, kept.has(id) ? view : NOT_DRAWN]));
  }

  #view(track: RemoteTrack): View {
    if (this.#mode === 'sound') return NOT_DRAWN;
    const places = this.#placesOf(track);
    const largest = places.toSorted((one, other) => area(other) - area(one))[0];
    if (!largest || area(largest) === 0) return NOT_DRAWN;
    const pinned = places.some((one) => one.pinned);
    if (this.#mode === 'low' && track.source === 'camera') return { ...LOW, pinned };
    return { width: stepped(largest.width), height: stepped(largest.height), pinned };
  }
}

/** Round a length to the nearest step. */
export function stepped(pixels: number): number {
  if (pixels <= 0) return 0;
  const steps = Math.max(0, Math.round(Math.log(pixels / SMALLEST) / Math.log(STEP)));
  return Math.min(16_384, Math.round(SMALLEST * STEP ** steps));
}

function shows(drawn: Drawn, { endpointId, source }: RemoteTrack): boolean {
  return drawn.endpointId === endpointId && drawn.source === source;
}

function area({ width, height }: { width: number; height: number }): number {
  return width * height;
}

/** What is kept where there are too many: what was pinned, then what is large. */
function worth(view: View): number {
  return area(view) + (view.pinned ? 1e12 : 0);
}

function same(one: View | undefined, other: View): boolean {
  return one?.width === other.width && one.height === other.height && one.pinned === other.pinned;
}
