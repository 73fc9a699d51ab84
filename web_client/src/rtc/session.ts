import { computed, signal, type Signal } from '@preact/signals';
import type { Device, types } from 'mediasoup-client';
import { ApiError } from '../protocol/errors';
import type { Endpoint, EndpointClosed, MediaJoined, Producer } from '../protocol/generated';
import type { Notice } from '../protocol/messages';
import type { Meeting } from '../state/meeting';
import { Call, type RemoteTrack } from './call';
import { openCamera, openMicrophone, openScreen } from './devices';
import { ownProducers } from './reconcile';
import { IceRestarts } from './iceRestarts';
import { LocalSource } from './source';

/** `unavailable`: the relay is away, it is tried again · `closed`: by the hub's decision, see `closedBy`. */
export type MediaState = 'idle' | 'joining' | 'live' | 'restoring' | 'unavailable' | 'closed';
type SessionMeeting = Pick<Meeting, 'id' | 'request' | 'following' | 'link' | 'endpoints' | 'activeSpeaker'>;

const RETRY_MS = 2000;
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
  readonly endpointId = signal<string | null>(null);
  readonly activeSpeaker: Signal<string | null>;
  readonly tracks = signal<readonly RemoteTrack[]>([]);
  /** Whether the others are heard here; who sits in the hall hears them there. */
  readonly soundOn = signal(true);
  readonly microphone: LocalSource;
  readonly camera: LocalSource;
  readonly screen: LocalSource;
  readonly own = computed(() => this.endpoints.value.find((one) => one.id === this.endpointId.value));
  readonly #meeting: SessionMeeting;
  readonly #createDevice: () => Promise<Device>;
  readonly #iceRestarts: IceRestarts;
  #call: Call | null = null;
  #working = false;
  #again = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #stops: (() => void)[] = [];

  constructor(meeting: SessionMeeting, createDevice: () => Promise<Device> = makeDevice) {
    this.#meeting = meeting;
    this.endpoints = meeting.endpoints;
    this.activeSpeaker = meeting.activeSpeaker;
    this.#createDevice = createDevice;
    this.#iceRestarts = new IceRestarts(meeting, () => this.#rebuild());
    this.microphone = new LocalSource(meeting, { source: 'microphone', open: openMicrophone, releaseWhenOff: false });
    this.camera = new LocalSource(meeting, { source: 'camera', open: openCamera, releaseWhenOff: true });
    this.screen = new LocalSource(meeting, {
      source: 'screen',
      open: openScreen,
      releaseWhenOff: true,
      closeWhenOff: true,
    });
  }

  /** Enter the room's media and stay until `leave`. Trouble shows in `state`; nothing rejects. */
  join(): void {
    if (this.#stops.length > 0) return;
    this.state.value = 'joining';
    this.closedBy.value = null;
    this.#stops = [
      this.#meeting.link.onNotice((notice) => this.#hear(notice)),
      this.#meeting.following.subscribe((following) => {
        if (following) void this.#enter();
      }),
    ];
  }

  /** Leave on purpose and give camera and microphone back. */
  leave(): void {
    const inside = this.#call !== null;
    this.#stop();
    for (const source of this.#sources) source.release();
    this.state.value = 'idle';
    if (inside) this.#meeting.request('media.leave', {}).catch(() => undefined);
  }

  get #sources(): readonly LocalSource[] {
    return [this.microphone, this.camera, this.screen];
  }

  #stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    clearTimeout(this.#retryTimer);
    this.#closeCall();
  }

  #closeCall(): void {
    this.#call?.close();
    this.#call = null;
    this.#iceRestarts.stop();
    for (const source of this.#sources) source.leave();
    this.tracks.value = [];
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
    const endpointId = this.#call?.endpointId ?? null;
    if (endpointId !== null) this.state.value = 'restoring';
    const joined = await this.#meeting.request('media.join', { endpointId, takeOver: true });
    if (this.#stops.length === 0) return; // left meanwhile
    if (joined.resumed && this.#call) this.#resumed(joined);
    else await this.#open(joined);
    this.state.value = 'live';
  }

  #resumed(joined: MediaJoined): void {
    this.#see(joined.room.endpoints);
    const known = new Set(this.#ownProducers().map((one) => one.id));
    for (const source of this.#sources) source.restore(known).catch(() => undefined); // the next reconnect tries again
    this.#iceRestarts.check(this.#call?.transports ?? []);
  }

  async #open(joined: MediaJoined): Promise<void> {
    this.#closeCall();
    this.endpointId.value = joined.endpointId;
    this.endpoints.value = joined.room.endpoints;
    const call = await Call.open(joined, await this.#createDevice(), this.#meeting, {
      tracksChanged: (tracks) => {
        this.tracks.value = tracks;
      },
      transportChanged: (transport) => this.#transportChanged(transport),
    });
    if (this.#stops.length === 0) {
      call.close();
      return;
    }
    this.#call = call;
    call.update(this.endpoints.value);
    await Promise.all(this.#sources.map((source) => source.join(call)));
  }

  #failed(error: unknown): void {
    if (this.#stops.length === 0) return;
    const code = error instanceof ApiError ? error.code : 'failed';
    if (code === 'disconnected') return; // the reconnect enters again
    if (code === 'not_found' || code === 'denied') {
      this.#end('removed');
      return;
    }
    if (!TRY_AGAIN.has(code)) this.#closeCall();
    this.state.value = 'unavailable';
    this.#retryTimer = setTimeout(() => void this.#enter(), RETRY_MS);
  }

  #hear(notice: Notice): void {
    if (!('meetingId' in notice) || notice.meetingId !== this.#meeting.id) return;
    if (notice.type === 'room') this.#see(notice.endpoints);
    else if (notice.type === 'endpoint_closed') this.#endpointClosed(notice);
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
    if (reason === 'lost') this.#rebuild();
    else this.#end(reason);
  }

  #end(reason: EndpointClosed['reason']): void {
    this.#stop();
    for (const source of this.#sources) source.release();
    this.closedBy.value = reason;
    this.state.value = 'closed';
  }

  /** The endpoint is beyond repair: open another one with the same sources. */
  #rebuild(): void {
    if (this.#stops.length === 0) return;
    this.state.value = 'restoring';
    this.#closeCall();
    if (this.#meeting.following.value) void this.#enter();
  }

  #transportChanged(transport: types.Transport): void {
    this.#iceRestarts.check([transport]);
  }
}

async function makeDevice(): Promise<Device> {
  const { Device: LazyDevice } = await import('mediasoup-client');
  return LazyDevice.factory();
}
