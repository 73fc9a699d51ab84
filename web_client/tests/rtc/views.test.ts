import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RemoteTrack } from '../../src/rtc/call';
import { type Drawn, stepped, TileViews } from '../../src/rtc/views';

type Views = { consumerId: string; width: number; height: number; pinned: boolean }[];

const remote = (endpointId: string, source: RemoteTrack['source'] = 'camera'): RemoteTrack => ({
  endpointId,
  source,
  producerId: `p-${endpointId}`,
  consumerId: `c-${endpointId}-${source}`,
  track: { kind: source === 'microphone' ? 'audio' : 'video' } as MediaStreamTrack,
});
const drawn = (endpointId: string, width: number, height: number, change: Partial<Drawn> = {}): Drawn => ({
  endpointId,
  source: 'camera',
  width,
  height,
  pinned: false,
  ...change,
});

function world(most = 25): { views: TileViews; request: ReturnType<typeof vi.fn>; told: () => Views[] } {
  const request = vi.fn<(type: string, body: { views: Views }) => Promise<object>>(() => Promise.resolve({}));
  const views = new TileViews({ request } as never);
  views.begin(most);
  return { views, request, told: () => request.mock.calls.map(([, body]) => body.views) };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('sizes', () => {
  it('are told in steps, so that a few pixels more change nothing', () => {
    expect(stepped(0)).toBe(0);
    expect(stepped(10)).toBe(48);
    expect(stepped(360)).toBe(stepped(375));
    expect(Math.abs(stepped(720) - 720)).toBeLessThan(90);
    expect(stepped(100_000)).toBeLessThanOrEqual(16_384);
  });
});

describe('what is drawn', () => {
  it('is told soon after it has come, and sound never', async () => {
    const { views, told } = world();
    views.draw(Symbol('tile'), drawn('e2', 640, 360));
    views.receive([remote('e2'), remote('e2', 'microphone')]);
    await pass(50);
    expect(told()).toEqual([
      [{ consumerId: 'c-e2-camera', width: stepped(640), height: stepped(360), pinned: false }],
    ]);
  });

  it('has a moment to be drawn, and counts as not seen afterwards', async () => {
    const { views, told } = world();
    views.receive([remote('e2')]);
    await pass(500);
    expect(told()).toEqual([]);
    await pass(800);
    expect(told()).toEqual([[{ consumerId: 'c-e2-camera', width: 0, height: 0, pinned: false }]]);
  });

  it('is told once it has settled, in one request for all, and not again while nothing changes', async () => {
    const { views, told, request } = world();
    const [one, other] = [Symbol('one'), Symbol('other')];
    views.draw(one, drawn('e2', 640, 360));
    views.draw(other, drawn('e3', 640, 360));
    views.receive([remote('e2'), remote('e3')]);
    await pass(1_000);
    request.mockClear();
    for (let width = 640; width > 200; width -= 40) {
      views.draw(one, drawn('e2', width, width * 0.5625));
      views.draw(other, drawn('e3', width, width * 0.5625));
      await pass(20);
    }
    expect(told().length).toBeLessThanOrEqual(1);
    await pass(600);
    expect(told().at(-1)?.map((view) => [view.consumerId, view.width])).toEqual([
      ['c-e2-camera', stepped(240)],
      ['c-e3-camera', stepped(240)],
    ]);
    request.mockClear();
    views.draw(one, drawn('e2', 238, 134));
    await pass(1_000);
    expect(request).not.toHaveBeenCalled();
  });

  it('counts at its larger place, and is suspended when it has none', async () => {
    const { views, told, request } = world();
    const [tile, small] = [Symbol('tile'), Symbol('small window')];
    views.draw(tile, drawn('e2', 0, 0));
    views.draw(small, drawn('e2', 400, 225));
    views.receive([remote('e2')]);
    await pass(1_000);
    expect(told().at(-1)?.[0]?.width).toBe(stepped(400));
    request.mockClear();
    views.erase(small);
    await pass(1_000);
    expect(told()).toEqual([[{ consumerId: 'c-e2-camera', width: 0, height: 0, pinned: false }]]);
  });

  it('that was off the screen comes back without waiting to settle', async () => {
    const { views, told } = world();
    const tile = Symbol('tile');
    views.draw(tile, drawn('e2', 0, 0));
    views.receive([remote('e2')]);
    await pass(1_000);
    views.draw(tile, drawn('e2', 320, 180));
    await pass(50);
    expect(told().at(-1)?.[0]?.width).toBe(stepped(320));
  });

  it('is not more than the hub allows: what is pinned goes before what is large', async () => {
    const { views, told } = world(2);
    views.draw(Symbol('a'), drawn('a', 300, 200));
    views.draw(Symbol('b'), drawn('b', 600, 400));
    views.draw(Symbol('c'), drawn('c', 200, 100, { pinned: true }));
    views.receive([remote('a'), remote('b'), remote('c')]);
    await pass(1_000);
    const seen = told().flat().filter((view) => view.width > 0);
    expect(seen.map((view) => view.consumerId)).toEqual(['c-b-camera', 'c-c-camera']);
  });
});

describe('what is spent on pictures', () => {
  it('is little to save data, except for a screen that is read, and nothing for sound only', async () => {
    const { views, told } = world();
    views.draw(Symbol('tile'), drawn('e2', 1280, 720));
    views.draw(Symbol('screen'), drawn('e2', 1280, 720, { source: 'screen' }));
    views.receive([remote('e2'), remote('e2', 'screen')]);
    await pass(1_000);
    views.mode = 'low';
    await pass(1_000);
    expect(told().at(-1)).toEqual([{ consumerId: 'c-e2-camera', width: 320, height: 180, pinned: false }]);
    views.mode = 'sound';
    await pass(1_000);
    expect(told().at(-1)?.map((view) => view.width)).toEqual([0, 0]);
    views.mode = 'automatic';
    await pass(1_000);
    expect(told().at(-1)?.map((view) => view.width)).toEqual([stepped(1280), stepped(1280)]);
  });
});

describe('a hub that was away', () => {
  it('is told everything again', async () => {
    const { views, told, request } = world();
    views.draw(Symbol('tile'), drawn('e2', 640, 360));
    views.receive([remote('e2')]);
    await pass(1_000);
    request.mockClear();
    views.begin(25);
    await pass(500);
    expect(told()).toHaveLength(1);
  });

  it('that refused is asked again after a while', async () => {
    const { views, request } = world();
    request.mockRejectedValueOnce(new Error('too many'));
    views.draw(Symbol('tile'), drawn('e2', 640, 360));
    views.receive([remote('e2')]);
    await pass(500);
    expect(request).toHaveBeenCalledTimes(1);
    await pass(3_000);
    expect(request).toHaveBeenCalledTimes(2);
  });

  it('is told nothing once the room was left', async () => {
    const { views, request } = world();
    views.stop();
    views.draw(Symbol('tile'), drawn('e2', 640, 360));
    views.receive([remote('e2')]);
    await pass(3_000);
    expect(request).not.toHaveBeenCalled();
  });
});
