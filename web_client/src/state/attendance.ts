import { effect } from '@preact/signals';
import { ApiError } from '../protocol/errors';
import type { Endpoint, PresenceMode } from '../protocol/generated';
import type { Meeting } from './meeting';
import { halls } from './viewModels';

/** How somebody takes part: from afar or in person, at which site, and in which of the halls that are connected. */
export interface Seat {
  readonly mode: PresenceMode;
  readonly siteId: string | null;
  readonly hall: Endpoint | null;
}

/**
 * Keeps a person checked in as present while they are in the room.
 *
 * Presence hangs on the live connection, so that it is said again after each reconnect; where the meeting is not open
 * yet, as soon as its state has changed; and where the person's hall came back as another endpoint. A refusal is shown
 * by the list of people, not as an error.
 */
export class Attendance {
  readonly #meeting: Meeting;
  readonly #seat: Seat;
  #hall: Endpoint | null;
  /** Checked in without the hall, which the hub did not know at that moment. */
  #withoutHall = false;
  #stop: (() => void) | null = null;

  constructor(meeting: Meeting, seat: Seat) {
    this.#meeting = meeting;
    this.#seat = seat;
    this.#hall = seat.hall;
  }

  start(): void {
    let said: string | null = null;
    this.#stop ??= effect(() => {
      const state = this.#meeting.snapshot.value?.meeting.state ?? null;
      const following = this.#meeting.following.value;
      this.#hall = this.#hall && hallNow(this.#meeting.endpoints.value, this.#hall);
      const wanted = `${state}/${this.#hall?.id ?? ''}`;
      if (!following || this.#hallIsBack()) said = null;
      if (!following || wanted === said) return;
      said = wanted;
      void this.#attend(this.#hall);
    });
  }

  #hallIsBack(): boolean {
    if (!this.#withoutHall || !this.#hall || !this.#meeting.endpoints.value.includes(this.#hall)) return false;
    this.#withoutHall = false;
    return true;
  }

  async #attend(hall: Endpoint | null): Promise<void> {
    const siteId = hall?.siteId ?? this.#seat.siteId;
    try {
      await this.#meeting.request('attend', { mode: this.#seat.mode, siteId, ...(hall ? { via: hall.id } : {}) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!this.#stop) return;
      if (error.code === 'timeout') await this.#attend(hall);
      else if (error.code === 'no_such_media_object' && hall) {
        this.#withoutHall = true;
        await this.#attend(null);
      }
    }
  }

  /** Leave on purpose: presence ends now. */
  end(): void {
    this.#stop?.();
    this.#stop = null;
    this.#meeting.request('depart', {}).catch(() => undefined); // a broken connection ends presence by itself
  }
}

/** A hall as the room knows it now: a hall that joined anew is another endpoint. One that is away stays as it was. */
function hallNow(endpoints: readonly Endpoint[], hall: Endpoint): Endpoint {
  const known = halls(endpoints);
  const same = (one: Endpoint) => one.hallId === hall.hallId;
  return known.find((one) => one.id === hall.id) ?? known.find(same) ?? hall;
}
