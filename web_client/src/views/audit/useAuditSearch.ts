import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../../protocol/errors';
import type { AuditPage, AuditRow } from '../../protocol/generated';
import { readerZone } from '../../ui';
import { type Filters, searchPath } from './filters';

export interface AuditSearch {
  filters: Filters;
  rows: AuditRow[] | null;
  size: number;
  /** Where earlier entries begin; null at the end. */
  next: number | null;
  busy: boolean;
  error: unknown;
  /** The officer closed the step-up dialog. */
  locked: boolean;
  search: (filters: Filters) => Promise<void>;
  more: () => Promise<void>;
}

type Result = Pick<AuditSearch, 'filters' | 'rows' | 'size' | 'next' | 'busy' | 'error' | 'locked'>;

const NOTHING: Omit<Result, 'filters'> = {
  rows: null,
  size: 0,
  next: null,
  busy: false,
  error: null,
  locked: false,
};

/** Search the log page by page. The first search starts with the view; the answer of an older search is dropped. */
export function useAuditSearch(fetchPage: (path: string) => Promise<AuditPage>, first: Filters): AuditSearch {
  const [result, setResult] = useState<Result>({ ...NOTHING, filters: first });
  const turn = useRef(0);

  async function read(filters: Filters, before: number | null): Promise<void> {
    turn.current += 1;
    const mine = turn.current;
    setResult((old) => ({ ...old, filters, busy: true, error: null, locked: false }));
    try {
      const page = await fetchPage(searchPath(filters, readerZone(), before));
      if (mine !== turn.current) return;
      const { size, nextBefore } = page;
      setResult((old) => {
        const rows = before === null ? page.rows : [...(old.rows ?? []), ...page.rows];
        return { ...old, rows, size, next: nextBefore, busy: false };
      });
    } catch (error) {
      if (mine !== turn.current) return;
      const locked = error instanceof ApiError && error.code === 'cancelled';
      setResult((old) => ({ ...old, busy: false, locked, error: locked ? null : error }));
    }
  }

  useEffect(() => {
    void read(first, null);
    return () => {
      turn.current += 1;
    };
  }, []);

  return {
    ...result,
    search: (filters) => read(filters, null),
    more: () => read(result.filters, result.next),
  };
}
