import type { Timeline, TimelineLine, TimelineSession } from '../../protocol/generated';
import { dayText } from './words';

/** Lines of one session that follow each other; of a meeting or paper, lines of whomever. */
export interface Chapter {
  session: TimelineSession | null;
  lines: TimelineLine[];
}

export interface Day {
  day: string;
  chapters: Chapter[];
}

/** Group a timeline by day, and where one person acts, by session. Consecutive only: the order of things stays. */
export function daysOf(timeline: Pick<Timeline, 'kind' | 'lines' | 'sessions'>): Day[] {
  const bySession = timeline.kind === 'person' || timeline.kind === 'session';
  const known = new Map(timeline.sessions.map((one) => [one.id, one]));
  const days: Day[] = [];
  for (const line of timeline.lines) {
    const day = dayText(line.row.at);
    if (days.at(-1)?.day !== day) days.push({ day, chapters: [] });
    const chapters = days.at(-1)?.chapters ?? [];
    const id = bySession ? line.row.session : null;
    const session = id === null ? null : (known.get(id) ?? unknown(id));
    const last = chapters.at(-1);
    if (last && last.session?.id === session?.id) last.lines.push(line);
    else chapters.push({ session, lines: [line] });
  }
  return days;
}

function unknown(id: string): TimelineSession {
  return { id, personId: null, personName: null, beganAt: null, endedAt: null, address: null, factor: null };
}

/** Put an earlier page before what is shown. */
export function joined(earlier: Timeline, shown: Timeline): Timeline {
  const ids = new Set(earlier.sessions.map(({ id }) => id));
  return {
    ...earlier,
    lines: [...earlier.lines, ...shown.lines],
    sessions: [...earlier.sessions, ...shown.sessions.filter(({ id }) => !ids.has(id))],
  };
}
