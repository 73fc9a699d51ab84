import type { Endpoint, Participant, Snapshot } from '../../protocol/generated';
import type { RemoteTrack } from '../../rtc/call';
import { currentSpeaker } from '../../state/viewModels';

const WIDE = 16 / 9;

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
    if (tile > bestWidth + 1) [best, bestWidth] = [columns, tile];
  }
  return best;
}

/** A place on the stage: somebody's picture, and what stands under it. */
export interface Tile {
  readonly endpoint: Endpoint;
  readonly participant: Participant | undefined;
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

/** Somebody's track of a source, if its producer is not paused. */
export function liveTrack(
  endpoint: Endpoint,
  source: RemoteTrack['source'],
  tracks: readonly RemoteTrack[],
): MediaStreamTrack | null {
  const producer = endpoint.producers.find((one) => one.source === source);
  if (!producer || producer.paused) return null;
  return tracks.find((one) => one.endpointId === endpoint.id && one.source === source)?.track ?? null;
}

export function isMuted(endpoint: Endpoint): boolean {
  return !endpoint.producers.some((producer) => producer.source === 'microphone' && !producer.paused);
}
