import type { types } from 'mediasoup-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Flow, LIVE_LOOKS, LOOK_MS, PathWatch, SILENT_LOOKS } from '../../src/rtc/pathWatch';

/** A transport whose counters the test moves. */
class Wire {
  sent = 1;
  received = 1;
  readonly transport: types.Transport;

  constructor(direction: 'send' | 'recv') {
    const pair = () => ({
      type: 'candidate-pair',
      nominated: true,
      state: 'succeeded',
      bytesSent: this.sent,
      bytesReceived: this.received,
    });
    this.transport = {
      direction,
      getStats: () => Promise.resolve(new Map([['pair', pair()]])),
    } as unknown as types.Transport;
  }
}

describe('a flow', () => {
  it('falls silent once, after it has been heard and then was not for a while', () => {
    const flow = new Flow(false);
    let received = 0;
    for (let look = 0; look <= LIVE_LOOKS; look += 1) expect(flow.fellSilent({ sent: 0, received: (received += 5) })).toBe(false);
    const looks = Array.from({ length: SILENT_LOOKS + 3 }, () => flow.fellSilent({ sent: 0, received }));
    expect(looks.filter(Boolean)).toHaveLength(1);
    expect(looks.indexOf(true)).toBe(SILENT_LOOKS - 1);
  });

  it('that was never heard does not fall silent', () => {
    const flow = new Flow(false);
    for (let look = 0; look < 20; look += 1) expect(flow.fellSilent({ sent: look, received: 0 })).toBe(false);
  });

  it('whose relay answers has fallen silent a look earlier, where something was sent in each', () => {
    const live = (flow: Flow) => {
      for (let look = 0; look <= LIVE_LOOKS; look += 1) flow.fellSilent({ sent: look, received: look });
      return flow;
    };
    const [busy, idle] = [live(new Flow(true)), live(new Flow(true))];
    const looks = (flow: Flow, sent: number[]) => sent.map((one) => flow.fellSilent({ sent: one, received: LIVE_LOOKS }));
    expect(looks(busy, [11, 12])).toEqual([false, true]);
    expect(busy.proven).toBe(true);
    expect(looks(idle, [LIVE_LOOKS, LIVE_LOOKS, LIVE_LOOKS])).toEqual([false, false, true]);
    expect(idle.proven).toBe(false);
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

  function watching(hub: boolean, answersAfterMs = 0): { send: Wire; recv: Wire; lost: string[]; watch: PathWatch } {
    const [send, recv, lost] = [new Wire('send'), new Wire('recv'), [] as string[]];
    const watch = new PathWatch(
      () => new Promise((resolve) => setTimeout(resolve, answersAfterMs, hub)),
      (transport) => lost.push(transport.direction),
    );
    watch.start([send.transport, recv.transport]);
    return { send, recv, lost, watch };
  }

  const both = (one: Wire, other: Wire) => () => {
    for (const wire of [one, other]) {
      wire.sent += 10;
      wire.received += 10;
    }
  };

  it('is lost within a second when nothing comes back for what is sent', async () => {
    const { send, recv, lost, watch } = watching(true);
    await looks(8, both(send, recv));
    await looks(1000 / LOOK_MS, () => {
      send.sent += 10;
      recv.received += 10;
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

  it('stands when merely nobody speaks, as the hub confirms', async () => {
    const { send, recv, lost } = watching(true);
    await looks(8, both(send, recv));
    await looks(8, () => {
      send.sent += 10;
      send.received += 10;
    });
    expect(lost).toEqual([]);
  });

  it('is lost when the hub does not answer either', async () => {
    const { send, recv, lost } = watching(false);
    await looks(8, both(send, recv));
    await looks(8, () => {
      send.sent += 10;
      send.received += 10;
    });
    expect(lost).toEqual(['recv']);
  });

  it('is lost within a second also when the hub takes its time', async () => {
    const { send, recv, lost } = watching(false, 500);
    await looks(8, both(send, recv));
    await looks(1000 / LOOK_MS, () => {
      send.sent += 10;
      send.received += 10;
    });
    expect(lost).toEqual(['recv']);
  });
});
