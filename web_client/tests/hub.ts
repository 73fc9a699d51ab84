import { signal } from '@preact/signals';
import { ApiError } from '../src/protocol/errors';
import type { EventEnvelope } from '../src/protocol/generated';
import type { Notice, RequestType } from '../src/protocol/messages';
import type { Connection } from '../src/protocol/socket';
import type { Link } from '../src/state/meeting';

type Handler = (body: Record<string, unknown>) => unknown;

/** Stands for the hub behind the live connection: answers requests by type, sends notices, comes and goes. */
export class TestHub {
  readonly connection = signal<Connection>('online');
  readonly requests: { type: RequestType; body: Record<string, unknown> }[] = [];
  readonly #handlers = new Map<RequestType, Handler>();
  readonly #notices = new Set<(notice: Notice) => void>();
  readonly #online = new Set<() => void>();

  readonly link: Link = {
    connection: this.connection,
    wake: () => undefined,
    request: (async (type: RequestType, body: Record<string, unknown>) => {
      if (this.connection.value !== 'online') throw new ApiError('disconnected', 'no connection');
      this.requests.push({ type, body });
      return (await this.#handlers.get(type)?.(body)) ?? {};
    }) as Link['request'],
    onNotice: (handler) => {
      this.#notices.add(handler);
      return () => this.#notices.delete(handler);
    },
    onOnline: (handler) => {
      this.#online.add(handler);
      return () => this.#online.delete(handler);
    },
  };

  answer(type: RequestType, handler: Handler): this {
    this.#handlers.set(type, handler);
    return this;
  }

  of(type: RequestType): Record<string, unknown>[] {
    return this.requests.filter((request) => request.type === type).map((request) => request.body);
  }

  say(notice: Notice): void {
    for (const handler of this.#notices) handler(notice);
  }

  event(revision: number, event: EventEnvelope['event'], meetingId = 'm1'): void {
    this.say({ type: 'event', meetingId, revision, at: '2026-11-21T08:00:00Z', event });
  }

  disconnect(): void {
    this.connection.value = 'reconnecting';
  }

  reconnect(): void {
    this.connection.value = 'online';
    for (const handler of this.#online) handler();
  }
}

/** Let everything that was promised happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
