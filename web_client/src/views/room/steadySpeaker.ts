import { useEffect, useState } from 'preact/hooks';

/** Who coughs is not put on the stage: so long must somebody speak. */
const TAKES_MS = 1_500;
/** And whoever is there stays for so long at least. */
const STAYS_MS = 4_000;

export interface Steady {
  readonly shown: string | null;
  readonly since: number;
  /** Who speaks now, and since when; null: nobody else than who is shown. */
  readonly rival: string | null;
  readonly rivalSince: number;
}

export const NOBODY: Steady = { shown: null, since: 0, rival: null, rivalSince: 0 };

/**
 * Return who is to be shown large when `active` speaks at `now` (milliseconds), without jumping.
 *
 * Silence changes nothing; the first speaker is shown at once.
 */
export function steady(before: Steady, active: string | null, now: number): Steady {
  if (active === null || active === before.shown) return { ...before, rival: null };
  if (before.shown === null) return { shown: active, since: now, rival: null, rivalSince: 0 };
  if (active !== before.rival) return { ...before, rival: active, rivalSince: now };
  return now >= changesAt(before) ? { shown: active, since: now, rival: null, rivalSince: 0 } : before;
}

/** When the rival is shown, if it goes on speaking. */
export function changesAt({ since, rivalSince }: Steady): number {
  return Math.max(rivalSince + TAKES_MS, since + STAYS_MS);
}

/** Follow who speaks; `null` before anybody did. */
export function useSteadySpeaker(active: string | null): string | null {
  const [state, setState] = useState(NOBODY);
  useEffect(() => {
    setState((before) => steady(before, active, Date.now()));
  }, [active]);
  useEffect(() => {
    if (state.rival === null) return undefined;
    const wait = Math.max(0, changesAt(state) - Date.now());
    const timer = setTimeout(() => setState((before) => steady(before, state.rival, Date.now())), wait);
    return () => clearTimeout(timer);
  }, [state]);
  return state.shown;
}
