import type { Draft } from './draft';

function key(meetingId: string): string {
  return `plenum.minutes.${meetingId}`;
}

/** Keep unsaved text in this tab. It survives a reload and is gone with the tab; a full store is no reason to fail. */
export function keepDraft(meetingId: string, draft: Draft): void {
  try {
    sessionStorage.setItem(key(meetingId), JSON.stringify(draft));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

export function dropDraft(meetingId: string): void {
  sessionStorage.removeItem(key(meetingId));
}

/** The text kept in this tab, or null when there is none that can be read. */
export function keptDraft(meetingId: string): Draft | null {
  const stored = sessionStorage.getItem(key(meetingId));
  if (stored === null) return null;
  try {
    const value: unknown = JSON.parse(stored);
    return isDraft(value) ? value : null;
  } catch {
    return null;
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const { revision, base, texts } = value as Partial<Record<keyof Draft, unknown>>;
  return typeof revision === 'number' && isTexts(base) && isTexts(texts);
}

function isTexts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}
