import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MeetingSummary } from '../../src/protocol/generated';
import { me } from '../../src/state/session';
import { arrange, endOfDay, waitingTasks } from '../../src/views/home/arrange';
import Home, { HomeView } from '../../src/views/home/Home';
import { ME, RULES } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub } from '../ui/fakeHub';

const NOW = Date.parse('2026-11-21T08:00:00Z');

function summary(id: string, change: Partial<MeetingSummary> = {}): MeetingSummary {
  return {
    id,
    reference: id,
    title: `Meeting ${id}`,
    state: 'convened',
    startsAt: '2026-11-21T09:00:00Z',
    endsAt: '2026-11-21T10:00:00Z',
    zone: 'Asia/Ho_Chi_Minh',
    label: 1,
    myRole: 'member',
    waiting: [],
    ...change,
  };
}

const MEETINGS = [
  summary('late', { startsAt: '2026-11-30T09:00:00Z' }),
  summary('live', { state: 'in_session', startsAt: '2026-11-21T07:00:00Z' }),
  summary('today', { waiting: ['acknowledge'] }),
  summary('overdue', { state: 'draft', startsAt: '2026-11-01T09:00:00Z' }),
  summary('old', { state: 'archived', startsAt: '2026-10-01T09:00:00Z' }),
  summary('older', { state: 'minutes_review', startsAt: '2026-09-01T09:00:00Z', waiting: ['sign', 'of_tomorrow'] }),
];
const SECRETARY = { ...ME, roles: ['member' as const, 'secretary' as const] };

beforeEach(() => {
  history.replaceState(null, '', '/');
});
afterEach(() => {
  me.value = undefined;
});

test('meetings are arranged by what they mean now', () => {
  const arranged = arrange(MEETINGS, endOfDay(NOW));
  const ids = Object.fromEntries(Object.entries(arranged).map(([name, list]) => [name, list.map(({ id }: MeetingSummary) => id)]));
  expect(ids).toEqual({ inSession: ['live'], today: ['overdue', 'today'], coming: ['late'], earlier: ['old', 'older'] });
});

test('what waits is listed in the order of the meetings', () => {
  expect(waitingTasks(MEETINGS).map(({ meeting, task }) => `${meeting.id}/${task}`)).toEqual([
    'older/sign',
    'older/of_tomorrow',
    'today/acknowledge',
  ]);
});

test('the meeting in session has the one big button, and each task leads to where it is done', async () => {
  render(<HomeView person={SECRETARY} meetings={MEETINGS} now={NOW} onNew={() => undefined} />);
  expect(screen.getByTestId('join-room').getAttribute('href')).toBe('/meetings/live/room');
  expect(screen.getByRole('link', { name: /Sign the minutes/u }).getAttribute('href')).toBe('/meetings/older/minutes');
  expect(screen.getByRole('link', { name: /Acknowledge the agenda/u }).getAttribute('href')).toBe('/meetings/today');
  expect(document.querySelectorAll('.button--primary')).toHaveLength(1);
  await expectAccessible();
});

test('a hall can be set up before the meeting opens', async () => {
  const hall = { ...ME, roles: ['room' as const] };
  const convened = summary('today', { myRole: 'room' });
  const { unmount } = render(<HomeView person={hall} meetings={[convened]} now={NOW} onNew={() => undefined} />);
  expect(screen.getByTestId('join-room').getAttribute('href')).toBe('/meetings/today/room');
  expect(screen.queryByTestId('new-meeting')).toBeNull();
  await expectAccessible();
  unmount();
  render(<HomeView person={ME} meetings={[summary('today')]} now={NOW} onNew={() => undefined} />);
  expect(screen.queryByTestId('join-room')).toBeNull();
});

test('somebody without meetings is told what to expect and cannot make one', async () => {
  render(<HomeView person={ME} meetings={[]} now={NOW} onNew={() => undefined} />);
  expect(screen.getByText('No meetings planned')).toBeTruthy();
  expect(screen.queryByTestId('new-meeting')).toBeNull();
  await expectAccessible();
});

test('a secretary makes a meeting and is led to it', async () => {
  me.value = SECRETARY;
  const hub = fakeHub();
  hub.on('GET /meetings', { meetings: [] });
  hub.on('GET /directory', { people: [], units: [], sites: [], labelCeiling: 5 });
  hub.on('GET /rules', { presets: [{ name: 'simple_majority', rules: RULES }] });
  hub.on('POST /meetings', { id: 'm9' });
  render(<Home />);
  fireEvent.click(await screen.findByTestId('new-meeting'));
  fireEvent.input(await screen.findByTestId('meeting-title'), { target: { value: 'Budget' } });
  await expectAccessible();
  fireEvent.click(screen.getByTestId('save-meeting'));
  await vi.waitFor(() => expect(location.pathname).toBe('/meetings/m9'));
  expect(hub.calls.find(({ method }) => method === 'POST')?.body).toMatchObject({ title: 'Budget', rules: 'simple_majority', label: 1 });
  expect(screen.queryAllByRole('option', { name: 'Secret' })).toEqual([]);
});

test('a meeting without a title is not sent', async () => {
  me.value = SECRETARY;
  const hub = fakeHub();
  hub.on('GET /meetings', { meetings: [] });
  hub.on('GET /directory', { people: [], units: [], sites: [], labelCeiling: 1 });
  hub.on('GET /rules', { presets: [] });
  render(<Home />);
  fireEvent.click(await screen.findByTestId('new-meeting'));
  fireEvent.click(await screen.findByTestId('save-meeting'));
  expect(await screen.findByText('Give the meeting a title.')).toBeTruthy();
  expect(hub.calls.some(({ method }) => method === 'POST')).toBe(false);
});

test('an officer without meetings is led to the audit log', async () => {
  me.value = { ...ME, roles: ['security_officer'] };
  render(<Home />);
  await vi.waitFor(() => expect(location.pathname).toBe('/audit'));
});
