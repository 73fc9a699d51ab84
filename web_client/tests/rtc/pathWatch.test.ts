import type { types } from 'mediasoup-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Flow, LIVE_LOOKS, LOOK_MS, PathWatch, PROVEN_LOOKS } from '../../src/rtc/pathWatch';

/** How a browser says which pair of candidates is in use. */
type Browser = 'chromium' | 'firefox';

/** A transport whose counters the test moves; an earlier pair stays in the statistics for ever. */
class Wire {
  sent = 1;
  received = 1;
  pair = 'first';
  readonly transport: types.Transport;

  constructor(direction: 'send' | 'recv', browser: Browser) {
    const entry = { type: 'candidate-pair', nominated: true, state: 'succeeded' };
    const statistics = () => {
      const used = { ...entry, bytesSent: this.sent, bytesReceived: this.received };
      const stale = { ...entry, bytesSent: 7, bytesReceived: 7 };
      if (browser === 'firefox') return [['stale', { ...stale, selected: false }], [this.pair, { ...used, selected: true }]] as const;
      return [['stale', stale], [this.pair, used], ['T', { type: 'transport', selectedCandidatePairId: this.pair }]] as const;
    };
    this.transport = {
      direction,
      getStats: () => Promise.resolve(new Map<string, object>(statistics())),
    } as unknown as types.Transport;
  }

  carry(sent: number, received: number): void {
    this.sent += sent;
    this.received += received;
  }
}

describe('a flow', () => {
  const live = (flow: Flow) => {
    for (let look = 0; look <= LIVE_LOOKS; look += 1) flow.take({ sent: look, received: look });
    return flow;
  };

  it('is silent for as many looks as brought nothing, after it has been heard', () => {
    const flow = live(new Flow(false));
    expect(flow.silent).toBe(0);
    for (let look = 1; look <= 3; look += 1) {
      flow.take({ sent: LIVE_LOOKS, received: LIVE_LOOKS });
      expect(flow.silent).toBe(look);
    }
  });

  it('that was never heard is not silent', () => {
    const flow = new Flow(false);
    for (let look = 0; look < 20; look += 1) flow.take({ sent: look, received: 0 });
    expect(flow.silent).toBe(0);
  });

  it('that is being repaired is not doubted before it is heard again', () => {
    const flow = live(new Flow(false));
    flow.take({ sent: LIVE_LOOKS, received: LIVE_LOOKS });
    flow.doubt();
    flow.take({ sent: LIVE_LOOKS, received: LIVE_LOOKS });
    expect(flow.silent).toBe(0);
    for (let look = 1; look <= LIVE_LOOKS; look += 1) flow.take({ sent: 0, received: 10 + look });
    flow.take({ sent: 0, received: 10 + LIVE_LOOKS });
    expect(flow.silent).toBe(1);
  });

  it('is proven to be lost where the relay answers and did not, although something was sent in each look', () => {
    const looks = (flow: Flow, sent: number) => {
      for (let look = 1; look <= PROVEN_LOOKS; look += 1) flow.take({ sent: LIVE_LOOKS + look * sent, received: LIVE_LOOKS });
      return flow.proven;
    };
    expect(looks(live(new Flow(true)), 10)).toBe(true);
    expect(looks(live(new Flow(true)), 0)).toBe(false);
    expect(looks(live(new Flow(false)), 10)).toBe(false);
  });
});

