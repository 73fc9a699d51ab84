import type { types } from 'mediasoup-client';
import { ApiError } from '../protocol/errors';
import type { MediaRequester } from './call';
import { giveIceServers } from './iceServers';

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
  readonly #parameters = new Map<string, types.IceParameters>();
  #own = 0;

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

  /** The relay's parameters of a transport that was just opened. */
  know(id: string, iceParameters: types.IceParameters): void {
    this.#parameters.set(id, iceParameters);
  }

  /**
   * Restart without asking the hub, which is often as unreachable as the relay at such a moment: the relay takes what
   * follows a plus sign in its user fragment for a number of the page's own.
   */
  async hasten(transport: types.Transport): Promise<void> {
    const known = this.#parameters.get(transport.id);
    if (!known || transport.closed || this.#timers.has(transport.id)) return;
    this.#own += 1;
    const iceParameters = { ...known, usernameFragment: `${known.usernameFragment}+${this.#own}` };
    await transport.restartIce({ iceParameters }).catch(() => undefined); // the browser tells if it stays interrupted
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
      await giveIceServers(transport, answer);
      const iceParameters = answer.iceParameters as unknown as types.IceParameters;
      this.know(transport.id, iceParameters);
      await transport.restartIce({ iceParameters });
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
