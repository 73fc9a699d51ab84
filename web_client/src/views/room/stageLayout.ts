import type { Endpoint, Participant, Snapshot } from '../../protocol/generated';
import type { RemoteTrack } from '../../rtc/call';
import { currentSpeaker } from '../../state/viewModels';

const WIDE = 16 / 9;
/** Tiles side by side are cut less than tiles one above the other, which is worth a little of their width. */
const ALMOST = 0.95;

/**
 * Return how many columns make the tiles of a gallery largest in a box of this size. On an upright screen pictures are
 * cut to squares, which shows faces larger than wide strips do.
 */
export function galleryColumns(count: number, width: number, height: number): number {
  const shape = width < height ? 1 : WIDE;
  let best = 1;
  let bestWidth = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const tile = Math.min(width / columns, (height / rows) * shape);
    if (tile > bestWidth * ALMOST) [best, bestWidth] = [columns, tile];
  }
  return best;
}

/** A place on the stage: somebody's picture, and what stands under it. */
export interface Tile {
  readonly endpoint: Endpoint;
  readonly participant: Participant | undefined;
  /** Who has the floor in this hall: the hall's picture stands under their name. */
  readonly behind: Participant | undefined;
  readonly own: boolean;
  readonly hasFloor: boolean;
  readonly isChair: boolean;
}

/** Order of the tiles: who has the floor, the chair, then the others as they came; oneself last. */
export function arrangeTiles(snapshot: Snapshot, endpoints: readonly Endpoint[], ownId: string | null): Tile[] {
  const floor = currentSpeaker(snapshot)?.personId;
  const floorHall = snapshot.participants.find((one) => one.personId === floor)?.presence.endpointId;
  const tiles = endpoints.map((endpoint): Tile => {
    const participant = snapshot.participants.find((one) => one.personId === endpoint.personId);
    return {
      endpoint,
      participant,
      behind: endpoint.id === floorHall ? snapshot.participants.find((one) => one.personId === floor) : undefined,
      own: endpoint.id === ownId,
      hasFloor: endpoint.personId === null ? endpoint.id === floorHall : endpoint.personId === floor,
      isChair: participant?.role === 'chair',
    };
  });
  return tiles.toSorted((one, other) => rank(one) - rank(other));
}

function rank(tile: Tile): number {
  if (tile.hasFloor) return 0;
  if (tile.isChair && !tile.own) return 1;
  return tile.own ? 3 : 2;
}

/**
 * Who is shown large in the speaker layout: the one the reader pinned, who has the floor, who speaks, the chair, or
 * whoever is there. Oneself only when nobody else is.
 */
export function largeTile(tiles: readonly Tile[], pinned: string | null, speaking: string | null): Tile | undefined {
  const others = tiles.filter((tile) => !tile.own);
  return (
    tiles.find((tile) => tile.endpoint.id === pinned) ??
    others.find((tile) => tile.hasFloor) ??
    others.find((tile) => tile.endpoint.id === speaking) ??
    others.find((tile) => tile.isChair) ??
    others[0] ??
    tiles[0]
  );
}

/** A tile of the gallery; the first of each site says where the group begins. */
export interface Placed {
  readonly tile: Tile;
  readonly beginsSite: boolean;
}

/** The gallery's order: who has the floor and the chair first, then site by site, each in the order of names. */
export function gallery(tiles: readonly Tile[], locale: string): Placed[] {
  const collator = new Intl.Collator(locale);
  const first = tiles.filter((tile) => rank(tile) < 2);
  const rest = tiles.filter((tile) => rank(tile) >= 2);
  const sorted = rest.toSorted(
    (one, other) =>
      Number(one.endpoint.siteName === null) - Number(other.endpoint.siteName === null) ||
      collator.compare(one.endpoint.siteName ?? '', other.endpoint.siteName ?? '') ||
      Number(other.endpoint.kind === 'room') - Number(one.endpoint.kind === 'room') ||
      collator.compare(one.endpoint.name, other.endpoint.name),
  );
  const several = new Set(sorted.map((tile) => tile.endpoint.siteName)).size > 1;
  const placed = sorted.map((tile, index) => ({
    tile,
    beginsSite: several && tile.endpoint.siteName !== sorted[index - 1]?.endpoint.siteName,
  }));
  return [...first.map((tile) => ({ tile, beginsSite: false })), ...placed];
}

/** One page of a list, and how many pages there are; a page that is gone becomes the last one. */
export function pageOf<T>(list: readonly T[], page: number, size: number): { shown: T[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(list.length / size));
  const current = Math.min(Math.max(0, page), pages - 1);
  return { shown: list.slice(current * size, (current + 1) * size), page: current, pages };
}

/** Somebody's track of a source, if its producer is not paused. */
export function liveTrack(...of: Parameters<typeof liveRemote>): MediaStreamTrack | null {
  return liveRemote(...of)?.track ?? null;
}

/** Somebody's source as it arrives here, if its producer is not paused. */
export function liveRemote(
  endpoint: Endpoint,
  source: RemoteTrack['source'],
  tracks: readonly RemoteTrack[],
): RemoteTrack | null {
  const producer = endpoint.producers.find((one) => one.source === source);
  if (!producer || producer.paused) return null;
  return tracks.find((one) => one.endpointId === endpoint.id && one.source === source) ?? null;
}

/** Whether somebody sends something that this browser cannot decode. */
export function isUndecodable(
  endpoint: Endpoint,
  source: RemoteTrack['source'],
  undecodable: ReadonlySet<string>,
): boolean {
  return endpoint.producers.some((one) => one.source === source && !one.paused && undecodable.has(one.id));
}

export function isMuted(endpoint: Endpoint): boolean {
  return !endpoint.producers.some((producer) => producer.source === 'microphone' && !producer.paused);
}