describe('the way to the relay', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  async function looks(count: number, change: () => void): Promise<void> {
    for (let look = 0; look < count; look += 1) {
      change();
      await vi.advanceTimersByTimeAsync(LOOK_MS);
    }
  }

  const due = { pictures: 0 };
  beforeEach(() => Object.assign(due, { pictures: 0 }));

  interface Watching {
    send: Wire;
    recv: Wire;
    lost: string[];
    watch: PathWatch;
    hub: { isThere: boolean };
  }

  function watching(isThere: boolean, answersAfterMs = 0, browser: Browser = 'chromium'): Watching {
    const [send, recv, lost] = [new Wire('send', browser), new Wire('recv', browser), [] as string[]];
    const hub = { isThere };
    const watch = new PathWatch(
      {
        hubIsThere: () => new Promise((resolve) => setTimeout(() => resolve(hub.isThere), answersAfterMs)),
        picturesDue: () => due.pictures,
      },
      (transport) => lost.push(transport.direction),
    );
    watch.start([send.transport, recv.transport]);
    return { send, recv, lost, watch, hub };
  }

  const both = (one: Wire, other: Wire) => () => {
    for (const wire of [one, other]) wire.carry(10, 10);
  };

  it.each(['chromium', 'firefox'] as const)('is lost within 600 ms when nothing comes back in %s', async (browser) => {
    const { send, recv, lost, watch } = watching(true, 0, browser);
    await looks(8, both(send, recv));
    await looks(600 / LOOK_MS, () => {
      send.carry(10, 0);
      recv.carry(0, 10);
    });
    expect(lost).toEqual(['send']);
    watch.stop();
  });

  it('is lost in both directions when both are silent', async () => {
    const { send, recv, lost } = watching(true);
    await looks(8, both(send, recv));
    await looks(4, () => undefined);
    expect(lost).toEqual(['send', 'recv']);
  });

  it('takes every silent transport along that would have come to its proof later', async () => {
    const { send, recv, lost } = watching(true);
    await looks(8, both(send, recv));
    await looks(3, () => send.carry(10, 0));
    expect(lost).toEqual(['send', 'recv']);
  });

  it.each(['chromium', 'firefox'] as const)('is watched on the pair that %s uses now', async (browser) => {
    const { send, recv, lost } = watching(true, 0, browser);
    await looks(8, both(send, recv));
    for (const wire of [send, recv]) Object.assign(wire, { pair: 'second', sent: 0, received: 0 });
    await looks(8, both(send, recv));
    expect(lost).toEqual([]);
    await looks(3, () => send.carry(10, 0));
    expect(lost).toEqual(['send', 'recv']);
  });

  it('stands when merely nobody speaks, as the hub confirms', async () => {
    const { send, recv, lost } = watching(true);
    await looks(8, both(send, recv));
    await looks(8, () => send.carry(10, 10));
    expect(lost).toEqual([]);
  });

  it.each([
    [2, 3],
    [1, 5],
  ])('is lost when pictures of %i people should come and none does, after %i looks, whatever the hub says', async (pictures, after) => {
    const { send, recv, lost } = watching(true);
    Object.assign(due, { pictures });
    await looks(8, both(send, recv));
    const speak = () => send.carry(10, 10);
    await looks(after - 1, speak);
    expect(lost).toEqual([]);
    await looks(1, speak);
    expect(lost).toEqual(['recv']);
  });

  it('is lost in a long silence too, as soon as the hub is', async () => {
    const { send, recv, lost, hub } = watching(true);
    await looks(8, both(send, recv));
    await looks(30, () => send.carry(10, 10));
    expect(lost).toEqual([]);
    hub.isThere = false;
    await looks(15, () => send.carry(10, 10));
    expect(lost).toEqual(['recv']);
  });

  it('stands where the relay says something once a second only', async () => {
    const { send, recv, lost } = watching(false);
    await looks(8, both(send, recv));
    await looks(300, () => {
      send.carry(10, 0);
      if (Math.floor(Date.now() / LOOK_MS) % 5 === 0) send.carry(0, 10);
      recv.carry(0, 10);
    });
    expect(lost.length).toBeLessThanOrEqual(1); // when the steady answers ended
  });

  it('stands while a busy page catches up on its looks, between which no time has passed', async () => {
    const { send, recv, lost } = watching(true);
    await looks(8, both(send, recv));
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now);
    await looks(5, () => send.carry(10, 0));
    vi.restoreAllMocks();
    expect(lost).toEqual([]);
  });

  it('is repaired once in five seconds at most', async () => {
    const { send, recv, lost } = watching(true);
    for (let round = 0; round < 5; round += 1) {
      await looks(6, both(send, recv));
      await looks(4, () => send.carry(10, 0));
    }
    expect(lost).toEqual(['send', 'recv', 'send', 'recv']);
  });

  it('is not looked at any more after the end, nor is anything done for a look that was under way', async () => {
    const { send, recv, lost, watch } = watching(false, 300);
    await looks(8, both(send, recv));
    await looks(3, () => send.carry(10, 10));
    watch.stop();
    await looks(10, () => undefined);
    expect(lost).toEqual([]);
  });

  it('is watched although another transport is closed', async () => {
    const { send, recv, lost } = watching(true);
    Object.assign(recv.transport, { getStats: () => Promise.reject(new Error('closed')) });
    await looks(8, both(send, recv));
    await looks(4, () => send.carry(10, 0));
    expect(lost).toEqual(['send']);
  });

  it('is lost when the hub does not answer either', async () => {
    const { send, recv, lost } = watching(false);
    await looks(8, both(send, recv));
    await looks(8, () => send.carry(10, 10));
    expect(lost).toEqual(['recv']);
  });

  it('is lost within a second also when the hub takes its time', async () => {
    const { send, recv, lost } = watching(false, 300);
    await looks(8, both(send, recv));
    await looks(1000 / LOOK_MS, () => send.carry(10, 10));
    expect(lost).toEqual(['recv']);
  });
});
