import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs } from '../../src/protocol/backoff';
import { onRefusal } from '../../src/protocol/refusals';
import { LiveSocket } from '../../src/protocol/socket';

/** The network's end of a WebSocket. */
class TestWebSocket extends EventTarget {
  readonly sent: { type: string; id: number }[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { type: string; id: number });
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  receive(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }

  break(): void {
    this.dispatchEvent(new Event('close'));
  }
}

function start(): { live: LiveSocket; sockets: TestWebSocket[]; refused: ReturnType<typeof vi.fn>; times: number[] } {
  const sockets: TestWebSocket[] = [];
  const refused = vi.fn();
  const times: number[] = [];
  const live = new LiveSocket({
    open: () => {
      const socket = new TestWebSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    onRefused: refused,
    onServerTime: (time) => times.push(time),
    random: () => 0,
  });
  live.start();
  return { live, sockets, refused, times };
}

/** The error of a request, heard from the start, so that it is not reported as unhandled. */
const failure = (request: Promise<unknown>) =>
  request.then(
    () => null,
    (error: unknown) => error,
  );

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the live connection', () => {
  it('answers each request by its id', async () => {
    const { live, sockets } = start();
    expect(live.connection.value).toBe('connecting');
    sockets[0]?.open();
    expect(live.connection.value).toBe('online');
    const first = live.request('ping', {});
    const second = live.request('poll.cast', { meetingId: 'm', pollId: 'p', ballotId: 'b', optionId: 'yes' });
    sockets[0]?.receive({ type: 'reply', id: 2, result: { receipt: 'R' } });
    sockets[0]?.receive({ type: 'reply', id: 1, result: { serverTimeMs: 7 } });
    await expect(first).resolves.toEqual({ serverTimeMs: 7 });
    await expect(second).resolves.toEqual({ receipt: 'R' });
    expect(sockets[0]?.sent[1]).toEqual({
      type: 'poll.cast',
      id: 2,
      meetingId: 'm',
      pollId: 'p',
      ballotId: 'b',
      optionId: 'yes',
    });
  });

  it('rejects with the hub’s error, on a timeout, and while offline', async () => {
    const { live, sockets } = start();
    await expect(live.request('ping', {})).rejects.toMatchObject({ code: 'disconnected' });
    sockets[0]?.open();
    const told: string[] = [];
    const stop = onRefusal((error) => told.push(error.code));
    const refused = live.request('floor.grant', { meetingId: 'm', speakerId: 's' });
    sockets[0]?.receive({
      type: 'error',
      id: 1,
      error: { code: 'floor_taken', message: 'taken', params: { name: 'X' } },
    });
    await expect(refused).rejects.toMatchObject({ code: 'floor_taken', params: { name: 'X' } });
    stop();
    expect(told).toEqual(['floor_taken']); // a timeout later is no refusal
    const slow = failure(live.request('floor.grant', { meetingId: 'm', speakerId: 's' }));
    for (let second = 0; second < 10; second += 1) {
      sockets[0]?.receive({ type: 'resync', meetingId: 'm' });
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(await slow).toMatchObject({ code: 'timeout' });
  });

  it('passes notices on until told to stop', () => {
    const { live, sockets } = start();
    sockets[0]?.open();
    const heard = vi.fn();
    const stop = live.onNotice(heard);
    sockets[0]?.receive({ type: 'resync', meetingId: 'm' });
    stop();
    sockets[0]?.receive({ type: 'resync', meetingId: 'm' });
    expect(heard).toHaveBeenCalledExactlyOnceWith({ type: 'resync', meetingId: 'm' });
  });

  it('comes back by itself, telling what waited', async () => {
    const { live, sockets } = start();
    const online = vi.fn();
    live.onOnline(online);
    sockets[0]?.open();
    const waiting = failure(live.request('attend', { meetingId: 'm', mode: 'remote' }));
    sockets[0]?.break();
    expect(await waiting).toMatchObject({ code: 'disconnected' });
    expect(live.connection.value).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(500);
    sockets[1]?.open();
    expect(live.connection.value).toBe('online');
    expect(online).toHaveBeenCalledTimes(2);
  });

  it('waits longer after each failure, and asks whether the session still stands', async () => {
    const { sockets, refused } = start();
    sockets[0]?.break();
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(2);
    sockets[1]?.break();
    await vi.advanceTimersByTimeAsync(999);
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(sockets).toHaveLength(3);
    expect(refused).toHaveBeenCalledTimes(2);
  });

  it('asks a silent hub for a sign of life, and learns the time from it', async () => {
    const { sockets, times } = start();
    sockets[0]?.open();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(sockets[0]?.sent).toEqual([]);
    sockets[0]?.receive({ type: 'resync', meetingId: 'm' });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(sockets[0]?.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sockets[0]?.sent).toEqual([{ type: 'ping', id: 1 }]);
    sockets[0]?.receive({ type: 'reply', id: 1, result: { serverTimeMs: 1234 } });
    await vi.advanceTimersByTimeAsync(0);
    expect(times).toEqual([1234]);
  });

  it('shows that the page is alive, however much the hub says', async () => {
    const { sockets } = start();
    sockets[0]?.open();
    for (let second = 0; second < 16; second += 1) {
      sockets[0]?.receive({ type: 'resync', meetingId: 'm' });
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(sockets[0]?.sent).toEqual([{ type: 'ping', id: 1 }]);
  });

  it('notices a connection that died without a word within six seconds', async () => {
    const { live, sockets } = start();
    sockets[0]?.open();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(live.connection.value).toBe('online');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(live.connection.value).toBe('reconnecting');
    expect(sockets[0]?.closed).toBe(true);
  });

  it('keeps a slow connection on which anything arrives', async () => {
    const { live, sockets } = start();
    sockets[0]?.open();
    await vi.advanceTimersByTimeAsync(3_000);
    sockets[0]?.receive({ type: 'resync', meetingId: 'm' });
    await vi.advanceTimersByTimeAsync(3_500);
    expect(live.connection.value).toBe('online');
  });

  it('tries the connection at once when the computer slept', async () => {
    const { live, sockets } = start();
    sockets[0]?.open();
    vi.setSystemTime(Date.now() + 60_000);
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets[0]?.sent).toEqual([{ type: 'ping', id: 1 }]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(live.connection.value).toBe('reconnecting');
  });

  it('does not wait for an attempt that hangs when the network has changed', async () => {
    const { live, sockets } = start();
    sockets[0]?.break();
    await vi.advanceTimersByTimeAsync(500);
    live.wake();
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_500);
    live.wake();
    expect(sockets).toHaveLength(3);
    expect(sockets[1]?.closed).toBe(true);
  });

  it('gives up an attempt that hangs', async () => {
    const { live, sockets } = start();
    await vi.advanceTimersByTimeAsync(5_500);
    expect(live.connection.value).toBe('reconnecting');
    expect(sockets).toHaveLength(2);
  });

  it('tries at once when the network is back', () => {
    const { live, sockets } = start();
    sockets[0]?.break();
    live.wake();
    expect(sockets).toHaveLength(2);
  });

  it('stays closed when closed on purpose', async () => {
    const { live, sockets } = start();
    sockets[0]?.open();
    live.close();
    sockets[0]?.break();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(live.connection.value).toBe('closed');
    expect(sockets).toHaveLength(1);
  });

  it('ignores what an abandoned socket still says', () => {
    const { live, sockets } = start();
    sockets[0]?.open();
    sockets[0]?.break();
    live.wake();
    const heard = vi.fn();
    live.onNotice(heard);
    sockets[0]?.receive({ type: 'resync', meetingId: 'm' });
    sockets[0]?.break();
    expect(heard).not.toHaveBeenCalled();
    expect(sockets).toHaveLength(2);
  });
});

describe('backoff', () => {
  it('doubles up to three seconds, and takes up to half away', () => {
    expect([0, 1, 2, 3, 4, 5, 99].map((failures) => backoffMs(failures, 0))).toEqual([
      500, 1000, 2000, 3000, 3000, 3000, 3000,
    ]);
    expect(backoffMs(1, 1)).toBe(500);
  });
});
