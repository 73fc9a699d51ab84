import { computed, signal, type Signal } from '@preact/signals';
import type { Device, types } from 'mediasoup-client';
import { ApiError } from '../protocol/errors';
import type { Endpoint, EndpointClosed, MediaJoined, Moderated, Producer } from '../protocol/generated';
import type { Notice } from '../protocol/messages';
import type { Meeting } from '../state/meeting';
import { Call, type RemoteTrack } from './call';
import { DeviceLoader } from './deviceLoader';
import { openCamera, openMicrophone, openScreen } from './devices';
import { IceRestarts } from './iceRestarts';
import { giveIceServers, IceServersRenewal } from './iceServers';
import { Pictures } from './pictures';
import { QualityReports } from './qualityReports';
import { PathWatch } from './pathWatch';
import { ownProducers } from './reconcile';
import { checkRelay, type RelayPath } from './relayCheck';
import { LocalSource } from './source';

/**
 * `unavailable`: the relay is away, it is tried again · `elsewhere`: the person is in the room in another window, and is
 * asked · `closed`: by the hub's decision, see `closedBy`.
 */
export type MediaState = 'idle' | 'joining' | 'live' | 'restoring' | 'unavailable' | 'elsewhere' | 'closed';
type SessionMeeting = Pick<Meeting, 'id' | 'request' | 'following' | 'link' | 'endpoints' | 'activeSpeaker'>;

const RETRY_MS = 1500;
const PONG_WITHIN_MS = 500;
const TRY_AGAIN = new Set(['relay_unavailable', 'timeout', 'not_subscribed']);

/**
 * The media of one person in one room, across reconnects: joins, keeps own sources published, and repairs itself.
 *
 * When only the hub was away, the relay still carries everything and nothing is interrupted; when the endpoint is lost,
 * a new one is opened silently with the same microphone and camera.
 */
export class MediaSession {
  readonly state = signal<MediaState>('idle');
  readonly closedBy = signal<EndpointClosed['reason'] | null>(null);
  /** The room as the meeting knows it: it is followed whether this page joined or not. */
  readonly endpoints: Signal<readonly Endpoint[]>;
  /** The own endpoint; after a reload the one that this window had. */
  readonly endpointId = signal<string | null>(null);
  readonly activeSpeaker: Signal<string | null>;
  readonly tracks = signal<readonly RemoteTrack[]>([]);
  /** Producers whose codec this browser does not have. */
  readonly undecodable = signal<ReadonlySet<string>>(new Set());
  /** Whether sound and picture have a way to the relay at this moment. */
  readonly pathLost = signal(false);
  /** Whether the others are heard here; who sits in the hall hears them there. */
  readonly soundOn = signal(true);
  /** What somebody who runs the meeting did to, or wants of, the microphone here. */
  readonly moderated = signal<Moderated | null>(null);
  readonly microphone: LocalSource;
  readonly camera: LocalSource;
  readonly screen: LocalSource;
  readonly screenSound: LocalSource;
  readonly quality: QualityReports;
  readonly pictures: Pictures;
  /** Where views say what they draw. */
  get views(): Pictures['views'] {
    return this.pictures.views;
  }

  readonly own = computed(() => this.endpoints.value.find((one) => one.id === this.endpointId.value));
  readonly #meeting: SessionMeeting;
  readonly #device: DeviceLoader;
  readonly #iceRestarts: IceRestarts;
  readonly #iceServers: IceServersRenewal;
  readonly #pathWatch: PathWatch;
  #call: Call | null = null;
  #captured: MediaStreamTrack | null = null;
  #takeOver = false;
  #wasInside = false;
  #working = false;
  #again = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #stops: (() => void)[] = [];

