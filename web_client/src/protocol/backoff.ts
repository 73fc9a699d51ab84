const FIRST_MS = 500;
const LONGEST_MS = 3_000;

/**
 * Return how long to wait before the reconnect after `failures` failures in a row (0 for the first one).
 *
 * Doubles up to 3 s; `random` (0 to 1) takes away up to half, so that clients do not come back all at once.
 */
export function backoffMs(failures: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return whole * (1 - random / 2);
}
