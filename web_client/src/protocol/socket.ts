import { signal, type ReadonlySignal } from '@preact/signals';
import { backoffMs } from './backoff';
import { ApiError } from './errors';
import type { Answer, Body, HubMessage, Notice, Requester, RequestType } from './messages';

/** `closed`: not wanted · `connecting`: first attempt · `online` · `reconnecting`: it broke and is being restored. */
export type Connection = 'closed' | 'connecting' | 'online' | 'reconnecting';

const REQUEST_TIMEOUT_MS = 10_000;
const PING_EVERY_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;

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
  #pingTimer: ReturnType<typeof setInterval> | undefined;

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

  /** Try again at once, because the network came back. */
  retryNow(): void {
    if (this.#connection.value !== 'reconnecting' || this.#socket) return;
    clearTimeout(this.#retryTimer);
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
    this.#connection.value = 'online';
    this.#pingTimer = setInterval(() => this.#ping(socket), PING_EVERY_MS);
    for (const handler of this.#onlineHandlers) handler();
  }

  #ping(socket: WebSocket): void {
    this.request('ping', {}).then(
      (pong) => this.#options.onServerTime?.(pong.serverTimeMs),
      (error: ApiError) => {
        if (error.code === 'timeout') this.#lost(socket);
      },
    );
  }

  #receive(message: HubMessage): void {
    if (message.type === 'reply') this.#settle(message.id)?.resolve(message.result);
    else if (message.type === 'error') {
      const { code, message: text, params } = message.error;
      if (message.id !== null) this.#settle(message.id)?.reject(new ApiError(code, text, params ?? {}));
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
    clearInterval(this.#pingTimer);
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(disconnected());
    socket?.close();
  }
}

function disconnected(): ApiError {
  return new ApiError('disconnected', 'the live connection is not there');
}
