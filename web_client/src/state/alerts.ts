import { signal } from '@preact/signals';
import { api } from '../protocol/http';
import type { AlertCount } from '../protocol/generated';

/** How many alerts wait for an officer; null until the hub has answered. Others never ask. */
export const openAlerts = signal<number | null>(null);

const EVERY_MS = 15_000;

/** Ask now; an unreachable hub changes nothing. */
export async function refreshAlerts(): Promise<void> {
  try {
    openAlerts.value = (await api.get<AlertCount>('/audit/alerts/count')).open;
  } catch {
    // The badge is no place to complain; the next answer corrects it.
  }
}

/** Keep the number fresh while the page is seen. Returns what ends it. */
export function followAlerts(): () => void {
  const ask = () => {
    if (document.visibilityState === 'visible') void refreshAlerts();
  };
  ask();
  const timer = setInterval(ask, EVERY_MS);
  document.addEventListener('visibilitychange', ask);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', ask);
  };
}
