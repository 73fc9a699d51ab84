import { useMemo } from 'preact/hooks';
import { api } from '../../protocol/http';
import type { Snapshot } from '../../protocol/generated';
import { useMeeting } from '../../state/follow';
import { useLoad } from '../../ui';
import { type DeskActions, deskActions } from './actions';
import { type UploadQueue, uploadQueue } from './uploads';

export interface Desk {
  snapshot: Snapshot | null;
  error: unknown;
  /** Whether the page is kept up to date by itself. */
  live: boolean;
  reload: () => void;
  actions: DeskActions;
  uploads: UploadQueue;
}

/** The meeting as it is: read over HTTP at first and after each action, and followed live in between. */
export function useDesk(meetingId: string): Desk {
  const { data, error, reload } = useLoad((signal) => api.get<Snapshot>(`/meetings/${meetingId}`, signal), meetingId);
  const meeting = useMeeting(meetingId);
  const followed = meeting?.snapshot.value ?? null;
  const actions = useMemo(() => deskActions(meetingId, meeting, () => void reload()), [meetingId, meeting, reload]);
  return {
    snapshot: newer(data, followed),
    error,
    live: meeting?.following.value ?? false,
    reload: () => void reload(),
    actions,
    uploads: uploadQueue(meetingId),
  };
}

function newer(one: Snapshot | null, other: Snapshot | null): Snapshot | null {
  if (!one || !other) return one ?? other;
  return one.revision > other.revision ? one : other;
}
