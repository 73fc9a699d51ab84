import { signal, type ReadonlySignal } from '@preact/signals';
import { ApiError } from '../protocol/errors';
import type { Endpoint, EventEnvelope, Snapshot } from '../protocol/generated';
import type { Answer, Body, Notice, RequestType, Requests } from '../protocol/messages';
import type { LiveSocket } from '../protocol/socket';
import { applyEvent } from './applyEvent';
import { BallotBox } from './ballots';

/** What a meeting needs of the live connection. */
export type Link = Pick<LiveSocket, 'request' | 'onNotice' | 'onOnline' | 'connection' | 'wake'>;

/** Requests about a meeting. */
export type MeetingRequest = { [T in RequestType]: 'meetingId' extends keyof Requests[T] ? T : never }[RequestType];
export type MeetingBody<T extends MeetingRequest> = Omit<Body<T>, 'meetingId'>;

/**
 * One meeting, followed live: `snapshot` is always the hub's state at `snapshot.revision`.
 *
 * After a reconnect the events since that revision follow; where the hub cannot replay them it sends the state anew.
 */
export class Meeting {
  readonly id: string;
  readonly ballots: BallotBox;
  /** Who is in the room with sound and picture, known to everybody who follows the meeting. */
  readonly endpoints = signal<readonly Endpoint[]>([]);
  readonly activeSpeaker = signal<string | null>(null);
  /** How good the others' connections are, by person, as their pages measure it. */
  readonly qualities = signal<ReadonlyMap<string, string | null>>(new Map());
  readonly #link: Link;
  readonly #snapshot = signal<Snapshot | null>(null);
  readonly #error = signal<ApiError | null>(null);
  readonly #following = signal(false);
  #pending: EventEnvelope[] = [];
  #stops: (() => void)[] = [];

  constructor(id: string, link: Link) {
    this.id = id;
    this.#link = link;
    this.ballots = new BallotBox(this);
  }

  get snapshot(): ReadonlySignal<Snapshot | null> {
    return this.#snapshot;
  }

  /** Why the meeting cannot be followed (`not_found`, …); null while it can. */
  get error(): ReadonlySignal<ApiError | null> {
    return this.#error;
  }

  /** Whether the hub's changes arrive at this moment. */
  get following(): ReadonlySignal<boolean> {
    return this.#following;
  }

  get link(): Link {
    return this.#link;
  }

  /** Follow the meeting until `stop`. */
  start(): void {
    this.#stops = [
      this.#link.onNotice((notice) => this.#hear(notice)),
      this.#link.onOnline(() => void this.#subscribe()),
      this.#link.connection.subscribe((connection) => {
        if (connection !== 'online') this.#following.value = false;
      }),
    ];
    if (this.#link.connection.value === 'online') void this.#subscribe();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#following.value = false;
    if (this.#link.connection.value === 'online') {
      this.#link.request('unsubscribe', { meetingId: this.id }).catch(() => undefined);
    }
  }

  /** Send a request about this meeting. Rejects with {@link ApiError}. */
  request<T extends MeetingRequest>(type: T, body: MeetingBody<T>, timeoutMs?: number): Promise<Answer<T>> {
    return this.#link.request(type, { meetingId: this.id, ...body } as unknown as Body<T>, timeoutMs);
  }

  /** Resolve once the hub's changes arrive (again). */
  whenFollowing(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.following.subscribe((following) => {
        if (!following) return;
        resolve();
        queueMicrotask(() => stop());
      });
    });
  }

  async #subscribe(after = this.#snapshot.value?.revision ?? null): Promise<void> {
    this.#following.value = false;
    try {
      const answer = await this.#link.request('subscribe', { meetingId: this.id, after });
      if (answer.snapshot) this.#snapshot.value = answer.snapshot;
      this.#error.value = null;
      this.qualities.value = new Map(); // what is not good will be said again
      this.#following.value = true;
      for (const envelope of this.#pending.splice(0)) this.#advance(envelope);
    } catch (error) {
      this.#refused(error);
    }
  }

  #refused(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'revision_unknown') this.#startOver();
    else if (error.code === 'timeout') void this.#subscribe();
    else if (error.code !== 'disconnected') this.#error.value = error;
  }

  /** Ask for the whole state anew; views keep drawing the old one until the new one is there. */
  #startOver(): void {
    this.#pending = [];
    void this.#subscribe(null);
  }

  #hear(notice: Notice): void {
    if (!('meetingId' in notice) || notice.meetingId !== this.id) return;
    if (notice.type === 'resync') this.#startOver();
    else if (notice.type === 'room') this.endpoints.value = notice.endpoints;
    else if (notice.type === 'active_speaker') this.activeSpeaker.value = notice.endpointId;
    else if (notice.type === 'event') this.#hearEvent(notice);
    else if (notice.type === 'ephemeral' && notice.key === 'quality') {
      this.qualities.value = new Map(this.qualities.value).set(notice.personId, notice.value);
    }
  }

  #hearEvent(envelope: EventEnvelope): void {
    if (this.#following.value) this.#advance(envelope);
    else this.#pending.push(envelope);
  }

  #advance(envelope: EventEnvelope): void {
    const snapshot = this.#snapshot.value;
    if (!snapshot || envelope.revision <= snapshot.revision) return;
    if (envelope.revision > snapshot.revision + 1) this.#startOver();
    else this.#snapshot.value = applyEvent(snapshot, envelope);
  }
}
