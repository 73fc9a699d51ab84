import type {
  AgendaItem,
  Ballot,
  Endpoint,
  Me,
  Participant,
  Poll,
  Snapshot,
  Speaker,
  SpeakerKind,
} from '../protocol/generated';

const PRECEDENCE: readonly SpeakerKind[] = ['point_of_order', 'intervention', 'turn'];
const WITHOUT_FLOOR = new Set(['observer', 'technician', 'room']);
const WITHOUT_VOICE = new Set(['observer']);
const WITHOUT_PAPERS = new Set(['technician', 'room']);

/** What the reader may do in a meeting. The hub decides; this only hides what it would refuse. */
export interface Abilities {
  /** Chair or secretary: agenda, floor, polls, roll call. */
  readonly run: boolean;
  /** Chair, secretary or technician: mute others, and ask them to turn their microphone on. */
  readonly mute: boolean;
  readonly askForFloor: boolean;
  readonly entitled: boolean;
  /** Write to everyone; those who may not still reach the secretariat. */
  readonly chat: boolean;
  readonly readPapers: boolean;
  /** Sound and picture of one's own; who may not, sees and hears. */
  readonly send: boolean;
  /** The account is a hall's camera and screen: it shows the meeting, and has neither presence nor voice. */
  readonly hall: boolean;
}

export function abilities(snapshot: Snapshot, account: Pick<Me, 'personId' | 'roles'>): Abilities {
  const role = snapshot.myRole;
  const hall = account.roles.includes('room');
  const takesPart = role !== null && !hall;
  return {
    run: takesPart && (role === 'chair' || role === 'secretary'),
    mute: takesPart && (role === 'chair' || role === 'secretary' || role === 'technician'),
    askForFloor: takesPart && !WITHOUT_FLOOR.has(role),
    chat: takesPart && !WITHOUT_FLOOR.has(role),
    entitled: takesPart && (participant(snapshot, account.personId)?.entitled ?? false),
    readPapers: takesPart && !WITHOUT_PAPERS.has(role),
    send: hall || (takesPart && !WITHOUT_VOICE.has(role)),
    hall,
  };
}

export function participant(snapshot: Snapshot, personId: string): Participant | undefined {
  return snapshot.participants.find((one) => one.personId === personId);
}

export function currentItem(snapshot: Snapshot): AgendaItem | undefined {
  return snapshot.items.find((item) => item.id === snapshot.meeting.currentItemId);
}

/** Who waits for the floor, in turn: point of order, intervention, turn; then first come. */
export function waitingSpeakers(snapshot: Snapshot): Speaker[] {
  return snapshot.speakers
    .filter((speaker) => speaker.state === 'waiting')
    .toSorted(
      (one, other) =>
        PRECEDENCE.indexOf(one.kind) - PRECEDENCE.indexOf(other.kind) ||
        Date.parse(one.requestedAt) - Date.parse(other.requestedAt),
    );
}

/** Who has the floor: the one speaking, and the one who was interrupted. */
export function floorHolders(snapshot: Snapshot): Speaker[] {
  return snapshot.speakers.filter((speaker) => speaker.state === 'speaking' || speaker.state === 'paused');
}

export function currentSpeaker(snapshot: Snapshot): Speaker | undefined {
  return snapshot.speakers.find((speaker) => speaker.state === 'speaking');
}

/** How long somebody has spoken by now, in seconds. */
export function spokenSeconds(speaker: Speaker, nowMs: number): number {
  if (speaker.state !== 'speaking' || speaker.startedAt === null) return speaker.spokenSeconds;
  return Math.max(speaker.spokenSeconds, (nowMs - Date.parse(speaker.startedAt)) / 1000);
}

/** Polls the reader should see now, the open one first, then the latest results. */
export function visiblePolls(snapshot: Snapshot): Poll[] {
  const rank = { open: 0, draft: 1, closed: 2, published: 2, annulled: 2 } as const;
  return snapshot.polls.toSorted(
    (one, other) =>
      rank[one.state] - rank[other.state] || Date.parse(other.closedAt ?? '') - Date.parse(one.closedAt ?? '') || 0,
  );
}

export function openPoll(snapshot: Snapshot): Poll | undefined {
  return snapshot.polls.find((poll) => poll.state === 'open');
}

export function ballotOf(poll: Poll, personId: string): Ballot | undefined {
  return poll.ballots.find((ballot) => ballot.personId === personId);
}

/** Why somebody does not see voting buttons; null: they may vote. */
export type VoteBar = 'not_open' | 'not_entitled' | 'not_present' | 'voted';

export function voteBar(snapshot: Snapshot, poll: Poll, personId: string): VoteBar | null {
  if (ballotOf(poll, personId)) return 'voted';
  if (poll.state !== 'open') return 'not_open';
  if (!poll.electorate.includes(personId)) return 'not_entitled';
  if (participant(snapshot, personId)?.presence.status !== 'present') return 'not_present';
  return null;
}

/** The halls among what is in a room. */
export function halls(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.filter((endpoint) => endpoint.kind === 'room');
}

/** The halls of a meeting with their endpoints in the room, in the order of their names. */
export function meetingHalls(
  snapshot: Snapshot,
  endpoints: readonly Endpoint[],
  locale: string,
): { hall: Participant; endpoint: Endpoint | undefined }[] {
  const collator = new Intl.Collator(locale);
  const isOf = (hall: Participant) => (endpoint: Endpoint) => endpoint.hallId === hall.personId;
  return snapshot.participants
    .filter((one) => one.role === 'room')
    .toSorted((one, other) => collator.compare(one.name, other.name))
    .map((hall) => ({ hall, endpoint: halls(endpoints).find(isOf(hall)) }));
}

/** People by site, those without one last; sites and people in the order of their names. A hall is no person. */
export function bySite(snapshot: Snapshot, locale: string): { site: string | null; people: Participant[] }[] {
  const collator = new Intl.Collator(locale);
  const everybody = snapshot.participants.filter((one) => one.role !== 'room');
  const groups = Map.groupBy(everybody, (one) => one.siteName);
  return [...groups]
    .map(([site, people]) => ({
      site,
      people: people.toSorted((one, other) => collator.compare(one.name, other.name)),
    }))
    .toSorted((one, other) => {
      if (one.site === null || other.site === null) return Number(one.site === null) - Number(other.site === null);
      return collator.compare(one.site, other.site);
    });
}
