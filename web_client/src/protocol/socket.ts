import { signal, type ReadonlySignal } from '@preact/signals';
import { backoffMs } from './backoff';
import { ApiError } from './errors';
import type { Answer, Body, HubMessage, Notice, Requester, RequestType } from './messages';
import { refused } from './refusals';

/** `closed`: not wanted · `connecting`: first attempt · `online` · `reconnecting`: it broke and is being restored. */
export type Connection = 'closed' | 'connecting' | 'online' | 'reconnecting';

const REQUEST_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A sign of life of the page, which keeps its session, however much the hub says. */
const PING_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 500;
/** After so long without a word from the hub it is asked for one; without an answer the connection is dead. */
const QUIET_MS = 2_000;
const PONG_WITHIN_MS = 3_000;
/** After sleep, or a change of network, the answer is expected sooner: most likely there is none. */
const PONG_AFTER_WAKING_MS = 1_500;
/** When the timer was late by this much, the computer slept. */
const SLEPT_MS = 4_000;
const PATIENCE_MS = 1_000;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: ApiError): void;
  timer: ReturnType<typeof setTimeout>;
}

export interface SocketOptions {
  /** Opens a WebSocket to the hub. */
  open: () => WebSocket;
  /** Called when an attempt to connect failed before the connection stood; the session may be over. */
  onRefused?: () => void;
  /** Called with the hub's time, in milliseconds since 1970, as each ping is answered. */
  onServerTime?: (serverTimeMs: number) => void;
  random?: () => number;
}

/**
 * The live connection to the hub: requests answered by id, notices, and reconnects.
 *
 * A request is sent once. It rejects with {@link ApiError} when the hub refuses it, with `timeout` when no answer came,
 * and with `disconnected` when the connection broke before: then only the caller knows whether to repeat it.
 *
 * A connection that died without a word (a cable, a closed lid, another network) is noticed within 6 seconds.
 */
export class LiveSocket implements Requester {
  readonly #options: SocketOptions;
  readonly #connection = signal<Connection>('closed');
  readonly #waiting = new Map<number, Waiting>();
  readonly #noticeHandlers = new Set<(notice: Notice) => void>();
  readonly #onlineHandlers = new Set<() => void>();
  #socket: WebSocket | null = null;
  #lastId = 0;
  #failures = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setInterval> | undefined;
  #lookedAt = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #triedAt = 0;
  #pinging = false;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  get connection(): ReadonlySignal<Connection> {
    return this.#connection;
  }

  /** Connect, and stay connected until `close`. Harmless while connected. */
  start(): void {
    if (this.#connection.value !== 'closed') return;
    this.#connection.value = 'connecting';
    this.#connect();
  }

  /** Disconnect on purpose; whatever waits for an answer is told. */
  close(): void {
    this.#connection.value = 'closed';
    clearTimeout(this.#retryTimer);
    this.#drop();
  }

  /** The network or the computer's state may have changed: try the connection, or try again to connect, at once. */
  wake(): void {
    const socket = this.#socket;
    if (this.#connection.value === 'online' && socket) this.#ping(socket, PONG_AFTER_WAKING_MS);
    if (this.#connection.value !== 'reconnecting') return;
    if (socket && Date.now() - this.#triedAt < PATIENCE_MS) return;
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.#connect();
  }

  request<T extends RequestType>(type: T, body: Body<T>, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Answer<T>> {
    const socket = this.#socket;
    if (this.#connection.value !== 'online' || !socket) return Promise.reject(disconnected());
    const id = ++this.#lastId;
    return new Promise<Answer<T>>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new ApiError('timeout', `${type} was not answered`));
      }, timeoutMs);
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as Answer<T>), reject, timer });
      socket.send(JSON.stringify({ type, id, ...body }));
    });
  }

  /** Hear what the hub says by itself; returns how to stop. */
  onNotice(handler: (notice: Notice) => void): () => void {
    this.#noticeHandlers.add(handler);
    return () => this.#noticeHandlers.delete(handler);
  }

  /** Be called each time the connection stands; returns how to stop. */
  onOnline(handler: () => void): () => void {
    this.#onlineHandlers.add(handler);
    return () => this.#onlineHandlers.delete(handler);
  }

  #connect(): void {
    const socket = this.#options.open();
    this.#socket = socket;
    this.#triedAt = Date.now();
    let opened = false;
    const slow = setTimeout(() => this.#lost(socket), CONNECT_TIMEOUT_MS);
    socket.addEventListener('open', () => {
      clearTimeout(slow);
      opened = true;
      this.#opened(socket);
    });
    socket.addEventListener('message', (event) => {
      if (this.#socket === socket) this.#receive(JSON.parse(String(event.data)) as HubMessage);
    });
    socket.addEventListener('close', () => {
      clearTimeout(slow);
      if (!opened && this.#socket === socket) this.#options.onRefused?.();
      this.#lost(socket);
    });
  }

  #opened(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#failures = 0;
    this.#lookedAt = this.#heardAt = this.#pingedAt = Date.now();
    this.#connection.value = 'online';
    this.#lookTimer = setInterval(() => this.#look(socket, Date.now()), LOOK_EVERY_MS);
    for (const handler of this.#onlineHandlers) handler();
  }

  /** Ask the hub for a sign of life when there has been none, or when the computer slept. */
  #look(socket: WebSocket, now: number): void {
    const slept = Math.abs(now - this.#lookedAt) > SLEPT_MS;
    this.#lookedAt = now;
    if (slept) this.#ping(socket, PONG_AFTER_WAKING_MS);
    else if (!this.#pinging && (now - this.#heardAt >= QUIET_MS || now - this.#pingedAt >= PING_EVERY_MS)) {
      this.#ping(socket, PONG_WITHIN_MS);
    }
  }

  #ping(socket: WebSocket, withinMs: number): void {
    const at = (this.#pingedAt = Date.now());
    this.#pinging = true;
    this.request('ping', {}, withinMs)
      .then(
        (pong) => this.#options.onServerTime?.(pong.serverTimeMs),
        (error: ApiError) => {
          if (error.code === 'timeout' && this.#heardAt <= at) this.#lost(socket);
        },
      )
      .finally(() => {
        this.#pinging = false;
      });
  }

  #receive(message: HubMessage): void {
    this.#heardAt = Date.now();
    if (message.type === 'reply') this.#settle(message.id)?.resolve(message.result);
    else if (message.type === 'error') {
      const { code, message: text, params } = message.error;
      if (message.id !== null) this.#settle(message.id)?.reject(refused(new ApiError(code, text, params ?? {})));
    } else for (const handler of this.#noticeHandlers) handler(message);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  /** The connection is gone, or as good as gone: restore it unless it is not wanted any more. */
  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#drop();
    if (this.#connection.value === 'closed') return;
    this.#connection.value = 'reconnecting';
    const delay = backoffMs(this.#failures++, (this.#options.random ?? Math.random)());
    this.#retryTimer = setTimeout(() => this.#connect(), delay);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    clearInterval(this.#lookTimer);
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(disconnected());
    socket?.close();
  }
}

function disconnected(): ApiError {
  return new ApiError('disconnected', 'the live connection is not there');
}
