import { currentLocale } from '../i18n';

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(currentLocale().source, options);
}

/** Browsers keep some names that the zone database has replaced. */
const RENAMED: Readonly<Record<string, string>> = { 'Asia/Saigon': 'Asia/Ho_Chi_Minh', 'Asia/Calcutta': 'Asia/Kolkata' };

/** The zone of the reader's device. */
export function readerZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return RENAMED[zone] ?? zone;
}

/** All zones that the browser knows. */
export function knownZones(): string[] {
  return Intl.supportedValuesOf('timeZone').map((zone) => RENAMED[zone] ?? zone);
}

/** Name of a zone in the reader's language, such as "Indochina Time". */
export function zoneName(zone: string, at: string): string {
  const parts = formatter({ timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(new Date(at));
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** Say whether two zones show different clocks at an instant. */
export function clocksDiffer(at: string, zone: string, other: string): boolean {
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(at));
  return clock(zone) !== clock(other);
}

/** Day and time in figures, such as "08:00 23/11/2026"; the month is named where the order of figures is not settled. */
export function shortDateTime(at: string, zone: string): string {
  const month = currentLocale().source === 'vi' ? '2-digit' : 'short';
  const options = { day: '2-digit', month, year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
  return formatter({ ...options, hourCycle: 'h23', timeZone: zone }).format(new Date(at));
}

/** The day in words and the hours of a meeting. */
export function dayAndHours(from: string, until: string, zone: string): { day: string; hours: string } {
  const day = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zone });
  return { day: day.format(new Date(from)), hours: hoursBetween(from, until, zone) };
}

/** "08:00 – 11:30" in a zone; the end carries its date when it is another day. */
export function hoursBetween(from: string, until: string, zone: string): string {
  const time = formatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
  const day = formatter({ day: 'numeric', month: 'numeric', timeZone: zone });
  const start = new Date(from);
  const end = new Date(until);
  const suffix = day.format(start) === day.format(end) ? '' : ` (${day.format(end)})`;
  return `${time.format(start)} – ${time.format(end)}${suffix}`;
}

const WALL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/u;

/** Minutes by which a zone is ahead of UTC at an instant. */
function offsetMinutes(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(new Date(at));
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'));
  return Math.round((wall - Math.floor(at / 60_000) * 60_000) / 60_000);
}

/** The value of a `datetime-local` control for an instant in a zone. */
export function toWallClock(at: string, zone: string): string {
  const instant = Date.parse(at);
  return new Date(instant + offsetMinutes(zone, instant) * 60_000).toISOString().slice(0, 16);
}

/** The instant that a `datetime-local` value means in a zone, as ISO 8601 in UTC; null when it is no time. */
export function fromWallClock(value: string, zone: string): string | null {
  if (!WALL.test(value)) return null;
  const wall = Date.parse(`${value}Z`);
  if (Number.isNaN(wall)) return null;
  const guess = wall - offsetMinutes(zone, wall) * 60_000;
  return new Date(wall - offsetMinutes(zone, guess) * 60_000).toISOString();
}
