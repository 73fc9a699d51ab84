import { expect, test } from 'vitest';
import { clocksDiffer, fromWallClock, hoursBetween, shortDateTime, toWallClock } from '../../src/ui/time';
import { setLocale } from '../../src/i18n';

const HANOI = 'Asia/Ho_Chi_Minh';
const PARIS = 'Europe/Paris';

test('a wall clock time means the same instant both ways', () => {
  expect(fromWallClock('2026-11-23T08:00', HANOI)).toBe('2026-11-23T01:00:00.000Z');
  expect(toWallClock('2026-11-23T01:00:00.000Z', HANOI)).toBe('2026-11-23T08:00');
});

test('summer time is taken into account on both sides of the change', () => {
  expect(fromWallClock('2026-03-29T01:30', PARIS)).toBe('2026-03-29T00:30:00.000Z');
  expect(fromWallClock('2026-03-29T03:30', PARIS)).toBe('2026-03-29T01:30:00.000Z');
  expect(toWallClock('2026-07-01T10:00:00Z', PARIS)).toBe('2026-07-01T12:00');
});

test.each(['', '2026-11-23', '2026-13-40T25:61', 'tomorrow'])('%j is no time', (value) => {
  expect(fromWallClock(value, HANOI)).toBeNull();
});

test('zones with the same clock do not differ', () => {
  expect(clocksDiffer('2026-11-23T01:00:00Z', HANOI, 'Asia/Bangkok')).toBe(false);
  expect(clocksDiffer('2026-11-23T01:00:00Z', HANOI, PARIS)).toBe(true);
});

test('a meeting over midnight names the day of its end', () => {
  expect(hoursBetween('2026-11-23T01:00:00Z', '2026-11-23T04:30:00Z', HANOI)).toBe('08:00 – 11:30');
  expect(hoursBetween('2026-11-23T16:00:00Z', '2026-11-23T18:00:00Z', HANOI)).toBe('23:00 – 01:00 (11/24)');
});

test('Vietnamese writes the day in figures', async () => {
  await setLocale('vi');
  expect(shortDateTime('2026-11-23T01:00:00Z', HANOI)).toContain('23/11/2026');
});
