import type { Device, types } from 'mediasoup-client';
import type { Consumed, Endpoint, MediaJoined, TransportParameters } from '../protocol/generated';
import { ApiError } from '../protocol/errors';
import type { Meeting } from '../state/meeting';
import { encodings } from './encodings';
import { hasTemporalLayers, pictureCodec } from './pictureCodec';
import { planConsumers, type RemoteProducer } from './reconcile';

export type Source = RemoteProducer['source'];
/** Sends media requests about one meeting. */
export type MediaRequester = Pick<Meeting, 'request'>;

/** Somebody else's source as it arrives here. */
export interface RemoteTrack {
  readonly endpointId: string;
  readonly source: Source;
  readonly producerId: string;
  readonly consumerId: string;
  readonly track: MediaStreamTrack;
}

export interface CallEvents {
  /** The set of remote tracks has changed, or that of producers which this browser cannot decode. */
  tracksChanged(tracks: readonly RemoteTrack[], undecodable: ReadonlySet<string>): void;
  /** A transport lost its path to the relay (`disconnected`, `failed`) or found it again. */
  transportChanged(transport: types.Transport): void;
  /** The relay did not learn who connects: only a new call helps. */
  connectFailed(error: unknown): void;
}

const CODEC_OPTIONS = { opusStereo: false, opusDtx: true, opusFec: true } as const;

/**
 * One endpoint in a room: a sending and a receiving transport, own producers, and a consumer for each producer of the
 * others. It lives as long as the relay keeps the endpoint; whoever owns it opens a new one afterwards.
 */
export class Call {
  readonly endpointId: string;
  readonly #requester: MediaRequester;
  readonly #events: CallEvents;
  readonly #device: Device;
  readonly #remote = new Map<string, { remote: RemoteTrack; consumer: types.Consumer } | null>(); // null: on its way
  readonly #undecodable = new Set<string>();
  #waitMs: number | null = null;
  #send: types.Transport | null = null;
  #receive: types.Transport | null = null;
  #closed = false;

  private constructor(joined: MediaJoined, device: Device, requester: MediaRequester, events: CallEvents) {
    this.endpointId = joined.endpointId;
    this.#device = device;
    this.#requester = requester;
    this.#events = events;
  }

  /** Open the transports of an endpoint that was just joined and begin to consume. The device has been loaded. */
  static open(joined: MediaJoined, device: Device, requester: MediaRequester, events: CallEvents): Call {
    const call = new Call(joined, device, requester, events);
    const { transports } = joined;
    if (!transports) throw new Error('the hub opened no transports');
    const iceServers = joined.iceServers as unknown as RTCIceServer[];
    call.#receive = call.#open('recv', transports.recv, iceServers);
    call.#send = call.#open('send', transports.send, iceServers);
    call.update(joined.room.endpoints, joined.consumers);
    return call;
  }

