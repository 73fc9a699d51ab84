import { describe, expect, it } from 'vitest';
import { Patience } from '../../src/rtc/patience';
import { type Measured, Measurement, rate, SteadyQuality } from '../../src/rtc/quality';

const fine: Measured = { sendLoss: 0, receiveLoss: 0, roundTripMs: 20, outgoingBps: 1_000_000, frozen: 0, sentBps: null, receivedBps: null, path: null };

describe('the quality of a connection', () => {
  it.each([
    ['good', {}],
    ['good', { sendLoss: null, receiveLoss: null, roundTripMs: null, outgoingBps: null }],
    ['weak', { receiveLoss: 0.04 }],
    ['weak', { roundTripMs: 400 }],
    ['weak', { outgoingBps: 100_000 }],
    ['weak', { frozen: 0.2 }],
    ['bad', { frozen: 0.5 }],
    ['bad', { sendLoss: 0.2 }],
    ['bad', { roundTripMs: 900 }],
  ] as const)('is %s with %o', (expected, change) => {
    expect(rate({ ...fine, ...change })).toBe(expected);
  });

  it('does not change by one bad moment', () => {
    const steady = new SteadyQuality();
    expect((['bad', 'good', 'bad', 'bad', 'good', 'good'] as const).map((one) => steady.next(one))).toEqual([
      'good',
      'good',
      'good',
      'bad',
      'bad',
      'good',
    ]);
  });

  it('is measured from interval to interval', () => {
    const measurement = new Measurement();
    const incoming = (lost: number, received: number) => [
      { type: 'inbound-rtp', packetsLost: lost, packetsReceived: received },
      { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.024 },
    ];
    const outgoing = [
      { type: 'remote-inbound-rtp', fractionLost: 0.1 },
      { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.02, availableOutgoingBitrate: 300_000 },
      { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 },
    ];
    expect(measurement.read(outgoing, incoming(50, 50))).toEqual({
      sendLoss: 0.1,
      receiveLoss: 0.5,
      roundTripMs: 24,
      outgoingBps: 300_000,
      frozen: null,
      sentBps: null,
      receivedBps: null,
      path: null,
    });
    expect(measurement.read([], incoming(50, 150)).receiveLoss).toBe(0);
    expect(measurement.read([], []).receiveLoss).toBeNull();
  });

  it('tells for which part of the time a picture stood still', () => {
    const measurement = new Measurement();
    const pictures = (first: number, second: number) => [
      { type: 'inbound-rtp', id: 'a', totalFreezesDuration: first },
      { type: 'inbound-rtp', id: 'b', totalFreezesDuration: second },
    ];
    expect(measurement.read([], pictures(5, 0), 0).frozen).toBeNull();
    expect(measurement.read([], pictures(5, 0.6), 3_000).frozen).toBeCloseTo(0.2);
    expect(measurement.read([], pictures(60, 0.6), 6_000).frozen).toBe(1);
    expect(measurement.read([], [{ type: 'inbound-rtp', id: 'new', totalFreezesDuration: 9 }], 9_000).frozen).toBe(0);
  });
});

describe('waiting for what was lost', () => {
  it('begins with a loss, lasts as long as a repair takes, and ends some time after the last loss', () => {
    const patience = new Patience();
    expect(patience.next(null, null)).toBeNull();
    expect(patience.next(0.004, 20)).toBeNull();
    expect(patience.next(0.05, 20)).toBe(140);
    expect(patience.next(0.05, 5)).toBe(140);
    expect(patience.next(0.02, 900)).toBe(400);
    expect(patience.next(null, null)).toBe(400);
    expect(patience.next(0.007, null)).toBe(400);
    expect([1, 2, 3, 4, 5].map(() => patience.next(0, 20))).toEqual([400, 400, 400, 400, null]);
    expect(patience.next(0.01, null)).toBe(120);
  });
});
