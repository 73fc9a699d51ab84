import { fromWallClock } from '../../ui';

/** What stands in the controls of the search; times are on the reader's clock. */
export interface Filters {
  actor: string;
  group: string;
  action: string;
  outcome: string;
  since: string;
  until: string;
  object: string;
  site: string;
  source: string;
  session: string;
}

export const NO_FILTERS: Filters = {
  actor: '',
  group: '',
  action: '',
  outcome: '',
  since: '',
  until: '',
  object: '',
  site: '',
  source: '',
  session: '',
};
export const OUTCOMES = ['success', 'denied', 'failure'] as const;
const NAMES = Object.keys(NO_FILTERS) as (keyof Filters)[];
const TIMES: readonly string[] = ['since', 'until'];
const PAGE = 100;

/** The filters as the hub understands them: instants instead of wall clocks, empty ones left out. */
export function searchQuery(filters: Filters, zone: string): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    const value = filters[name].trim();
    const told = TIMES.includes(name) ? fromWallClock(value, zone) : value;
    if (told) query.set(name, told);
  }
  return query;
}

/** The address of a search, from `before` on where earlier entries are read. */
export function searchPath(filters: Filters, zone: string, before: number | null = null): string {
  const query = searchQuery(filters, zone);
  if (before !== null) query.set('before', String(before));
  query.set('limit', String(PAGE));
  return `/audit?${query}`;
}

/** The filters that the page's address names. */
export function filtersFrom(search: string): Filters {
  const query = new URLSearchParams(search);
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ''])) as unknown as Filters;
}

/** The page's address for filters and tab, so that a search can be kept and handed on. */
export function pageAddress(filters: Filters, tab: string): string {
  const query = new URLSearchParams();
  if (tab !== 'search') query.set('tab', tab);
  for (const name of NAMES) if (filters[name].trim()) query.set(name, filters[name].trim());
  const text = query.toString();
  return text ? `/audit?${text}` : '/audit';
}

/** Whether any of the filters that are folded away is in use. */
export function usesMore(filters: Filters): boolean {
  return Boolean(filters.object || filters.site || filters.source || filters.session);
}
