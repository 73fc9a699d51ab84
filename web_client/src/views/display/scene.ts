import type { Poll, Snapshot } from '../../protocol/generated';
import { currentSpeaker, openPoll } from '../../state/viewModels';

/** What the projector page shows large. Nobody chooses it: it follows the meeting. */
export type Scene =
  | { readonly kind: 'poll'; readonly poll: Poll }
  | { readonly kind: 'result'; readonly poll: Poll }
  | { readonly kind: 'floor' }
  | { readonly kind: 'waiting' };

const RESULT_MS = 5 * 60_000;

/**
 * An open poll before everything else; then its result, for five minutes or until somebody gets the floor; then item and
 * speaker. Outside of a session, how the meeting stands.
 */
export function sceneOf(snapshot: Snapshot, nowMs: number): Scene {
  if (snapshot.meeting.state !== 'in_session') return { kind: 'waiting' };
  const open = openPoll(snapshot);
  if (open) return { kind: 'poll', poll: open };
  const result = latestResult(snapshot);
  if (result && showsStill(snapshot, result, nowMs)) return { kind: 'result', poll: result };
  return { kind: 'floor' };
}

/** The poll that ended last, if it came to something. */
export function latestResult(snapshot: Snapshot): Poll | undefined {
  return snapshot.polls
    .filter((poll) => poll.result !== null && poll.closedAt !== null)
    .toSorted((one, other) => Date.parse(other.closedAt ?? '') - Date.parse(one.closedAt ?? ''))[0];
}

function showsStill(snapshot: Snapshot, { closedAt }: Poll, nowMs: number): boolean {
  const closed = Date.parse(closedAt ?? '');
  const speaker = currentSpeaker(snapshot);
  const spokenSince = speaker?.startedAt && Date.parse(speaker.startedAt) > closed;
  const item = snapshot.items.find((one) => one.id === snapshot.meeting.currentItemId);
  const itemSince = item?.startedAt && Date.parse(item.startedAt) > closed;
  return nowMs - closed < RESULT_MS && !spokenSince && !itemSince;
}
