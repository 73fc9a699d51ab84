import { api } from '../../protocol/http';
import type { Minutes, MinutesEdit } from '../../protocol/generated';
import { withStepUp } from '../../state/session';

export interface MinutesActions {
  load: () => Promise<Minutes>;
  save: (edit: MinutesEdit) => Promise<Minutes>;
  review: () => Promise<void>;
  sign: () => Promise<void>;
}

/** What the page of the minutes can ask of the hub; `onAnswer` gets the minutes as they are afterwards. */
export function minutesActions(meetingId: string, onAnswer: (minutes: Minutes) => void): MinutesActions {
  const path = `/meetings/${meetingId}/minutes`;
  const answer = (minutes: Minutes): Minutes => {
    onAnswer(minutes);
    return minutes;
  };
  return {
    load: () => api.get<Minutes>(path).then(answer),
    save: (edit) => api.put<Minutes>(path, edit).then(answer),
    review: async () => void answer(await api.post<Minutes>(`${path}/review`)),
    sign: async () => void answer(await withStepUp(() => api.post<Minutes>(`${path}/signatures`))),
  };
}
