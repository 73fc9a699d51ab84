import type { Endpoint, Producer } from '../protocol/generated';

/** A producer of somebody else, and whose it is. */
export interface RemoteProducer extends Producer {
  readonly endpointId: string;
}

/** What to do so that exactly the others' producers are consumed. */
export interface Plan {
  readonly consume: readonly RemoteProducer[];
  readonly close: readonly string[];
}

/** Compare what the room offers with the producers that are consumed (their ids). */
export function planConsumers(endpoints: readonly Endpoint[], ownId: string, consumed: ReadonlySet<string>): Plan {
  const offered = new Map<string, RemoteProducer>();
  for (const endpoint of endpoints) {
    if (endpoint.id === ownId) continue;
    for (const producer of endpoint.producers) offered.set(producer.id, { ...producer, endpointId: endpoint.id });
  }
  return {
    consume: [...offered.values()].filter((producer) => !consumed.has(producer.id)),
    close: [...consumed].filter((id) => !offered.has(id)),
  };
}

/** The own producers as the room knows them; empty while the room does not know this endpoint. */
export function ownProducers(endpoints: readonly Endpoint[], ownId: string): readonly Producer[] {
  return endpoints.find((endpoint) => endpoint.id === ownId)?.producers ?? [];
}
