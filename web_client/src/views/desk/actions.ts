import { api, ApiError } from '../../protocol/http';
import type {
  AgendaVersion,
  Copied,
  Copy,
  Created,
  Invitations,
  ItemBody,
  ItemState,
  MeetingPatch,
  MeetingState,
  PaperPatch,
  Response,
} from '../../protocol/generated';
import type { Meeting } from '../../state/meeting';
import { withStepUp } from '../../state/session';

/** Everything that the page of a meeting can ask of the hub. Each rejects with `ApiError`. */
export interface DeskActions {
  acknowledge: (version: number) => Promise<void>;
  answer: (response: Response, reason: string) => Promise<void>;
  edit: (patch: MeetingPatch) => Promise<void>;
  invite: (body: Invitations) => Promise<void>;
  addItem: (body: ItemBody) => Promise<void>;
  changeItem: (itemId: string, body: ItemBody) => Promise<void>;
  deleteItem: (itemId: string) => Promise<void>;
  order: (itemIds: string[]) => Promise<void>;
  changePaper: (paperId: string, patch: PaperPatch) => Promise<void>;
  orderPapers: (itemId: string, paperIds: string[]) => Promise<void>;
  copy: (body: Copy) => Promise<Copied>;
  deletePaper: (paperId: string) => Promise<void>;
  convene: () => Promise<AgendaVersion>;
  transition: (to: MeetingState, reason?: string) => Promise<void>;
  /** Over the live connection, as in the room. */
  conclude: (itemId: string, to: ItemState, outcome: string) => Promise<void>;
}

/** The actions on one meeting; `meeting` is it as it is followed. `done` runs after each that succeeded. */
export function deskActions(meetingId: string, meeting: Pick<Meeting, 'request'> | null, done: () => void): DeskActions {
  const root = `/meetings/${meetingId}`;
  async function after<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    done();
    return result;
  }
  return {
    acknowledge: (version) => after(api.post(`${root}/agenda/${version}/acknowledgement`)),
    answer: (response, reason) => after(api.post(`${root}/invitation-answer`, { response, reason })),
    edit: (patch) => after(api.patch(root, patch)),
    invite: (body) => after(withStepUp(() => api.put(`${root}/invitations`, body))),
    addItem: (body) => after(api.post<Created>(`${root}/items`, body)).then(() => undefined),
    changeItem: (itemId, body) => after(api.put(`${root}/items/${itemId}`, body)),
    deleteItem: (itemId) => after(api.delete(`${root}/items/${itemId}`)),
    order: (itemIds) => after(api.put(`${root}/agenda-order`, { itemIds })),
    changePaper: (paperId, patch) => after(api.patch(`${root}/papers/${paperId}`, patch)),
    orderPapers: (itemId, paperIds) => after(api.put(`${root}/items/${itemId}/paper-order`, { paperIds })),
    copy: (body) => after(withStepUp(() => api.post<Copied>(`${root}/copies`, body))),
    deletePaper: (paperId) => after(api.delete(`${root}/papers/${paperId}`)),
    convene: () => after(withStepUp(() => api.post<AgendaVersion>(`${root}/convene`))),
    conclude: async (itemId, to, outcome) => {
      if (!meeting) throw new ApiError('disconnected', 'the meeting is not followed yet');
      await after(meeting.request('item.state', { itemId, to, outcome }));
    },
    transition: (to, reason = '') => after(withStepUp(() => api.post(`${root}/transitions`, { to, reason }))),
  };
}
