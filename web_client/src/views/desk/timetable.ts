import type { AgendaItem, MeetingFields } from '../../protocol/generated';

/** When each item would begin and end if everyone kept to the time allotted. */
export interface Timetable {
  /** By item, in order: the instants as ISO 8601; null for an item without time. */
  slots: ({ from: string; until: string } | null)[];
  /** Minutes of all items. */
  total: number;
  endsAt: string;
  /** Minutes by which the agenda is longer than the meeting; 0 if it fits. */
  over: number;
}

const MINUTE_MS = 60_000;

export function timetable(meeting: Pick<MeetingFields, 'startsAt' | 'endsAt'>, items: readonly AgendaItem[]): Timetable {
  let at = Date.parse(meeting.startsAt);
  const slots = items.map(({ minutes }) => {
    if (minutes === 0) return null;
    const from = at;
    at += minutes * MINUTE_MS;
    return { from: iso(from), until: iso(at) };
  });
  const total = items.reduce((sum, { minutes }) => sum + minutes, 0);
  return { slots, total, endsAt: iso(at), over: Math.max(0, Math.ceil((at - Date.parse(meeting.endsAt)) / MINUTE_MS)) };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
