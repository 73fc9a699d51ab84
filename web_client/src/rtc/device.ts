import { Device, detectDeviceAsync, type types } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { withBothKinds } from './extensions';
import { Generations } from './generations';
import { redundantType, withRedundancy } from './redundancy';
import { type Connections, roamingConnections } from './roaming';

type Handler = ReturnType<types.HandlerFactory['factory']>;

/** mediasoup-client's device for this browser. Rejects where there is none. */
export async function makeDevice(): Promise<Device> {
  if ((await detectDeviceAsync()) !== 'Chrome111') return Device.factory();
  const chromium = extended(connectedBy(await roamingConnections(), Chrome111.createFactory({})));
  return Device.factory({ handlerFactory: redundantly(preferringTheNewest(chromium)) });
}

/** Handlers with connections of this kind: mediasoup-client's own make theirs by the global name, and at once. */
export function connectedBy(connections: Connections, handlers: types.HandlerFactory): types.HandlerFactory {
  return {
    ...handlers,
    factory: (options) => {
      const { RTCPeerConnection: usual } = globalThis;
      globalThis.RTCPeerConnection = connections;
      try {
        return handlers.factory(options);
      } finally {
        globalThis.RTCPeerConnection = usual;
      }
    },
  };
}

/** Handlers that know which header extensions the browser has for sound, see {@link withBothKinds}. */
export function extended(handlers: types.HandlerFactory): types.HandlerFactory {
  const getNativeRtpCapabilities: typeof handlers.getNativeRtpCapabilities = async (options) =>
    withBothKinds(await handlers.getNativeRtpCapabilities(options));
  return { ...handlers, getNativeRtpCapabilities };
}

/** Handlers whose connections take the way that was found last, see {@link Generations}. */
export function preferringTheNewest(handlers: types.HandlerFactory): types.HandlerFactory {
  return {
    ...handlers,
    factory: (options) => {
      const handler = handlers.factory(options);
      const generations = new Generations();
      changeRemote(handler, (sdp) => generations.ranked(sdp));
      return handler;
    },
  };
}

/**
 * Chromium's handlers, which send sound redundantly: of what is lost on the way to the relay it hears in the next packet.
 * mediasoup-client itself knows a single codec for each source.
 */
export function redundantly(chromium: types.HandlerFactory): types.HandlerFactory {
  return {
    ...chromium,
    factory: (options) => {
      const handler = chromium.factory(options);
      const connection = connectionOf(handler);
      if (options.direction === 'send' && connection) sendRedundantly(handler, connection);
      return handler;
    },
  };
}

function sendRedundantly(handler: Handler, connection: RTCPeerConnection): void {
  const offer = () => connection.localDescription?.sdp ?? '';
  changeRemote(handler, (sdp, type) => (type === 'answer' ? withRedundancy(sdp, offer()) : sdp));
  const send = handler.send.bind(handler);
  handler.send = async (options) => {
    const result = await send(options);
    const payloadType = options.track.kind === 'audio' ? redundantType(offer(), result.localId) : null;
    if (payloadType !== null) {
      const red = { mimeType: 'audio/red', payloadType, clockRate: 48_000, channels: 2 } as const;
      result.rtpParameters.codecs.push({ ...red, parameters: {}, rtcpFeedback: [] });
    }
    return result;
  };
}

/** Change the relay's descriptions, which mediasoup-client writes, before the connection takes them. */
function changeRemote(handler: Handler, change: (sdp: string, type: RTCSdpType) => string): void {
  const connection = connectionOf(handler);
  if (!connection) return;
  const take = connection.setRemoteDescription.bind(connection);
  connection.setRemoteDescription = ({ type, sdp = '' }: RTCSessionDescriptionInit) => take({ type, sdp: change(sdp, type) });
}

/** A handler tells nobody its connection; without it sound is sent once. */
function connectionOf(handler: Handler): RTCPeerConnection | null {
  const { _pc: connection } = handler as { _pc?: RTCPeerConnection };
  return connection ?? null;
}
