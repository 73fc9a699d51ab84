import { currentLocale } from './runtime';

/** Which zone a time is shown in; left out, the reader's own. */
type Zone = string | undefined;

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(currentLocale().source, options);
}

export function formatDate(at: string | Date, zone?: Zone): string {
  return formatter({ dateStyle: 'full', timeZone: zone }).format(new Date(at));
}

export function formatDateTime(at: string | Date, zone?: Zone): string {
  return formatter({ dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(new Date(at));
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(currentLocale().source, options).format(value);
}

/** Seconds as m:ss, for speaking times. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
