import { render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditRow, Timeline, TimelineLine } from '../../src/protocol/generated';
import { me } from '../../src/state/session';
import TimelinePage from '../../src/views/audit/TimelinePage';
import { daysOf, joined } from '../../src/views/audit/timelineModel';
import { timelinePath } from '../../src/views/audit/words';
import { ME } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub, type FakeHub } from '../ui/fakeHub';

function line(index: number, change: Partial<AuditRow> = {}, count = 1): TimelineLine {
  const row: AuditRow = {
    index,
    at: `2026-11-21T08:0${index}:00Z`,
    action: 'paper.view',
    outcome: 'success',
    actorId: 'p1',
    actorName: 'An',
    objectType: 'paper',
    objectId: 'abc:2',
    objectName: 'Budget 2027',
    restricted: false,
    session: 's1',
    siteId: null,
    siteName: null,
    details: { version: 2 },
    names: {},
    withheld: false,
    erased: false,
    ...change,
  };
  return { row, untilAt: row.at, count };
}

const SESSION = { id: 's1', personId: 'p1', personName: 'An', beganAt: '2026-11-21T08:00:00Z', endedAt: null, address: '192.0.2.7', factor: 'password' };
const TOLD: Timeline = {
  kind: 'person',
  id: 'p1',
  name: 'An',
  restricted: false,
  lines: [line(1), line(2, { outcome: 'denied', action: 'authorization.denied', objectType: null, objectId: null, objectName: null, details: { reason: 'not_named' } }, 12), line(3, { session: 's2' })],
  sessions: [SESSION],
  nextBefore: null,
};

let hub: FakeHub;
beforeEach(() => {
  me.value = { ...ME, roles: ['security_officer' as const] };
  hub = fakeHub();
  hub.on('GET /audit/alerts/count', { open: 0 });
});
afterEach(() => {
  me.value = undefined;
});

test('what one person did is grouped by day and session, and the order stays', () => {
  const again = line(4);
  const days = daysOf({ ...TOLD, lines: [...TOLD.lines, again, line(5, { at: '2026-11-23T08:00:00Z' })] });
  expect(days.map(({ chapters }) => chapters.map(({ session }) => session?.id))).toEqual([['s1', 's2', 's1'], ['s1']]);
  expect(daysOf({ ...TOLD, kind: 'paper' }).map(({ chapters }) => chapters.length)).toEqual([1]);
});

test('an earlier page comes before what is shown', () => {
  const earlier = { ...TOLD, lines: [line(0)], nextBefore: 5 };
  const both = joined(earlier, TOLD);
  expect(both.lines.map(({ row }) => row.index)).toEqual([0, 1, 2, 3]);
  expect([both.nextBefore, both.sessions.length]).toEqual([5, 1]);
});

test('a timeline reads in words: session, act, object, refusal', async () => {
  hub.on('GET /audit/timelines/person/p1', TOLD);
  render(<TimelinePage kind="person" id="p1" />);
  const [head] = await screen.findAllByTestId('timeline-session');
  expect(head?.textContent).toMatch(/Signed in .* from 192\.0\.2\.7 · password/u);
  const lines = screen.getAllByTestId('timeline-line');
  expect(lines[0]?.textContent).toMatch(/Paper viewed.*Budget 2027.*Version: 2/u);
  expect(lines[1]?.textContent).toMatch(/Access denied.*12 times.*Reason: not among the named readers/u);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Person: An');
  await expectAccessible();
});

test('what is above the officer has no name in its own timeline either', async () => {
  hub.on('GET /audit/timelines/meeting/m9', { ...TOLD, kind: 'meeting', id: 'm9', name: null, restricted: true });
  render(<TimelinePage kind="meeting" id="m9" />);
  expect((await screen.findByText(/^Meeting, restricted/u)).tagName).toBe('H1');
});

test('only what has a timeline is linked to one', () => {
  expect(timelinePath('paper', 'abc:2')).toBe('/audit/paper/abc');
  expect(timelinePath('poll', 'abc')).toBeNull();
  expect(timelinePath('person', null)).toBeNull();
});
