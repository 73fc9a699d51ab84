import { signal } from '@preact/signals';
import type { Endpoint, LayersWanted } from '../protocol/generated';
import type { MediaRequester, RemoteTrack } from './call';
import { PictureFlow } from './pictureFlow';
import { pictureMode, sendLimit } from './pictureMode';
import type { Quality } from './quality';
import type { LocalSource } from './source';
import { TileViews } from './views';

type Statistics = Iterable<Record<string, unknown>>;

/** So many small pictures that nobody looks at are no burden to a relay. */
const FEW = 10;

/**
 * How much of the pictures is sent and received: what is drawn, what the reader wants to spend, what others look at, and
 * what the connection does not carry.
 */
export class Pictures {
  readonly views: TileViews;
  /** Consumers whose picture is wanted and does not come: the connection is too slow for it. */
  readonly paused = signal<ReadonlySet<string>>(new Set());
  readonly #sources: readonly LocalSource[];
  #flow = new PictureFlow();
  #tracks: readonly RemoteTrack[] = [];
  #expected: ReadonlySet<string> = new Set();
  /** Consumers whose picture was to come when it was looked at last, and came. */
  #moving: ReadonlySet<string> = new Set();
  #stop: (() => void) | null = null;

  /** `camera` and `screen` are the own sources. */
  constructor(requester: MediaRequester, camera: LocalSource, screen: LocalSource) {
    this.views = new TileViews(requester);
    this.#sources = [camera, screen];
  }

  /** The room was entered, or the hub found again; `most` pictures are received at once. */
  start(most: number): void {
    this.#stop ??= pictureMode.subscribe((mode) => {
      this.views.mode = mode;
      for (const source of this.#sources) source.cap(source.source === 'camera' ? sendLimit(mode) : null);
    });
    this.views.begin(most);
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    this.views.stop();
    this.receive([]);
    this.#flow = new PictureFlow();
    this.#expected = new Set();
    this.#moving = new Set();
    this.paused.value = new Set();
  }

  /** What is received now. */
  receive(tracks: readonly RemoteTrack[]): void {
    this.#tracks = tracks;
    this.views.receive(tracks);
  }

  /**
   * The relay says which encodings of the own pictures anybody of `people` looks at. Among few of them the smallest goes
   * on all the same: who comes next sees it at once, without waiting until it is asked for.
   */
  hear({ producers }: LayersWanted, people: number): void {
    const least = people <= FEW ? 0 : -1;
    for (const { producerId, highest } of producers) {
      const wanted = highest === null ? null : Math.max(highest, least);
      for (const source of this.#sources) source.want(producerId, wanted);
    }
  }

  /**
   * Look at what the browser counted since the last time. A picture counts as paused when it was to come all the time
   * and did not. A screen may stand still by itself; it is doubted only on a connection that is not `good`.
   */
  measure(receive: Statistics, endpoints: readonly Endpoint[], quality: Quality): void {
    const still = this.#flow.read(receive);
    const before = this.#expected;
    const expected = this.#comingNow(endpoints);
    this.#expected = new Set(expected.map((one) => one.consumerId));
    this.#moving = new Set(expected.filter((one) => !still.has(one.track.id)).map((one) => one.consumerId));
    const missing = expected.filter(
      ({ consumerId, track, source }) =>
        before.has(consumerId) && still.has(track.id) && (source === 'camera' || quality !== 'good'),
    );
    const paused = new Set(missing.map((one) => one.consumerId));
    const known = this.paused.value;
    if (paused.size !== known.size || [...paused].some((one) => !known.has(one))) this.paused.value = paused;
  }

  /** From how many cameras a picture should be received now, and was so far: a screen may stand still. */
  due(endpoints: readonly Endpoint[]): number {
    const cameras = this.#comingNow(endpoints).filter((one) => one.source === 'camera');
    return cameras.filter((one) => this.#moving.has(one.consumerId)).length;
  }

  /** Pictures that are drawn, and that their senders have not turned off. */
  #comingNow(endpoints: readonly Endpoint[]): readonly RemoteTrack[] {
    const live = new Set(endpoints.flatMap((one) => one.producers.flatMap((p) => (p.paused ? [] : [p.id]))));
    const { wanted } = this.views;
    return this.#tracks.filter((one) => live.has(one.producerId) && (wanted.get(one.consumerId)?.width ?? 0) > 0);
  }
}
