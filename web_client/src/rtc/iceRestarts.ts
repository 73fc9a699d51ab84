import type { types } from 'mediasoup-client';
import { ApiError } from '../protocol/errors';
import type { MediaRequester } from './call';

const GRACE_MS = 2500;
const BETWEEN_MS = 4000;
const ATTEMPTS = 3;

/**
 * Gives a transport that lost its path new ICE credentials (RFC 8445 §9), so that DTLS and what runs over it go on.
 *
 * After three attempts in a row, or when the hub does not know the transport any more, `giveUp` is called.
 */
export class IceRestarts {
  readonly #requester: MediaRequester;
  readonly #giveUp: () => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(requester: MediaRequester, giveUp: () => void) {
    this.#requester = requester;
    this.#giveUp = giveUp;
  }

  /**
   * Look at transports whose state changed: start or end the repair of each. One that may come back by itself is given
   * `graceMs`.
   */
  check(transports: readonly types.Transport[], graceMs = GRACE_MS): void {
    for (const transport of transports) {
      const { connectionState: state, id } = transport;
      if (state === 'connected' || state === 'closed') this.#cancel(id);
      else if ((state === 'failed' || state === 'disconnected') && !this.#timers.has(id)) {
        this.#schedule(transport, 1, state === 'failed' ? 0 : graceMs);
      }
    }
  }

  stop(): void {
    for (const id of this.#timers.keys()) this.#cancel(id);
  }

  #cancel(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #schedule(transport: types.Transport, attempt: number, delay: number): void {
    this.#timers.set(
      transport.id,
      setTimeout(() => void this.#restart(transport, attempt), delay),
    );
  }

  async #restart(transport: types.Transport, attempt: number): Promise<void> {
    if (attempt > ATTEMPTS) {
      this.stop();
      this.#giveUp();
      return;
    }
    try {
      const answer = await this.#requester.request('media.restart_ice', { transportId: transport.id });
      if (transport.closed) return;
      await transport.restartIce({ iceParameters: answer.iceParameters as unknown as types.IceParameters });
    } catch (error) {
      this.#refused(error, transport);
    }
    if (this.#timers.has(transport.id)) this.#schedule(transport, attempt + 1, BETWEEN_MS);
  }

  /** While the hub is away nothing is decided: the reconnect checks again. */
  #refused(error: unknown, transport: types.Transport): void {
    const code = error instanceof ApiError ? error.code : 'failed';
    this.#cancel(transport.id);
    if (code === 'disconnected' || code === 'timeout') return;
    this.stop();
    this.#giveUp();
  }
}
