import type { Poll } from '../protocol/generated';

const PREFIX = 'plenum.choice';

/**
 * What somebody has chosen on a ballot and not yet cast, kept for a reload of the window. Where choices are hidden until
 * the poll is closed, nothing is kept: it would lie on a computer that others may use.
 */
export function keepChoice(poll: Poll, personId: string, optionId: string): void {
  if (poll.kind === 'named') sessionStorage.setItem(key(poll, personId), optionId);
}

/** What was chosen before a reload, if it is still on the ballot. */
export function recallChoice(poll: Poll, personId: string): string | null {
  const kept = sessionStorage.getItem(key(poll, personId));
  return poll.options.some((option) => option.id === kept) ? kept : null;
}

/** The ballot is cast, or can be cast no more. */
export function forgetChoice(poll: Poll, personId: string): void {
  sessionStorage.removeItem(key(poll, personId));
}

function key(poll: Poll, personId: string): string {
  return `${PREFIX}.${poll.id}.${personId}`;
}
