import type { types } from 'mediasoup-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import { deviceProblem } from '../../src/rtc/devices';
import { IceRestarts } from '../../src/rtc/iceRestarts';
import { IceServersRenewal, RENEW_MS } from '../../src/rtc/iceServers';
import { loudness } from '../../src/rtc/level';
import { ownProducers, planConsumers } from '../../src/rtc/reconcile';
import { endpoint } from '../samples';

const producer = (id: string) => ({ id, kind: 'video' as const, source: 'camera' as const, paused: false });

describe('planConsumers', () => {
  const room = [
    endpoint('e1', 'a', { producers: [producer('mine')] }),
    endpoint('e2', 'b', { producers: [producer('p1'), producer('p2')] }),
  ];

  it('consumes the others’ producers, never one’s own', () => {
    expect(planConsumers(room, 'e1', new Set()).consume.map((one) => [one.id, one.endpointId])).toEqual([
      ['p1', 'e2'],
      ['p2', 'e2'],
    ]);
  });

  it('leaves what is consumed and closes what is gone', () => {
    expect(planConsumers(room, 'e1', new Set(['p1', 'old']))).toEqual({
      consume: [{ ...producer('p2'), endpointId: 'e2' }],
      close: ['old'],
    });
  });

  it('knows the own producers', () => {
    expect(ownProducers(room, 'e1')).toEqual([producer('mine')]);
    expect(ownProducers(room, 'e9')).toEqual([]);
  });
});

describe('deviceProblem', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
    ['TypeError', 'failed'],
  ])('%s means %s', (name, problem) => {
    expect(deviceProblem(new DOMException('', name))).toBe(problem);
  });
});

describe('loudness', () => {
  it('is 0 for silence and 1 for full scale', () => {
    expect(loudness(new Float32Array(64))).toBe(0);
    expect(loudness(new Float32Array(64).fill(1))).toBeCloseTo(1);
    expect(loudness(new Float32Array(64).fill(0.1))).toBeCloseTo(2 / 3, 2);
  });
});

describe('credentials for TURN servers', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('are renewed every half hour while the call stands, where there are servers', async () => {
    const request = vi.fn(() => Promise.resolve({ iceServers: [{ urls: ['turn:192.0.2.1'] }] }));
    const given = vi.fn(() => Promise.resolve());
    const renewal = new IceServersRenewal({ request } as never);
    const transports = () => [{ closed: false, updateIceServers: given } as unknown as types.Transport];
    renewal.start(transports, { iceServers: [] });
    await vi.advanceTimersByTimeAsync(RENEW_MS);
    expect(request).not.toHaveBeenCalled();
    renewal.start(transports, { iceServers: [{ urls: ['turn:192.0.2.1'] }] });
    await vi.advanceTimersByTimeAsync(2 * RENEW_MS);
    expect(request).toHaveBeenCalledTimes(2);
    expect(given).toHaveBeenCalledTimes(2);
    renewal.stop();
    await vi.advanceTimersByTimeAsync(2 * RENEW_MS);
    expect(request).toHaveBeenCalledTimes(2);
  });
});

describe('ICE restarts', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function transport(state: string): types.Transport {
    return {
      id: 't1',
      connectionState: state,
      closed: false,
      restartIce: vi.fn(() => Promise.resolve()),
      updateIceServers: vi.fn(() => Promise.resolve()),
    } as unknown as types.Transport;
  }

  function restarts(request = vi.fn(() => Promise.resolve({ iceParameters: {}, iceServers: [] as never[] }))): {
    one: IceRestarts;
    giveUp: ReturnType<typeof vi.fn>;
    request: typeof request;
  } {
    const giveUp = vi.fn();
    return { one: new IceRestarts({ request } as never, giveUp), giveUp, request };
  }

  it('come after a while for a path that is interrupted, and not when it recovers', async () => {
    const { one, request } = restarts();
    one.check([transport('disconnected')]);
    await vi.advanceTimersByTimeAsync(2000);
    one.check([transport('connected')]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(request).not.toHaveBeenCalled();
  });

  it('come at once for a path that failed, three times, and then give up', async () => {
    const { one, request, giveUp } = restarts();
    const failed = transport('failed');
    one.check([failed]);
    await vi.advanceTimersByTimeAsync(0);
    expect(failed.restartIce).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(4000 * 3);
    expect(request).toHaveBeenCalledTimes(3);
    expect(giveUp).toHaveBeenCalledTimes(1);
  });

  it('give up when the hub does not know the transport', async () => {
    const { one, giveUp } = restarts(vi.fn(() => Promise.reject(new ApiError('no_such_media_object', ''))));
    one.check([transport('failed')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(giveUp).toHaveBeenCalledTimes(1);
  });

  it('of its own changes the relay’s user fragment and asks nobody', async () => {
    const { one, request } = restarts();
    const lost = transport('connected');
    await one.hasten(lost);
    expect(lost.restartIce).not.toHaveBeenCalled();
    one.know('t1', { usernameFragment: 'uf', password: 'pw' });
    await one.hasten(lost);
    await one.hasten(lost);
    expect(vi.mocked(lost.restartIce).mock.calls.map(([given]) => given.iceParameters.usernameFragment)).toEqual(['uf+1', 'uf+2']);
    expect(request).not.toHaveBeenCalled();
  });

  it('bring the newest credentials of TURN servers', async () => {
    const iceServers = [{ urls: ['turn:192.0.2.1'], username: '9:p', credential: 'x' }];
    const { one } = restarts(vi.fn(() => Promise.resolve({ iceParameters: {}, iceServers: iceServers as never[] })));
    const failed = transport('failed');
    one.check([failed]);
    await vi.advanceTimersByTimeAsync(0);
    expect(failed.updateIceServers).toHaveBeenCalledWith({ iceServers });
    one.stop();
  });

  it('wait while the hub is away', async () => {
    const { one, giveUp, request } = restarts(vi.fn(() => Promise.reject(new ApiError('disconnected', ''))));
    one.check([transport('failed')]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(giveUp).not.toHaveBeenCalled();
    expect(request).toHaveBeenCalledTimes(1);
  });
});
