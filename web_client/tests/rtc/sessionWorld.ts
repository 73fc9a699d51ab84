import { Device, FakeHandler, testFakeParameters as fake } from 'mediasoup-client';
import type { Endpoint } from '../../src/protocol/generated';
import { MediaSession } from '../../src/rtc/session';
import { Meeting } from '../../src/state/meeting';
import { TestHub } from '../hub';
import { endpoint, snapshot } from '../samples';

export const camera = { id: 'p-cam', kind: 'video', source: 'camera', paused: false } as const;
const microphone = { id: 'p-mic', kind: 'audio', source: 'microphone', paused: false } as const;
export const other = (producers: Endpoint['producers'] = []) => endpoint('e2', 'b', { producers });

/** Wait for mediasoup-client's own queues, which take a few turns of the event loop. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 25));

interface World {
  hub: TestHub;
  session: MediaSession;
  room: Endpoint[];
  resumed: boolean;
  /** How many devices were made, and what their transports stand on. */
  devices: number;
  handlers: FakeHandler[];
}

/** What the hub says of a consumer. */
function consumed(producerId: string) {
  const kind = producerId === 'p-mic' ? 'audio' : 'video';
  const codecMimeType = kind === 'audio' ? 'audio/opus' : 'video/VP8';
  const { rtpParameters } = fake.generateConsumerRemoteParameters({ codecMimeType });
  return { consumerId: `c-${producerId}`, producerId, kind, rtpParameters };
}

/** A hub with a relay, as far as one page sees them. */
export async function world(): Promise<World> {
  const hub = new TestHub();
  const here: World = {
    hub,
    session: null as unknown as MediaSession,
    room: [other([camera, microphone])],
    resumed: false,
    devices: 0,
    handlers: [],
  };
  let made = 0;
  const transport = () => ({ ...fake.generateTransportRemoteParameters(), id: `t${(made += 1)}` });
  hub
    .answer('subscribe', () => ({ revision: 5, snapshot: snapshot() }))
    .answer('media.join', ({ endpointId, transports, rtpCapabilities }) => ({
      endpointId: endpointId ?? 'e1',
      resumed: here.resumed,
      pictures: 25,
      transports: transports ? { send: transport(), recv: transport() } : null,
      consumers: rtpCapabilities ? here.room.flatMap((one) => one.producers.map(({ id }) => consumed(id))) : [],
      routerRtpCapabilities: fake.generateRouterRtpCapabilities(),
      iceServers: [],
      room: { endpoints: here.room },
    }))
    .answer('media.produce', () => ({ producerId: `own${(made += 1)}` }))
    .answer('media.consume', ({ producerId }) => consumed(String(producerId)));
  const meeting = new Meeting('m1', hub.link);
  meeting.start();
  const fakes = FakeHandler.createFactory(fake);
  const factory: typeof fakes.factory = (options) => {
    const handler = fakes.factory(options);
    here.handlers.push(handler as FakeHandler);
    return handler;
  };
  here.session = new MediaSession(meeting, () => {
    here.devices += 1;
    return Device.factory({ handlerFactory: { ...fakes, factory } });
  });
  await settled();
  return here;
}

export async function joined(): Promise<World> {
  const here = await world();
  here.session.join();
  await settled();
  return here;
}

export function sees(here: World, endpoints: Endpoint[]): void {
  here.room = endpoints;
  here.hub.say({ type: 'room', meetingId: 'm1', endpoints });
}

export function ownInRoom(here: World, paused = false): Endpoint {
  const ids = ['microphone', 'camera'] as const;
  const producers = ids.flatMap((source) => {
    const id = here.session[source].producerId;
    return id ? [{ id, kind: source === 'camera' ? ('video' as const) : ('audio' as const), source, paused }] : [];
  });
  return endpoint('e1', 'a', { producers });
}
