import type { Minutes, MinutesEdit } from '../../protocol/generated';

/** Texts of the sections by their ids. */
export type Texts = Readonly<Record<string, string>>;

/** What somebody edits: the texts as they were read (`base`, at `revision`) and as they stand now. */
export interface Draft {
  readonly revision: number;
  readonly base: Texts;
  readonly texts: Texts;
}

/** A section that two people changed: what is here, and what was saved meanwhile. */
export interface Conflict {
  readonly id: string;
  readonly mine: string;
  readonly theirs: string;
}

export interface Merged {
  readonly draft: Draft;
  readonly conflicts: readonly Conflict[];
}

function textsOf(minutes: Minutes): Texts {
  return Object.fromEntries(minutes.sections.map(({ id, text }) => [id, text]));
}

export function draftOf(minutes: Minutes): Draft {
  const texts = textsOf(minutes);
  return { revision: minutes.revision, base: texts, texts };
}

export function withText(draft: Draft, id: string, text: string): Draft {
  return { ...draft, texts: { ...draft.texts, [id]: text } };
}

export function isDirty(draft: Draft): boolean {
  return Object.entries(draft.texts).some(([id, text]) => text !== draft.base[id]);
}

/** The body that saves the draft. */
export function editOf(draft: Draft): MinutesEdit {
  return { revision: draft.revision, sections: Object.entries(draft.texts).map(([id, text]) => ({ id, text })) };
}

/**
 * Bring a draft together with what was saved meanwhile, losing nothing.
 *
 * A section that only one side changed takes that side's text. Where both did, the draft's text stays and the section is
 * reported as a conflict. The new draft stands on the saved revision, so it can be saved once the conflicts are settled.
 */
export function merge(draft: Draft, saved: Minutes): Merged {
  const theirs = textsOf(saved);
  const conflicts: Conflict[] = [];
  const texts: Record<string, string> = {};
  for (const [id, their] of Object.entries(theirs)) {
    const base = draft.base[id];
    const mine = draft.texts[id] ?? their;
    const untouched = mine === base || mine === their;
    texts[id] = untouched ? their : mine;
    if (!untouched && their !== base) conflicts.push({ id, mine, theirs: their });
  }
  return { draft: { revision: saved.revision, base: theirs, texts }, conflicts };
}

/** Both texts of a conflict, one after the other. */
export function both({ mine, theirs }: Conflict): string {
  return `${theirs}\n\n${mine}`;
}
