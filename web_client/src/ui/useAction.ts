import { useRef, useState } from 'preact/hooks';
import { ApiError } from '../protocol/errors';

export interface Action {
  busy: boolean;
  error: unknown;
  /** Run one piece of work at a time. Resolves to whether it succeeded; a failure is kept in `error`. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  clear: () => void;
}

/** Work that a press starts: busy meanwhile, with the error kept until the next try. A cancelled step-up is no error. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);

  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (failure) {
      if (!(failure instanceof ApiError && failure.code === 'cancelled')) setError(failure);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }

  return { busy, error, run, clear: () => setError(null) };
}
