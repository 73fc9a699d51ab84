import type { AgendaItem, Poll, Speaker } from '../protocol/generated';
import { spokenSeconds } from './viewModels';

/** How long an item has been discussed by now, in seconds. */
export function itemSeconds({ state, startedAt, usedSeconds }: AgendaItem, nowMs: number): number {
  if (state !== 'under_discussion' || startedAt === null) return usedSeconds;
  return usedSeconds + Math.max(0, (nowMs - Date.parse(startedAt)) / 1000);
}

/** How much of the speaking time is left, in seconds; below 0 once it is over; null without a limit. */
export function speakingLeft(speaker: Speaker, nowMs: number): number | null {
  return speaker.limitSeconds === null ? null : speaker.limitSeconds - spokenSeconds(speaker, nowMs);
}

/** How long a poll is still to be open, in seconds, as it was announced; null if nothing was. */
export function pollLeft({ state, closesAt }: Poll, nowMs: number): number | null {
  if (state !== 'open' || closesAt === null) return null;
  return Math.max(0, (Date.parse(closesAt) - nowMs) / 1000);
}
