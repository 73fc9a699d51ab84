import type { types } from 'mediasoup-client';
import type { IceServers } from '../protocol/generated';
import type { MediaRequester } from './call';

/** The hub's credentials for TURN servers hold for an hour. */
export const RENEW_MS = 30 * 60_000;

/**
 * Give a transport the newest credentials; it uses them when it gathers candidates the next time.
 *
 * Firefox takes none after the first: should it need a TURN server for a restart after an hour, it fails, and the call is
 * built anew with those of the new join.
 */
export async function giveIceServers(transport: types.Transport, { iceServers }: IceServers): Promise<void> {
  if (iceServers.length === 0 || transport.closed) return;
  await transport.updateIceServers({ iceServers: iceServers as unknown as RTCIceServer[] }).catch(() => undefined);
}

/** Keeps the credentials of a call young, where there are TURN servers at all. */
export class IceServersRenewal {
  readonly #requester: MediaRequester;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(requester: MediaRequester) {
    this.#requester = requester;
  }

  /** Begin with what a join answered. */
  start(transports: () => readonly types.Transport[], joined: IceServers): void {
    this.stop();
    if (joined.iceServers.length > 0) this.#timer = setInterval(() => void this.#renew(transports), RENEW_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** While the hub is away nothing is renewed: a join or an ICE restart brings new ones. */
  async #renew(transports: () => readonly types.Transport[]): Promise<void> {
    try {
      const answer = await this.#requester.request('media.ice_servers', {});
      await Promise.all(transports().map((one) => giveIceServers(one, answer)));
    } catch {
      return;
    }
  }
}
