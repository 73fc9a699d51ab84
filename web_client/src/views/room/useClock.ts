import { useEffect, useState } from 'preact/hooks';
import { serverNow } from '../../state/session';

/** The hub's time in milliseconds, drawn anew every second while `running`. */
export function useClock(running: boolean): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    if (!running) return undefined;
    setNow(serverNow());
    const timer = setInterval(() => setNow(serverNow()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
