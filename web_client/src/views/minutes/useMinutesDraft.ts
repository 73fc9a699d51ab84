import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../../protocol/errors';
import type { Minutes, MinutesEdit } from '../../protocol/generated';
import { type Conflict, type Draft, draftOf, editOf, isDirty, merge, withText } from './draft';
import { dropDraft, keepDraft, keptDraft } from './keep';

export interface MinutesDraft {
  draft: Draft;
  dirty: boolean;
  conflicts: readonly Conflict[];
  /** Unsaved text of an earlier visit in this tab was put back. */
  restored: boolean;
  write: (id: string, text: string) => void;
  /** Settle a conflict with this text. */
  settle: (id: string, text: string) => void;
  discard: () => void;
  /** Save; when somebody else saved first, bring both together and resolve to false. */
  save: () => Promise<boolean>;
}

export interface MinutesStore {
  save: (edit: MinutesEdit) => Promise<Minutes>;
  load: () => Promise<Minutes>;
}

interface State {
  draft: Draft;
  conflicts: readonly Conflict[];
  restored: boolean;
}

function begin(meetingId: string, minutes: Minutes): State {
  const kept = keptDraft(meetingId);
  if (!kept || !isDirty(kept)) return { draft: draftOf(minutes), conflicts: [], restored: false };
  return { ...merge(kept, minutes), restored: true };
}

/** The minutes as they are being written. Every keystroke is kept in this tab until it is saved. */
export function useMinutesDraft(meetingId: string, minutes: Minutes, store: MinutesStore): MinutesDraft {
  const [state, setState] = useState(() => begin(meetingId, minutes));
  const { draft } = state;
  const dirty = isDirty(draft);

  useEffect(() => {
    if (dirty) keepDraft(meetingId, draft);
    else dropDraft(meetingId);
  }, [meetingId, dirty, draft]);

  // Somebody else saved: what is untouched here follows at once, and what is not is brought together.
  useEffect(() => {
    setState((before) => {
      if (minutes.revision <= before.draft.revision) return before;
      const merged = merge(before.draft, minutes);
      return { ...before, draft: merged.draft, conflicts: unsettled(before.conflicts, merged.conflicts) };
    });
  }, [minutes]);

  async function save(): Promise<boolean> {
    try {
      const saved = await store.save(editOf(draft));
      setState((before) => ({ ...merge({ ...before.draft, base: draft.texts }, saved), restored: false }));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'stale_revision') throw error;
      const merged = merge(draft, await store.load());
      setState((before) => ({ ...before, ...merged }));
      return false;
    }
  }

  return {
    ...state,
    dirty,
    write: (id, text) => setState((before) => ({ ...before, draft: withText(before.draft, id, text) })),
    settle: (id, text) =>
      setState((before) => ({
        ...before,
        draft: withText(before.draft, id, text),
        conflicts: before.conflicts.filter((conflict) => conflict.id !== id),
      })),
    discard: () => setState({ draft: draftOf(minutes), conflicts: [], restored: false }),
    save,
  };
}

/** Conflicts that still stand: the new ones, and the older ones about other sections. */
function unsettled(older: readonly Conflict[], newer: readonly Conflict[]): Conflict[] {
  return [...older.filter(({ id }) => !newer.some((conflict) => conflict.id === id)), ...newer];
}
