import { fromWallClock } from '../../ui';

/** What stands in the controls of the search; times are on the reader's clock. */
export interface Filters {
  actor: string;
  object: string;
  action: string;
  outcome: string;
  since: string;
  until: string;
}

export const NO_FILTERS: Filters = { actor: '', object: '', action: '', outcome: '', since: '', until: '' };
export const OUTCOMES = ['success', 'denied', 'failure'] as const;
const PAGE = 100;

/** The address of a search, from `before` on where earlier entries are read. Empty filters are left out. */
export function searchPath(filters: Filters, zone: string, before: number | null = null): string {
  const query = new URLSearchParams();
  for (const name of ['actor', 'action', 'outcome'] as const) if (filters[name]) query.set(name, filters[name]);
  if (filters.object.trim()) query.set('object', filters.object.trim());
  for (const name of ['since', 'until'] as const) {
    const instant = fromWallClock(filters[name], zone);
    if (instant) query.set(name, instant);
  }
  if (before !== null) query.set('before', String(before));
  query.set('limit', String(PAGE));
  return `/audit?${query}`;
}
