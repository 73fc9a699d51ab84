import type { AgendaItem, EventEnvelope, Poll, Snapshot } from '../protocol/generated';

type MeetingEvent = EventEnvelope['event'];
type EventOf<T extends MeetingEvent['type']> = Extract<MeetingEvent, { type: T }>;
type Apply<T extends MeetingEvent['type']> = (snapshot: Snapshot, event: EventOf<T>) => Partial<Snapshot>;

/** Put `entry` in place of the one with the same key, or at the end. */
function put<T>(list: readonly T[], entry: T, key: (entry: T) => unknown): T[] {
  const wanted = key(entry);
  const index = list.findIndex((one) => key(one) === wanted);
  return index === -1 ? [...list, entry] : list.with(index, entry);
}

function byPosition(items: readonly AgendaItem[]): AgendaItem[] {
  return items.toSorted((one, other) => one.position - other.position);
}

function withBallot(poll: Poll, { pollId, ballot }: EventOf<'ballot'>): Poll {
  if (poll.id !== pollId) return poll;
  return { ...poll, ballots: put(poll.ballots, ballot, (one) => one.personId) };
}

/** How many messages of the chat a page holds; earlier ones are read when they are asked for. */
export const CHAT_SHOWN = 200;

function withMessage({ chat }: Snapshot, { message }: EventOf<'chat'>): Partial<Snapshot> {
  const known = chat.messages;
  const index = known.findIndex((one) => one.id === message.id);
  if (index !== -1) return { chat: { ...chat, messages: known.with(index, message) } };
  const last = known.at(-1);
  if (last && message.number < last.number) return {};
  const earlier = chat.earlier || known.length >= CHAT_SHOWN;
  return { chat: { messages: [...known, message].slice(-CHAT_SHOWN), earlier } };
}

const APPLY: { [T in MeetingEvent['type']]: Apply<T> } = {
  meeting: (_, event) => ({ meeting: event.meeting }),
  participant: (snapshot, event) => ({
    participants: put(snapshot.participants, event.participant, (one) => one.personId),
    quorum: event.quorum,
  }),
  participant_removed: (snapshot, event) => ({
    participants: snapshot.participants.filter((one) => one.personId !== event.personId),
    quorum: event.quorum,
  }),
  presence: (snapshot, event) => ({
    participants: snapshot.participants.map((one) =>
      one.personId === event.personId ? { ...one, presence: event.presence } : one,
    ),
    quorum: event.quorum,
  }),
  item: (snapshot, event) => ({ items: byPosition(put(snapshot.items, event.item, (one) => one.id)) }),
  item_removed: (snapshot, event) => ({ items: snapshot.items.filter((one) => one.id !== event.itemId) }),
  order: (snapshot, event) => {
    const position = new Map(event.itemIds.map((id, index) => [id, index + 1]));
    return {
      items: byPosition(snapshot.items.map((one) => ({ ...one, position: position.get(one.id) ?? one.position }))),
    };
  },
  version: (snapshot, event) => ({ versions: put(snapshot.versions, event.version, (one) => one.number) }),
  poll: (snapshot, event) => ({ polls: put(snapshot.polls, event.poll, (one) => one.id) }),
  poll_removed: (snapshot, event) => ({ polls: snapshot.polls.filter((one) => one.id !== event.pollId) }),
  ballot: (snapshot, event) => ({ polls: snapshot.polls.map((poll) => withBallot(poll, event)) }),
  speaker: (snapshot, event) => ({ speakers: put(snapshot.speakers, event.speaker, (one) => one.id) }),
  speaker_removed: (snapshot, event) => ({
    speakers: snapshot.speakers.filter((one) => one.id !== event.speakerId),
  }),
  minutes: (_, event) => ({ minutes: event.minutes }),
  chat: withMessage,
  chat_cleared: () => ({ chat: { messages: [], earlier: false } }),
  sitting: (_, event) => ({ sitting: event.sitting }),
  announcement: (_, event) => ({ announcement: event.announcement }),
  recording: (_, event) => ({ recording: event.recording }),
  hidden: () => ({}),
};

/**
 * Return the snapshot after an event, without changing the one given.
 *
 * Law: applied to the snapshot of revision r, the event of revision r+1 gives exactly the snapshot that the hub would
 * send for r+1. An event of a type that this client does not know only moves the revision.
 */
export function applyEvent(snapshot: Snapshot, envelope: Pick<EventEnvelope, 'revision' | 'event'>): Snapshot {
  const apply = APPLY[envelope.event.type] as Apply<MeetingEvent['type']> | undefined;
  return { ...snapshot, ...apply?.(snapshot, envelope.event), revision: envelope.revision };
}
