import { signal } from '@preact/signals';
import { ApiError } from '../protocol/errors';
import type { Shown } from '../protocol/generated';
import type { Notice } from '../protocol/messages';
import type { Meeting } from './meeting';

/** What somebody presents to everybody. */
export interface Presented {
  readonly personId: string;
  readonly place: Shown;
}

type PresentingMeeting = Pick<Meeting, 'id' | 'request' | 'following' | 'link'>;

const PACE_MS = 150;

/**
 * The presenter's page: who presents which place of which paper, whether this page follows, and how many do.
 *
 * The hub keeps the latest place only. After a reconnect it tells it again; where it was restarted, the presenter does.
 */
export class Presenting {
  readonly presented = signal<Presented | null>(null);
  /** Whether this page goes where the presenter goes. */
  readonly attached = signal(true);
  readonly followers = signal(0);
  /** Why presenting ended against the presenter's will. */
  readonly refused = signal<unknown>(null);
  readonly #meeting: PresentingMeeting;
  readonly #personId: string;
  #own: Shown | null = null;
  #heard = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stops: (() => void)[] = [];

  constructor(meeting: PresentingMeeting, personId: string) {
    this.#meeting = meeting;
    this.#personId = personId;
  }

  start(): void {
    if (this.#stops.length > 0) return;
    this.#stops = [
      this.#meeting.link.onNotice((notice) => this.#hear(notice)),
      this.#meeting.following.subscribe((following) => {
        if (following) void this.#cameBack();
        else this.#heard = false;
      }),
    ];
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops.splice(0)) stop();
    if (this.#own) this.end();
  }

  get mine(): boolean {
    return this.#own !== null;
  }

  /** Begin to present, or move on: where the presenter is now, a few times a second. */
  present(place: Shown): void {
    if (this.#own === null) this.followers.value = 0;
    this.#own = place;
    this.refused.value = null;
    this.presented.value = { personId: this.#personId, place };
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#say();
    }, PACE_MS);
  }

  /** Nothing is presented any more: the presenter's wish, or that of who runs the meeting. */
  end(): void {
    this.#own = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.presented.value = null;
    this.#send('page', null);
  }

  /** Read on one's own. */
  detach(): void {
    if (!this.attached.value) return;
    this.attached.value = false;
    this.#send('follow', null);
  }

  /** Go where the presenter is, and stay with them. */
  attach(): void {
    this.attached.value = true;
    this.#send('follow', '1');
  }

  #say(): void {
    if (this.#own) this.#send('page', JSON.stringify(this.#own));
  }

  #send(key: 'page' | 'follow', value: string | null): void {
    this.#meeting.request('ephemeral', { key, value }).catch((error: unknown) => {
      if (key === 'page' && error instanceof ApiError && error.code === 'denied') this.#lost(error);
    });
  }

  #lost(error: unknown): void {
    if (!this.#own) return;
    this.end();
    this.refused.value = error;
  }

  /**
   * What the hub keeps is told before the answer to a request that follows the subscription. Only then the presenter
   * goes on: somebody else may have taken over meanwhile.
   */
  async #cameBack(): Promise<void> {
    try {
      await this.#meeting.request('ephemeral', { key: 'follow', value: this.attached.value ? '1' : null });
    } catch {
      return; // the next reconnect asks again
    }
    if (this.#own) this.#say();
    else if (!this.#heard) this.presented.value = null;
  }

  #hear(notice: Notice): void {
    if (notice.type !== 'ephemeral' || notice.meetingId !== this.#meeting.id) return;
    if (notice.key === 'follow') this.followers.value = Number(notice.value ?? 0);
    else if (notice.key === 'page') this.#hearPage(notice.personId, notice.value);
  }

  #hearPage(personId: string, value: string | null): void {
    this.#heard = true;
    if (value === null) {
      this.#own = null;
      this.presented.value = null;
      return;
    }
    if (personId === this.#personId && this.#own) return;
    const before = this.presented.value;
    const place = JSON.parse(value) as Shown;
    this.#own = personId === this.#personId ? place : null;
    this.presented.value = { personId, place };
    if (before?.personId !== personId || before.place.paperId !== place.paperId) this.attach(); // it begins: all follow
  }
}
