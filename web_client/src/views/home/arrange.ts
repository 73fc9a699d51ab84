import type { MeetingSummary } from '../../protocol/generated';

/** A reader's meetings by what they mean at this moment. */
export interface Arranged {
  inSession: MeetingSummary[];
  today: MeetingSummary[];
  coming: MeetingSummary[];
  earlier: MeetingSummary[];
}

/** Something that a meeting asks of the reader: `acknowledge`, `sign`, or what a newer hub may name. */
export interface Waiting {
  meeting: MeetingSummary;
  task: string;
}

const LIVE = new Set(['in_session', 'suspended']);
const PLANNED = new Set(['draft', 'convened']);

/** Sort meetings by where they stand. One that should have begun already still counts as today's. */
export function arrange(meetings: readonly MeetingSummary[], endOfToday: number): Arranged {
  const byStart = meetings.toSorted((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt));
  const planned = byStart.filter((meeting) => PLANNED.has(meeting.state));
  return {
    inSession: byStart.filter((meeting) => LIVE.has(meeting.state)),
    today: planned.filter((meeting) => Date.parse(meeting.startsAt) <= endOfToday),
    coming: planned.filter((meeting) => Date.parse(meeting.startsAt) > endOfToday),
    earlier: byStart.filter((meeting) => !LIVE.has(meeting.state) && !PLANNED.has(meeting.state)).toReversed(),
  };
}

/** Everything that waits for the reader, in the order of the meetings. */
export function waitingTasks(meetings: readonly MeetingSummary[]): Waiting[] {
  return meetings
    .toSorted((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt))
    .flatMap((meeting) => meeting.waiting.map((task) => ({ meeting, task })));
}

/** The last millisecond of the day in which `nowMs` falls, on the reader's clock. */
export function endOfDay(nowMs: number): number {
  const day = new Date(nowMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime() - 1;
}
