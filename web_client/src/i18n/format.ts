import { currentLocale } from './runtime';

/** Which zone a time is shown in; left out, the reader's own. */
type Zone = string | undefined;

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(currentLocale().source, options);
}

export function formatDate(at: string | Date, zone?: Zone): string {
  return formatter({ dateStyle: 'full', timeZone: zone }).format(new Date(at));
}

export function formatTime(at: string | Date, zone?: Zone): string {
  return formatter({ hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(at));
}

export function formatDateTime(at: string | Date, zone?: Zone): string {
  return formatter({ dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(new Date(at));
}

/** A time in the meeting's zone, with the reader's time beside it where the two clocks differ. */
export function formatMeetingTime(at: string | Date, zone: string): string {
  const there = formatTime(at, zone);
  const here = formatTime(at);
  return there === here ? there : `${there} (${here})`;
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(currentLocale().source, options).format(value);
}

/** Seconds as m:ss, for speaking times. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
