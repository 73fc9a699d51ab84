import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MediaSession } from '../../rtc/session';
import { remember } from '../../state/roomMemory';
import type { Entry } from './model';

const AGAIN_MS = 10_000;

/** Keep in mind how the reader is in the room, for a reload; also what another window takes over. */
export function useRoomMemory(meetingId: string, session: MediaSession, entry: Entry | null): void {
  useEffect(() => {
    if (!entry) return undefined;
    const keep = () => {
      if (!entry.hall && session.state.value !== 'live' && session.state.value !== 'restoring') return;
      remember({
        meetingId,
        mode: entry.mode,
        hallId: entry.hall?.id ?? null,
        sound: session.soundOn.value,
        microphone: session.microphone.on.value,
        camera: session.camera.on.value,
        endpointId: session.endpointId.value,
        at: Date.now(),
      });
    };
    const stop = effect(keep);
    const timer = setInterval(keep, AGAIN_MS);
    addEventListener('pagehide', keep);
    return () => {
      stop();
      clearInterval(timer);
      removeEventListener('pagehide', keep);
    };
  }, [meetingId, session, entry]);
}
