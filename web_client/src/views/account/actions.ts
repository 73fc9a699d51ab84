import { api } from '../../protocol/http';
import type { Account, Enrolment, RecoveryCodes } from '../../protocol/generated';
import { withStepUp } from '../../state/session';

const FACTOR = '/account/second-factor';

export const loadAccount = (signal?: AbortSignal) => api.get<Account>('/account', signal);
export const endSession = (id: string) => api.delete(`/account/sessions/${id}`);
export const endOtherSessions = () => api.delete('/account/sessions');
export const beginEnrolment = () => withStepUp(() => api.post<Enrolment>(FACTOR));
export const confirmEnrolment = (code: string) =>
  withStepUp(() => api.post<RecoveryCodes>(`${FACTOR}/confirmation`, { code }));
export const removeFactor = () => withStepUp(() => api.delete(FACTOR));
export const renewRecoveryCodes = () => withStepUp(() => api.post<RecoveryCodes>('/account/recovery-codes'));
