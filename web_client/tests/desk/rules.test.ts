import { describe, expect, test } from 'vitest';
import type { Directory, MeetingRole, MeetingState } from '../../src/protocol/generated';
import { timetable } from '../../src/views/desk/timetable';
import { likelyItem, paperTitle } from '../../src/views/desk/uploads';
import { placeAt } from '../../src/views/desk/useReorder';
import { inviteesOf, newInvitee, plainLetters, searchDirectory, withRole } from '../../src/views/desk/invitations';
import { checkItem, emptyItem, formOfItem, itemBody } from '../../src/views/desk/itemForm';
import { checkForm, emptyForm, formOf, meetingPatch, moveStart, newMeeting } from '../../src/views/desk/meetingForm';
import { moved } from '../../src/views/desk/order';
import { rulesText } from '../../src/views/desk/rulesText';
import { acknowledgers, conclusions, editable, nextStep, removable, standing, undecided } from '../../src/views/desk/standing';
import { zoneOptions } from '../../src/views/desk/zones';
import { item, person, RULES, snapshot } from '../samples';

const NOW = Date.parse('2026-11-21T08:10:00Z');
const ZONE = 'Asia/Ho_Chi_Minh';
const VERSION = { number: 1, convenedAt: '2026-11-20T08:00:00Z', manifestSha256: '', pdfSha256: '', acknowledgedBy: ['b'] };

function at(state: MeetingState, myRole: MeetingRole | null, acknowledgedBy = ['a', 'b']) {
  const base = snapshot();
  return { ...base, myRole, meeting: { ...base.meeting, state }, versions: [{ ...VERSION, acknowledgedBy }] };
}

describe('how an item may end', () => {
  test.each([
    ['decision', 'under_discussion', 'in_session', ['decided', 'noted', 'deferred', 'withdrawn', 'pending']],
    ['discussion', 'under_discussion', 'in_session', ['noted', 'decided', 'deferred', 'withdrawn', 'pending']],
    ['information', 'under_discussion', 'in_session', ['noted', 'deferred', 'withdrawn', 'pending']],
    ['decision', 'under_discussion', 'adjourned', ['decided', 'noted', 'deferred', 'withdrawn']],
    ['decision', 'pending', 'adjourned', ['deferred', 'noted', 'withdrawn']],
  ] as const)('%s, %s, meeting %s', (kind, state, meeting, ends) => {
    expect(conclusions(item('i', 1, { kind, state }), meeting)).toEqual(ends);
  });
});

describe('the next step', () => {
  test.each<[MeetingState, MeetingRole | null, string[], string | null]>([
    ['draft', 'secretary', ['a'], 'convene'],
    ['draft', 'chair', ['a'], null],
    ['convened', 'member', [], 'acknowledge'],
    ['convened', 'member', ['a'], null],
    ['convened', 'observer', [], null],
    ['convened', 'secretary', ['a'], 'open'],
    ['convened', 'chair', ['a'], 'open'],
    ['in_session', 'member', [], 'join'],
    ['suspended', 'secretary', ['a'], 'join'],
    ['adjourned', 'secretary', ['a'], 'minutes'],
    ['adjourned', 'member', ['a'], null],
    ['minutes_review', 'member', ['a'], 'minutes'],
    ['minutes_signed', 'secretary', ['a'], 'archive'],
    ['archived', 'secretary', ['a'], null],
    ['cancelled', 'secretary', ['a'], null],
    ['in_session', null, [], null],
  ])('of a meeting that is %s for a %s (acknowledged by %j) is %s', (state, role, acknowledgedBy, expected) => {
    const seen = at(state, role, acknowledgedBy);
    expect(nextStep(seen, standing(seen, 'a'))).toBe(expected);
  });
});

test('the newest version is the one to acknowledge', () => {
  const seen = at('convened', 'member');
  const two = { ...seen, versions: [...seen.versions, { ...VERSION, number: 2, acknowledgedBy: [] }] };
  expect(standing(two, 'a').toAcknowledge?.number).toBe(2);
});

test('observers are not asked to acknowledge', () => {
  const seen = snapshot({ participants: [person('a'), person('b', { role: 'observer' })] });
  expect(acknowledgers(seen).map(({ personId }) => personId)).toEqual(['a']);
});

test('in session only pending items change and none disappears', () => {
  expect(editable('draft', item('i', 1, { state: 'decided' }))).toBe(true);
  expect(editable('in_session', item('i', 1))).toBe(true);
  expect(editable('in_session', item('i', 1, { state: 'decided' }))).toBe(false);
  expect(editable('adjourned', item('i', 1))).toBe(false);
  expect(removable('convened')).toBe(true);
  expect(removable('in_session')).toBe(false);
  expect(undecided([item('i', 1), item('j', 2, { state: 'noted' })])).toHaveLength(1);
});

describe('the form of a meeting', () => {
  test('begins tomorrow at a half hour and keeps its length when the start moves', () => {
    const form = emptyForm(NOW, ZONE, 'vi');
    expect([form.start, form.end]).toEqual(['2026-11-22T15:30', '2026-11-22T17:30']);
    expect(moveStart(form, '2026-12-01T08:00').end).toBe('2026-12-01T10:00');
    expect(moveStart(form, '').end).toBe(form.end);
  });

  test('says what is missing or wrong', () => {
    const form = emptyForm(NOW, ZONE, 'vi');
    expect(checkForm(form)).toEqual({ title: 'desk-title-missing' });
    expect(checkForm({ ...form, title: 'T', start: '', end: '' })).toEqual({ start: 'desk-time-missing', end: 'desk-time-missing' });
    expect(checkForm({ ...form, title: 'T', end: form.start })).toEqual({ end: 'desk-end-before-start' });
  });

  test('sends instants, and never the label of a meeting that exists', () => {
    const form = { ...formOf(snapshot().meeting), title: ' New ' };
    expect(newMeeting(form)).toMatchObject({ title: 'New', startsAt: '2026-11-21T08:00:00.000Z' });
    expect(meetingPatch(form, snapshot().meeting)).not.toHaveProperty('label');
    expect(meetingPatch(form, snapshot().meeting)).not.toHaveProperty('rules');
    expect(meetingPatch({ ...form, rules: 'two_thirds' }, snapshot().meeting).rules).toBe('two_thirds');
  });

  test('offers the zone in use even where the browser does not know it', () => {
    expect(zoneOptions('Mars/Olympus')[0]).toEqual({ value: 'Mars/Olympus', text: 'Mars/Olympus' });
    expect(zoneOptions(ZONE).filter(({ value }) => value === ZONE)).toHaveLength(1);
  });
});

