import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Minutes } from '../../src/protocol/generated';
import { both, type Draft, draftOf, editOf, isDirty, merge, withText } from '../../src/views/minutes/draft';
import { dropDraft, keepDraft, keptDraft } from '../../src/views/minutes/keep';
import { signers } from '../../src/views/minutes/signers';
import { person, snapshot } from '../samples';
import { minutes } from './samples';

function saved(revision: number, texts: Record<string, string>): Minutes {
  const base = minutes();
  return { ...base, revision, sections: base.sections.map((section) => ({ ...section, text: texts[section.id] ?? section.text })) };
}

describe('a draft', () => {
  test('is dirty while a text differs from what was read', () => {
    const draft = draftOf(minutes());
    expect(isDirty(draft)).toBe(false);
    const changed = withText(draft, 's1', 'New');
    expect(isDirty(changed)).toBe(true);
    expect(isDirty(withText(changed, 's1', 'Present: 5.'))).toBe(false);
  });

  test('is sent whole, with the revision it began from', () => {
    expect(editOf(withText(draftOf(minutes()), 's1', 'New'))).toEqual({
      revision: 3,
      sections: [
        { id: 's1', text: 'New' },
        { id: 's2', text: 'Discussed.' },
      ],
    });
  });
});

describe('bringing a draft together with what was saved meanwhile', () => {
  const mine = withText(draftOf(minutes()), 's1', 'Mine');

  test('takes the other text where only the other side changed', () => {
    const { draft, conflicts } = merge(mine, saved(4, { s2: 'Theirs' }));
    expect(draft.texts).toEqual({ s1: 'Mine', s2: 'Theirs' });
    expect(draft.revision).toBe(4);
    expect(conflicts).toEqual([]);
    expect(isDirty(draft)).toBe(true);
  });

  test('keeps both texts where both sides changed', () => {
    const { draft, conflicts } = merge(mine, saved(4, { s1: 'Theirs' }));
    expect(draft.texts['s1']).toBe('Mine');
    expect(conflicts).toEqual([{ id: 's1', mine: 'Mine', theirs: 'Theirs' }]);
    expect(conflicts.map(both)).toEqual(['Theirs\n\nMine']);
  });

  test('finds no conflict where both sides wrote the same', () => {
    const { draft, conflicts } = merge(mine, saved(4, { s1: 'Mine' }));
    expect(conflicts).toEqual([]);
    expect(isDirty(draft)).toBe(false);
  });

  test('takes a section that is new and forgets one that is gone', () => {
    const other = saved(4, {});
    const fresh = { ...other, sections: [...other.sections.slice(1), { ...minutes().sections[0]!, id: 's9', text: 'New' }] };
    expect(merge(draftOf(minutes()), fresh).draft.texts).toEqual({ s2: 'Discussed.', s9: 'New' });
  });
});

describe('unsaved text in the tab', () => {
  afterEach(() => sessionStorage.clear());
  const draft: Draft = { revision: 3, base: { s1: 'a' }, texts: { s1: 'b' } };

  test('is found again by the same meeting only, until it is dropped', () => {
    keepDraft('m1', draft);
    expect(keptDraft('m1')).toEqual(draft);
    expect(keptDraft('m2')).toBeNull();
    dropDraft('m1');
    expect(keptDraft('m1')).toBeNull();
  });

  test.each(['{', '[]', '{"revision":"3","base":{},"texts":{}}', '{"revision":3,"base":{},"texts":{"s1":5}}', 'null'])(
    '%s is not taken for a draft',
    (stored) => {
      sessionStorage.setItem('plenum.minutes.m1', stored);
      expect(keptDraft('m1')).toBeNull();
    },
  );

  test('a full store is no reason to fail', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(() => keepDraft('m1', draft)).not.toThrow();
  });
});

test('the secretary signs before the chair', () => {
  const seen = snapshot({ participants: [person('c', { role: 'chair' }), person('s', { role: 'secretary' }), person('m')] });
  const list = signers(seen, minutes({ state: 'review', nextSigner: 's' }));
  expect(list.map(({ personId, next }) => [personId, next])).toEqual([
    ['s', true],
    ['c', false],
  ]);
});

test('who has signed stays listed after leaving the meeting', () => {
  const signature = { role: 'secretary', personId: 'gone', name: 'Gone', signedAt: '2026-11-21T08:00:00Z', factor: 'password' };
  const list = signers(snapshot({ participants: [] }), minutes({ state: 'signed', signatures: [signature] }));
  expect(list.map(({ name }) => name)).toEqual(['Gone']);
});
