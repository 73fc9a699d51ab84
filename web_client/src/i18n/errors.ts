import { ApiError } from '../protocol/errors';
import { hasText, t } from './runtime';

/** What went wrong, in the reader's words: what happened, what was kept, what to do. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error-unknown');
  const id = `error-${error.code.replaceAll('_', '-')}`;
  return hasText(id) ? t(id, error.params) : t('error-unknown');
}
