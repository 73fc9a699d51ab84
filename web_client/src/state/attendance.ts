import { effect } from '@preact/signals';
import { ApiError } from '../protocol/errors';
import type { PresenceMode } from '../protocol/generated';
import type { Meeting } from './meeting';

/**
 * Keeps a person checked in as present while they are in the room.
 *
 * Presence hangs on the live connection, so that it is said again after each reconnect; and where the meeting is not
 * open yet, as soon as its state has changed. A refusal is shown by the list of people, not as an error.
 */
export class Attendance {
  readonly #meeting: Meeting;
  readonly #mode: PresenceMode;
  readonly #siteId: string | null;
  #stop: (() => void) | null = null;

  constructor(meeting: Meeting, mode: PresenceMode, siteId: string | null) {
    this.#meeting = meeting;
    this.#mode = mode;
    this.#siteId = siteId;
  }

  start(): void {
    let said: string | null = null;
    this.#stop ??= effect(() => {
      const state = this.#meeting.snapshot.value?.meeting.state ?? null;
      const following = this.#meeting.following.value;
      if (!following) said = null;
      if (!following || state === said) return;
      said = state;
      void this.#attend();
    });
  }

  async #attend(): Promise<void> {
    try {
      await this.#meeting.request('attend', { mode: this.#mode, siteId: this.#siteId });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'timeout' && this.#stop) await this.#attend();
    }
  }

  /** Leave on purpose: presence ends now. */
  end(): void {
    this.#stop?.();
    this.#stop = null;
    this.#meeting.request('depart', {}).catch(() => undefined); // a broken connection ends presence by itself
  }
}
