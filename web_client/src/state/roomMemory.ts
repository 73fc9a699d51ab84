import type { PresenceMode } from '../protocol/generated';

/** How this window was in a room, so that a reload finds the way back. It is kept by the window, not by the computer. */
export interface RoomMemory {
  readonly meetingId: string;
  readonly mode: PresenceMode;
  readonly hallId: string | null;
  readonly sound: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  /** The endpoint that is found again. */
  readonly endpointId: string | null;
  readonly at: number;
}

const STORED = 'plenum.room';
const BY_ITSELF_MS = 60_000;
const OFFERED_MS = 4 * 3_600_000;

export function remember(memory: RoomMemory): void {
  sessionStorage.setItem(STORED, JSON.stringify(memory));
}

export function forget(): void {
  sessionStorage.removeItem(STORED);
}

/** What is remembered of this meeting, unless it is long ago. */
export function recall(meetingId: string, now: number): RoomMemory | null {
  const stored = sessionStorage.getItem(STORED);
  if (stored === null) return null;
  const memory = JSON.parse(stored) as RoomMemory;
  return memory.meetingId === meetingId && now - memory.at < OFFERED_MS ? memory : null;
}

/** Whether the reader was in the room a moment ago and only reloaded the page: then nobody has to be asked. */
export function returnsByItself(memory: RoomMemory, now: number): boolean {
  return now - memory.at < BY_ITSELF_MS && wasReloaded();
}

/** A copy of a window has the same memory, and is another window all the same. */
function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type === 'reload';
}
