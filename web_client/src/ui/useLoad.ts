import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  /** Load again; what is shown stays until the new answer is there. Never rejects: see `error`. */
  reload: () => Promise<void>;
  /** Show this instead of loading: an action answered with the new state. */
  replace: (data: T) => void;
}

/** Load something when the component is drawn, and again when `key` changes. A late answer of an older load is dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, key: string): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown }>({ data: null, error: null });
  const latest = useRef(load);
  const running = useRef<AbortController | null>(null);
  latest.current = load;

  const reload = useCallback(async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    try {
      const data = await latest.current(controller.signal);
      if (!controller.signal.aborted) setState({ data, error: null });
    } catch (error) {
      if (!controller.signal.aborted) setState((before) => ({ ...before, error }));
    }
  }, []);

  const replace = useCallback((data: T) => {
    running.current?.abort();
    setState({ data, error: null });
  }, []);

  useEffect(() => {
    setState({ data: null, error: null });
    void reload();
    return () => running.current?.abort();
  }, [key, reload]);

  return { ...state, reload, replace };
}