describe('the form of an agenda item', () => {
  test('says what is missing or wrong', () => {
    expect(checkItem(emptyItem())).toEqual({ title: 'item-title-missing' });
    expect(checkItem({ ...emptyItem(), title: 'T', minutes: '1.5', restricted: true })).toEqual({
      minutes: 'item-minutes-invalid',
      readers: 'item-readers-missing',
    });
    expect(checkItem({ ...emptyItem(), title: 'T', minutes: '1441' })).toHaveProperty('minutes');
  });

  test('sends null where nothing is chosen', () => {
    expect(itemBody(formOfItem(item('i', 1, { presenterId: 'a', minutes: 5 })))).toEqual({
      title: 'Item i',
      description: '',
      kind: 'decision',
      presenterId: 'a',
      minutes: 5,
      readers: null,
    });
    expect(itemBody({ ...emptyItem(), title: 'T', restricted: true, readers: ['a'] })).toMatchObject({ presenterId: null, readers: ['a'] });
  });
});

describe('invitations', () => {
  const directory: Directory = {
    people: [
      { id: 'p1', name: 'Nguyễn Văn Đức', title: 'Giám đốc', unitId: 'u1', siteId: null, roles: ['member'] },
      { id: 'r1', name: 'Hội trường', title: '', unitId: null, siteId: 's1', roles: ['room'] },
    ],
    units: [{ id: 'u1', name: 'Sở Tài chính' }],
    sites: [],
    labelCeiling: 3,
  };

  test.each([
    ['duc', ['p1']],
    ['GIAM doc tai', ['p1']],
    ['hoi truong', ['r1']],
    ['', ['p1', 'r1']],
    ['nobody', []],
  ])('searching %j finds %j', (query, expected) => {
    expect(searchDirectory(directory, query).map(({ id }) => id)).toEqual(expected);
  });

  test('letters lose their accents', () => {
    expect(plainLetters('Đặng Ngọc ÁNH')).toBe('dang ngoc anh');
  });

  test('a hall joins as a room without a vote, a person as a voting member', () => {
    expect(directory.people.map(newInvitee)).toEqual([
      { personId: 'p1', role: 'member', entitled: true },
      { personId: 'r1', role: 'room', entitled: false },
    ]);
  });

  test('a role brings its usual right to vote', () => {
    expect(withRole({ personId: 'p1', role: 'member', entitled: true }, 'observer').entitled).toBe(false);
    expect(inviteesOf([person('a', { entitled: false })])).toEqual([{ personId: 'a', role: 'member', entitled: false }]);
  });
});

test.each([
  [0, 2, 'bca'],
  [2, 0, 'cab'],
  [1, 1, 'abc'],
  [0, 3, 'abc'],
  [-1, 0, 'abc'],
])('moving %i to %i gives %s', (from, to, expected) => {
  expect(moved([...'abc'], from, to).join('')).toBe(expected);
});

test('rules are one sentence after the other', () => {
  expect(rulesText({ ...RULES, base: 'seats', tie: 'chair' })).toBe(
    "Quorum: more than 1/2 of the members. Carried by more than 1/2 of all members. Equal votes: the chair's side decides.",
  );
});

test.each([
  ['Budget_2027.pdf', 'Budget 2027'],
  ['.pdf', '.pdf'],
])('the file %s becomes the paper %j', (file, title) => {
  expect(paperTitle(file)).toBe(title);
});

test('items have their times in the day, and a long agenda is seen', () => {
  const items = [item('i1', 1, { minutes: 30 }), item('i2', 2, { minutes: 0 }), item('i3', 3, { minutes: 45 })];
  const found = timetable({ startsAt: '2026-11-23T08:00:00Z', endsAt: '2026-11-23T09:00:00Z' }, items);
  expect(found.slots).toEqual([
    { from: '2026-11-23T08:00:00.000Z', until: '2026-11-23T08:30:00.000Z' },
    null,
    { from: '2026-11-23T08:30:00.000Z', until: '2026-11-23T09:15:00.000Z' },
  ]);
  expect(found).toMatchObject({ total: 75, over: 15, endsAt: '2026-11-23T09:15:00.000Z' });
});

test('a dragged row lands before the first row whose middle is below the pointer', () => {
  const middles = [100, 200, 300];
  expect([50, 150, 250, 350].map((y) => placeAt(middles, y))).toEqual([0, 1, 2, 3]);
});

test('a file that begins with a number is suggested for that item', () => {
  const items = [item('i1', 1), item('i12', 12)];
  expect(likelyItem('12_Budget.pdf', items)?.id).toBe('i12');
  expect(likelyItem('Mục 1 - Kế hoạch.pdf', items)?.id).toBe('i1');
  expect(likelyItem('Budget 2027.pdf', items)).toBeUndefined();
  expect(likelyItem('Budget.pdf', items)).toBeUndefined();
});
