import { signal } from '@preact/signals';
import { ApiError } from '../protocol/errors';
import type { Meeting } from './meeting';

/** A ballot that this page has cast: on its way, or acknowledged with the hub's receipt. */
export interface CastState {
  readonly optionId: string;
  readonly receipt: string | null;
}

const UNANSWERED = new Set(['disconnected', 'timeout', 'not_subscribed']);

/** Casts ballots so that each counts exactly once, whatever happens to the connection. */
export class BallotBox {
  readonly #meeting: Pick<Meeting, 'request' | 'whenFollowing'>;
  /** By poll id; a refused ballot is not in it. */
  readonly cast = signal<ReadonlyMap<string, CastState>>(new Map());
  /** Why the hub refused the last ballot, by poll id. */
  readonly refused = signal<ReadonlyMap<string, unknown>>(new Map());

  constructor(meeting: Pick<Meeting, 'request' | 'whenFollowing'>) {
    this.#meeting = meeting;
  }

  /**
   * Cast a ballot and return its receipt. Where the answer is lost the same ballot is sent again after the reconnect;
   * the hub answers a repetition with the first receipt. Returns null when the hub refuses, see `refused`.
   */
  async vote(pollId: string, optionId: string): Promise<string | null> {
    const ballotId = crypto.randomUUID().replaceAll('-', '');
    this.refused.value = changed(this.refused.value, pollId, null);
    this.cast.value = changed(this.cast.value, pollId, { optionId, receipt: null });
    try {
      const receipt = await this.#send(pollId, ballotId, optionId);
      this.cast.value = changed(this.cast.value, pollId, { optionId, receipt });
      return receipt;
    } catch (error) {
      this.cast.value = changed(this.cast.value, pollId, null);
      this.refused.value = changed(this.refused.value, pollId, error);
      return null;
    }
  }

  async #send(pollId: string, ballotId: string, optionId: string): Promise<string> {
    for (;;) {
      try {
        return (await this.#meeting.request('poll.cast', { pollId, ballotId, optionId })).receipt;
      } catch (error) {
        if (!(error instanceof ApiError) || !UNANSWERED.has(error.code)) throw error;
      }
      await this.#meeting.whenFollowing();
    }
  }
}

function changed<T>(map: ReadonlyMap<string, T>, key: string, value: T | null): ReadonlyMap<string, T> {
  const next = new Map(map);
  if (value === null) next.delete(key);
  else next.set(key, value);
  return next;
}