  /** Both transports, as long as the call is open. */
  get transports(): readonly types.Transport[] {
    return [this.#send, this.#receive].filter((transport) => transport !== null);
  }

  /** What the browser counts, of sending and of receiving. Rejects when the call has ended. */
  async statistics(): Promise<[Record<string, unknown>[], Record<string, unknown>[]]> {
    const [send, receive] = await Promise.all([this.#send?.getStats(), this.#receive?.getStats()]);
    return [[...(send?.values() ?? [])], [...(receive?.values() ?? [])]];
  }

  /** Wait so many milliseconds before what is received is played, so that losses can be repaired; null: no longer. */
  wait(ms: number | null): void {
    if (ms === this.#waitMs) return;
    this.#waitMs = ms;
    for (const entry of this.#remote.values()) if (entry) this.#letWait(entry.consumer);
  }

  #letWait({ rtpReceiver }: types.Consumer): void {
    if (rtpReceiver && 'jitterBufferTarget' in rtpReceiver) rtpReceiver.jitterBufferTarget = this.#waitMs;
  }

  #open(direction: 'send' | 'recv', parameters: TransportParameters, iceServers: RTCIceServer[]): types.Transport {
    const options = { ...(parameters as unknown as types.TransportOptions), iceServers };
    const transport =
      direction === 'send' ? this.#device.createSendTransport(options) : this.#device.createRecvTransport(options);
    transport.on('connect', ({ dtlsParameters }, done) => {
      done(); // the browser need not wait: a handshake that is there before these parameters is kept for them
      const body = { transportId: transport.id, dtlsParameters: { ...dtlsParameters } };
      this.#requester.request('media.connect_transport', body).catch((error: unknown) => {
        if (!this.#closed) this.#events.connectFailed(error);
      });
    });
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const { source, paused } = appData as { source: Source; paused: boolean };
      const body = { transportId: transport.id, kind, source, paused, rtpParameters: { ...rtpParameters } };
      this.#requester.request('media.produce', body).then(({ producerId }) => done({ id: producerId }), failed);
    });
    transport.on('connectionstatechange', () => {
      if (!this.#closed) this.#events.transportChanged(transport);
    });
    return transport;
  }

  /** Send a track. A paused producer is known to the room but sends nothing yet. */
  async publish(source: Source, track: MediaStreamTrack, paused: boolean): Promise<types.Producer> {
    if (!this.#send) throw new Error('the call is closed');
    const video = track.kind === 'video';
    const codec = pictureCodec(this.#device.sendRtpCapabilities.codecs);
    const sizes = () => encodings(source, track.getSettings().height, hasTemporalLayers(codec));
    const producer = await this.#send.produce({
      track,
      appData: { source, paused },
      stopTracks: false,
      zeroRtpOnPause: video,
      codecOptions: video ? { videoGoogleStartBitrate: 600 } : CODEC_OPTIONS,
      ...(video ? { codec, encodings: sizes() } : {}),
    });
    if (paused) producer.pause();
    return producer;
  }

  /** Follow the room: consume what is new, close what is gone. `given` are consumers that the hub has made already. */
  update(endpoints: readonly Endpoint[], given: readonly Consumed[] = []): void {
    if (this.#closed) return;
    const known = new Set([...this.#remote.keys(), ...this.#undecodable]);
    const plan = planConsumers(endpoints, this.endpointId, known);
    for (const id of plan.close) {
      this.#forget(id);
      this.#undecodable.delete(id);
    }
    if (plan.consume.length > 0) void this.#consume(plan.consume, new Map(given.map((one) => [one.producerId, one])));
    if (plan.close.length > 0) this.#announce();
  }

  /** What arrives together is attached together: one exchange of descriptions serves all. */
  async #consume(producers: readonly RemoteProducer[], given: ReadonlyMap<string, Consumed>): Promise<void> {
    for (const { id } of producers) this.#remote.set(id, null);
    const asked = await Promise.allSettled(producers.map(async (one) => given.get(one.id) ?? (await this.#ask(one))));
    const attached = producers.map((producer, index) => {
      const answer = asked[index];
      return answer?.status === 'fulfilled' ? this.#attach(producer, answer.value) : Promise.reject(answer?.reason);
    });
    const outcomes = await Promise.allSettled(attached);
    for (const [index, outcome] of outcomes.entries()) this.#noteUndecodable(producers[index], outcome);
    this.#announce();
    for (const [index, { id }] of producers.entries()) {
      if (outcomes[index]?.status === 'rejected') this.#forget(id); // the next state of the room tries again
      else if (!given.has(id)) void this.#resume(id);
    }
  }

  async #ask(producer: RemoteProducer): Promise<Consumed> {
    return this.#requester.request('media.consume', {
      transportId: this.#receive?.id ?? '',
      producerId: producer.id,
      rtpCapabilities: { ...this.#device.recvRtpCapabilities },
    });
  }

  async #attach(producer: RemoteProducer, consumed: Consumed): Promise<void> {
    const receive = this.#receive;
    if (!receive || this.#closed) throw new Error('the call is closed');
    const { endpointId, source } = producer;
    const consumer = await receive.consume({
      id: consumed.consumerId,
      producerId: consumed.producerId,
      kind: consumed.kind,
      rtpParameters: consumed.rtpParameters as unknown as types.RtpParameters,
      streamId: `${endpointId}-${source}`,
    });
    if (!this.#remote.has(producer.id)) {
      consumer.close(); // the producer went meanwhile
      return;
    }
    this.#letWait(consumer);
    const { id: consumerId, producerId, track } = consumer;
    this.#remote.set(producer.id, { remote: { endpointId, source, producerId, consumerId, track }, consumer });
  }

  /** What the hub says that this browser cannot decode is not asked for again. */
  #noteUndecodable(producer: RemoteProducer | undefined, outcome: PromiseSettledResult<void>): void {
    if (!producer || outcome.status === 'fulfilled' || !this.#remote.has(producer.id)) return;
    const reason: unknown = outcome.reason;
    if (reason instanceof ApiError && reason.code === 'unsupported_codec') this.#undecodable.add(producer.id);
  }

  /** Let flow what the hub made paused. */
  async #resume(id: string): Promise<void> {
    const consumerId = this.#remote.get(id)?.consumer.id;
    if (!consumerId) return;
    try {
      await this.#requester.request('media.set_consumer', { consumerId, paused: false });
    } catch {
      this.#forget(id);
    }
  }

  #forget(producerId: string): void {
    this.#remote.get(producerId)?.consumer.close();
    this.#remote.delete(producerId);
  }

  #announce(): void {
    if (this.#closed) return;
    const tracks = [...this.#remote.values()].flatMap((entry) => (entry ? [entry.remote] : []));
    this.#events.tracksChanged(tracks, new Set(this.#undecodable));
  }

  /** Close everything on this side. Own tracks go on; the hub is not told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#send?.close();
    this.#receive?.close();
    this.#remote.clear();
  }
}