  constructor(meeting: SessionMeeting, createDevice?: () => Promise<Device>) {
    this.#meeting = meeting;
    this.endpoints = meeting.endpoints;
    this.activeSpeaker = meeting.activeSpeaker;
    this.#device = new DeviceLoader(createDevice);
    this.#iceRestarts = new IceRestarts(meeting, () => {
      this.#device.renew();
      this.#rebuild();
    });
    this.#iceServers = new IceServersRenewal(meeting);
    this.#pathWatch = new PathWatch(
      {
        hubIsThere: () => this.#hubIsThere(),
        picturesDue: () => this.pictures.due(this.endpoints.value),
      },
      (transport) => {
        meeting.link.wake(); // what leads to the hub is doubtful too
        void this.#iceRestarts.hasten(transport);
      },
    );
    this.quality = new QualityReports(meeting, (receive, rated) => {
      this.pictures.measure(receive, this.endpoints.value, rated);
    });
    const source = (options: ConstructorParameters<typeof LocalSource>[1]) => new LocalSource(meeting, options);
    this.microphone = source({ source: 'microphone', open: openMicrophone, releaseWhenOff: false, replace: true });
    this.camera = source({ source: 'camera', open: openCamera, releaseWhenOff: true, replace: true });
    const shared = { releaseWhenOff: true, closeWhenOff: true };
    this.screen = source({ source: 'screen', open: () => this.#capture(), ...shared });
    this.screenSound = source({ source: 'screen_audio', open: () => this.#capturedSound(), ...shared });
    this.pictures = new Pictures(meeting, this.camera, this.screen);
    this.screen.on.subscribe((on) => this.#soundFollowsScreen(on));
  }

  /** Try the way to the relay, and have ready what a join needs. Rejects with {@link ApiError}. */
  async prepare(): Promise<RelayPath> {
    const probe = await this.#meeting.request('media.probe', {});
    const [path] = await Promise.all([checkRelay(probe), this.#device.load(probe.routerRtpCapabilities)]);
    return path;
  }

  /**
   * Enter the room's media and stay until `leave`. Trouble shows in `state`; nothing rejects.
   *
   * Where the person is in the room in another window the state is `elsewhere`, unless it is to be taken over.
   */
  join(takeOver = false): void {
    if (this.#stops.length > 0) return;
    this.#takeOver = takeOver;
    this.#wasInside = false;
    this.state.value = 'joining';
    this.closedBy.value = null;
    this.#stops = [
      this.#meeting.link.onNotice((notice) => this.#hear(notice)),
      this.#meeting.following.subscribe((following) => {
        if (following) void this.#enter();
      }),
    ];
  }

  /** Continue here what runs in another window; that one is told. */
  takeOver(): void {
    if (this.state.value !== 'elsewhere') return;
    this.#takeOver = true;
    this.state.value = 'joining';
    void this.#enter();
  }

  /** Leave on purpose and give camera and microphone back. */
  leave(): void {
    const inside = this.#call !== null;
    this.state.value = 'idle';
    this.#stop();
    for (const source of this.#sources) source.release();
    this.endpointId.value = null;
    if (inside) this.#meeting.request('media.leave', {}).catch(() => undefined);
  }

  get #sources(): readonly LocalSource[] {
    return [this.microphone, this.camera, this.screen, this.screenSound];
  }

  async #capture(): Promise<MediaStreamTrack> {
    const { picture, sound } = await openScreen();
    this.#captured = sound;
    return picture;
  }

  async #capturedSound(): Promise<MediaStreamTrack> {
    if (!this.#captured) throw new DOMException('no sound', 'NotFoundError');
    return this.#captured;
  }

  #soundFollowsScreen(on: boolean): void {
    if (on && this.#captured) this.screenSound.set(true).catch(() => undefined); // the picture goes on without
    if (on) return;
    this.#captured = null;
    this.screenSound.set(false).catch(() => undefined);
  }

  #stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    clearTimeout(this.#retryTimer);
    this.#closeCall();
    this.pathLost.value = false;
  }

  #closeCall(): void {
    this.#call?.close();
    this.#call = null;
    this.#iceRestarts.stop();
    this.#iceServers.stop();
    this.#pathWatch.stop();
    this.quality.stop();
    this.pictures.stop();
    for (const source of this.#sources) source.leave();
    this.tracks.value = [];
    this.undecodable.value = new Set();
  }

  /** Join, or after a reconnect find the endpoint again; once more if the need arose while it was being done. */
  async #enter(): Promise<void> {
    this.#again = this.#working;
    if (this.#working) return;
    this.#working = true;
    clearTimeout(this.#retryTimer);
    try {
      await this.#joinOnce();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#working = false;
    }
    if (this.#again && this.#stops.length > 0) void this.#enter();
  }

  async #joinOnce(): Promise<void> {
    const transports = this.#call === null;
    if (!transports) this.state.value = 'restoring';
    const rtpCapabilities = transports && this.#device.ready ? { ...this.#device.ready.recvRtpCapabilities } : null;
    const body = { endpointId: this.endpointId.value, takeOver: this.#takeOver, transports, rtpCapabilities };
    const joined = await this.#meeting.request('media.join', body);
    if (this.#stops.length === 0) {
      await this.#meeting.request('media.leave', {}); // left meanwhile
      return;
    }
    if (joined.resumed && this.#call) this.#resumed(joined);
    else if (joined.transports) await this.#open(joined);
    else {
      this.#closeCall(); // the endpoint was lost while the hub was away: this one is new and needs transports
      this.endpointId.value = joined.endpointId;
      await this.#joinOnce();
      return;
    }
    if (this.#stops.length === 0 || !this.#call) return;
    this.#takeOver = false;
    this.#wasInside = true;
    this.state.value = 'live';
  }

  #resumed(joined: MediaJoined): void {
    this.#see(joined.room.endpoints);
    this.pictures.start(joined.pictures);
    const known = new Set(this.#ownProducers().map((one) => one.id));
    for (const source of this.#sources) source.restore(known).catch(() => undefined); // the next reconnect tries again
    for (const one of this.#call?.transports ?? []) void giveIceServers(one, joined);
    this.#iceRestarts.check(this.#call?.transports ?? [], 0); // most likely the network has changed
  }

  async #open(joined: MediaJoined): Promise<void> {
    this.#closeCall();
    this.endpointId.value = joined.endpointId;
    this.endpoints.value = joined.room.endpoints;
    const device = await this.#device.load(joined.routerRtpCapabilities);
    if (this.#stops.length === 0) return;
    const call = Call.open(joined, device, this.#meeting, {
      tracksChanged: (tracks, undecodable) => {
        this.tracks.value = tracks;
        this.undecodable.value = undecodable;
        this.pictures.receive(tracks);
      },
      transportChanged: (transport) => {
        this.#iceRestarts.check([transport]);
        this.#notePath();
      },
      connectFailed: (error) => {
        this.state.value = 'restoring';
        this.#closeCall(); // half a call is of no use: the next one begins anew
        this.#failed(error);
      },
    });
    this.#call = call;
    this.#iceServers.start(() => call.transports, joined);
    this.#pathWatch.start(call.transports);
    for (const { id, iceParameters } of Object.values(joined.transports ?? {})) {
      this.#iceRestarts.know(id, iceParameters as unknown as types.IceParameters);
    }
    this.quality.start(call);
    this.pictures.start(joined.pictures);
    call.update(this.endpoints.value);
    await Promise.all(this.#sources.map((source) => source.join(call)));
  }

  async #hubIsThere(): Promise<boolean> {
    const answered = this.#meeting.link.request('ping', {}, PONG_WITHIN_MS);
    return answered.then(
      () => true,
      () => false,
    );
  }

  /** A transport that is being connected says nothing yet. */
  #notePath(): void {
    const states = (this.#call?.transports ?? []).map((one) => one.connectionState).filter((one) => one !== 'new');
    if (states.some((one) => one === 'disconnected' || one === 'failed')) this.pathLost.value = true;
    else if (states.every((one) => one === 'connected')) this.pathLost.value = false;
  }

  #failed(error: unknown): void {
    if (this.#stops.length === 0) return;
    const code = error instanceof ApiError ? error.code : 'failed';
    if (code === 'disconnected') return; // the reconnect enters again
    if (code === 'not_found' || code === 'denied') {
      this.#end('removed');
      return;
    }
    if (code === 'endpoint_elsewhere') {
      this.#foundElsewhere();
      return;
    }
    if (!TRY_AGAIN.has(code)) this.#closeCall();
    this.state.value = 'unavailable';
    this.#retryTimer = setTimeout(() => void this.#enter(), RETRY_MS);
  }

  /** Before the room was entered the person is asked; afterwards it is as if the other window had been chosen. */
  #foundElsewhere(): void {
    if (this.#wasInside) this.#end('taken_over');
    else this.state.value = 'elsewhere';
  }

  #hear(notice: Notice): void {
    if (!('meetingId' in notice) || notice.meetingId !== this.#meeting.id) return;
    if (notice.type === 'room') this.#see(notice.endpoints);
    else if (notice.type === 'endpoint_closed') this.#endpointClosed(notice);
    else if (notice.type === 'layers_wanted') this.pictures.hear(notice, this.endpoints.value.length);
    else if (notice.type === 'moderated') this.moderated.value = notice;
  }

  #see(endpoints: readonly Endpoint[]): void {
    this.endpoints.value = endpoints;
    this.#call?.update(endpoints);
    const paused = new Map(this.#ownProducers().map((one) => [one.id, one.paused]));
    for (const source of this.#sources) source.heed(paused);
  }

  #ownProducers(): readonly Producer[] {
    return this.#call ? ownProducers(this.endpoints.value, this.#call.endpointId) : [];
  }

  #endpointClosed({ endpointId, reason }: EndpointClosed): void {
    if (endpointId !== this.endpointId.value) return;
    if (reason === 'lost' || reason === 'moved') this.#rebuild();
    else this.#end(reason);
  }

  #end(reason: EndpointClosed['reason']): void {
    this.state.value = 'closed';
    this.#stop();
    for (const source of this.#sources) source.release();
    this.endpointId.value = null;
    this.closedBy.value = reason;
  }

  /** The endpoint is beyond repair: open another one with the same sources. */
  #rebuild(): void {
    if (this.#stops.length === 0) return;
    this.state.value = 'restoring';
    this.#closeCall();
    if (this.#meeting.following.value) void this.#enter();
  }
}
