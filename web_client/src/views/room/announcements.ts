import type { Arguments } from '../../i18n';
import type { Snapshot } from '../../protocol/generated';
import { currentItem, currentSpeaker, openPoll, participant } from '../../state/viewModels';

/** A text to be spoken, with what fills it. */
export type Announcement = readonly [id: string, args?: Arguments];

/** What changed between two states that somebody who does not look at the screen has to hear. */
export function announcements(before: Snapshot, after: Snapshot, personId: string): Announcement[] {
  return [
    ...itemChange(before, after),
    ...floorChange(before, after, personId),
    ...pollChanges(before, after),
    ...quorumChange(before, after),
    ...recordingChange(before, after),
  ];
}

function itemChange(before: Snapshot, after: Snapshot): Announcement[] {
  const item = currentItem(after);
  if (!item || item.hidden || item.id === before.meeting.currentItemId) return [];
  return [['room-say-item', { position: item.position, title: item.title }]];
}

function floorChange(before: Snapshot, after: Snapshot, personId: string): Announcement[] {
  const was = currentSpeaker(before);
  const speaker = currentSpeaker(after);
  if (speaker?.id === was?.id) return [];
  if (speaker?.personId === personId) return [['room-say-floor-yours']];
  return [
    ...(was?.personId === personId ? [ownTurnOver(after, was.id)] : []),
    speaker
      ? ['room-say-floor', { name: participant(after, speaker.personId)?.name ?? '' }]
      : ['room-say-floor-free'],
  ];
}

/** A turn that a point of order interrupts is not over. */
function ownTurnOver(after: Snapshot, speakerId: string): Announcement {
  const paused = after.speakers.some((one) => one.id === speakerId && one.state === 'paused');
  return [paused ? 'room-say-floor-paused' : 'room-say-floor-ended'];
}

function pollChanges(before: Snapshot, after: Snapshot): Announcement[] {
  const opened = openPoll(after);
  const said: Announcement[] = [];
  if (opened && opened.id !== openPoll(before)?.id) said.push(['room-say-poll-open', { title: opened.title }]);
  for (const poll of after.polls) {
    const earlier = before.polls.find((one) => one.id === poll.id);
    if (poll.result && !earlier?.result)
      said.push(['room-say-poll-result', { title: poll.title, verdict: poll.result.verdict }]);
  }
  return said;
}

function quorumChange(before: Snapshot, after: Snapshot): Announcement[] {
  if (before.quorum.met === after.quorum.met) return [];
  return [[after.quorum.met ? 'room-say-quorum' : 'room-say-no-quorum']];
}

/** That it is being recorded is said by the banner; that it is no longer, by nothing else. */
function recordingChange(before: Snapshot, after: Snapshot): Announcement[] {
  return before.recording.active && !after.recording.active ? [['recording-say-ended']] : [];
}
