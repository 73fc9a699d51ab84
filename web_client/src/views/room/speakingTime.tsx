import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { errorText, formatDuration, t } from '../../i18n';
import type { Speaker } from '../../protocol/generated';
import { speakingLeft } from '../../state/times';
import { spokenSeconds } from '../../state/viewModels';
import { notify } from '../../ui';
import type { RoomView } from './model';
import { useClock } from './useClock';

const STORED = 'plenum.speaking-seconds';
export const SPEAKING_TIMES: readonly number[] = [0, 60, 120, 180, 300, 600, 900];

/** How long who gets the floor may speak, in seconds; 0: as long as it takes. Remembered on this computer. */
export const speakingSeconds = signal(Number(localStorage.getItem(STORED) ?? 0));

export function setSpeakingSeconds(seconds: number): void {
  speakingSeconds.value = seconds;
  localStorage.setItem(STORED, String(seconds));
}

/** Give the floor to who waits, for the time that is set; a point of order is not limited. */
export function grantFloor(room: RoomView, { id, kind }: Speaker): void {
  const seconds = kind === 'point_of_order' ? null : speakingSeconds.value || null;
  room.meeting
    .request('floor.grant', { speakerId: id, seconds })
    .catch((error: unknown) => notify(errorText(error)));
}

/** The speaking time: counting down to its limit, and on beyond it; counting up where there is none. */
export function SpeakingTime({ speaker }: { speaker: Speaker }): VNode | null {
  const now = useClock(speaker.state === 'speaking');
  if (speaker.state === 'waiting') return null;
  const left = speakingLeft(speaker, now);
  if (left === null) return <time data-testid="speaking-time">{formatDuration(spokenSeconds(speaker, now))}</time>;
  const over = left < 0;
  return (
    <time class={over ? 'timer timer--over' : 'timer'} data-testid="speaking-time">
      {t(over ? 'time-over' : 'time-left', { time: formatDuration(Math.abs(over ? left : Math.ceil(left))) })}
    </time>
  );
}
