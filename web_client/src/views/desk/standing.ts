import type { AgendaItem, AgendaVersion, ItemState, MeetingRole, MeetingState, Participant, Snapshot } from '../../protocol/generated';

/** How the reader stands to the meeting. The hub decides what is allowed; this only hides what it would refuse. */
export interface Standing {
  readonly self: Participant | undefined;
  /** The secretary, while the meeting can still be prepared. */
  readonly prepare: boolean;
  /** Chair and secretary: opening, suspending, closing. */
  readonly run: boolean;
  /** The room is open from convening on, so that people can try their devices. */
  readonly join: boolean;
  readonly cancel: boolean;
  readonly answer: boolean;
  /** The version of the agenda that waits for the reader's acknowledgement. */
  readonly toAcknowledge: AgendaVersion | undefined;
  readonly minutes: boolean;
  /** The agenda as it was signed, and its signatures. */
  readonly records: boolean;
}

/** The one thing that the reader should do next; its button is the page's primary one. */
export type NextStep = 'acknowledge' | 'archive' | 'convene' | 'join' | 'minutes' | 'open' | null;

const BEFORE: ReadonlySet<MeetingState> = new Set(['draft', 'convened']);
const LIVE: ReadonlySet<MeetingState> = new Set(['in_session', 'suspended']);
const AFTER: ReadonlySet<MeetingState> = new Set(['adjourned', 'minutes_review', 'minutes_signed', 'archived']);
const PUBLISHED: ReadonlySet<MeetingState> = new Set(['minutes_review', 'minutes_signed', 'archived']);
const ACKNOWLEDGES: ReadonlySet<MeetingRole> = new Set(['chair', 'secretary', 'member']);
const RECORDS: ReadonlySet<MeetingRole> = new Set(['chair', 'secretary', 'member', 'observer']);
const WITHOUT_PAPERS: ReadonlySet<MeetingRole> = new Set(['technician', 'room']);
const RUNS: ReadonlySet<MeetingRole> = new Set(['chair', 'secretary']);

export function isLive(state: MeetingState): boolean {
  return LIVE.has(state);
}

/** The version in force: the one with the highest number. */
export function currentVersion(snapshot: Snapshot): AgendaVersion | undefined {
  return snapshot.versions.toSorted((one, other) => other.number - one.number)[0];
}

/** The newest version that somebody has acknowledged. */
export function lastAcknowledged(snapshot: Snapshot, personId: string): number | undefined {
  const numbers = snapshot.versions.filter(({ acknowledgedBy }) => acknowledgedBy.includes(personId)).map(({ number }) => number);
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}

/** Those whose acknowledgement the agenda asks for. */
export function acknowledgers(snapshot: Snapshot): Participant[] {
  return snapshot.participants.filter((participant) => ACKNOWLEDGES.has(participant.role));
}

export function standing(snapshot: Snapshot, personId: string): Standing {
  const { state } = snapshot.meeting;
  const role = snapshot.myRole;
  const self = snapshot.participants.find((participant) => participant.personId === personId);
  const open = state === 'convened' || LIVE.has(state);
  const runs = role !== null && RUNS.has(role);
  return {
    self,
    prepare: role === 'secretary' && (BEFORE.has(state) || LIVE.has(state)),
    run: runs,
    join: role !== null && open,
    cancel: runs && BEFORE.has(state),
    answer: self !== undefined && open && role !== 'room',
    toAcknowledge: open && role !== null && ACKNOWLEDGES.has(role) ? unacknowledged(snapshot, personId) : undefined,
    minutes: role !== null && role !== 'room' && (runs ? AFTER.has(state) : PUBLISHED.has(state)),
    records: role !== null && RECORDS.has(role),
  };
}

function unacknowledged(snapshot: Snapshot, personId: string): AgendaVersion | undefined {
  const version = currentVersion(snapshot);
  return version?.acknowledgedBy.includes(personId) ? undefined : version;
}

export function nextStep(snapshot: Snapshot, { run, join, prepare, toAcknowledge, minutes }: Standing): NextStep {
  const { state } = snapshot.meeting;
  if (join && LIVE.has(state)) return 'join';
  if (toAcknowledge) return 'acknowledge';
  if (prepare && state === 'draft') return 'convene';
  if (run && state === 'convened') return 'open';
  if (snapshot.myRole === 'secretary' && state === 'minutes_signed') return 'archive';
  return minutes && state !== 'archived' ? 'minutes' : null;
}

const UNDECIDED = new Set(['pending', 'under_discussion']);

/** Items without a conclusion: the minutes cannot be signed while there are any. */
export function undecided(items: readonly AgendaItem[]): AgendaItem[] {
  return items.filter((item) => UNDECIDED.has(item.state));
}

/** Whether the papers are for the reader: halls and technicians see the agenda without them. */
export function readsPapers({ myRole }: Snapshot): boolean {
  return myRole !== null && !WITHOUT_PAPERS.has(myRole);
}

/** Whether the reader may still conclude what the session left open: until the minutes go to the signatories. */
export function concludesAfterwards(snapshot: Snapshot): boolean {
  return snapshot.meeting.state === 'adjourned' && snapshot.myRole !== null && RUNS.has(snapshot.myRole);
}

/**
 * How an item may end, the usual way first. What was never taken up cannot have been decided; what is for information
 * is noted; and after the session nothing is put back.
 */
export function conclusions(item: AgendaItem, state: MeetingState): ItemState[] {
  if (item.state !== 'under_discussion') return ['deferred', 'noted', 'withdrawn'];
  const ends: ItemState[] = ['noted', 'deferred', 'withdrawn'];
  if (LIVE.has(state)) ends.push('pending');
  if (item.kind === 'information') return ends;
  return item.kind === 'decision' ? ['decided', ...ends] : ['noted', 'decided', ...ends.slice(1)];
}

/** Say whether an item still changes: all before the meeting opens, in session only those still to come. */
export function editable(state: MeetingState, item: AgendaItem): boolean {
  return BEFORE.has(state) || (LIVE.has(state) && item.state === 'pending');
}

/** Say whether an item (or its papers) may still be deleted. */
export function removable(state: MeetingState): boolean {
  return BEFORE.has(state);
}
