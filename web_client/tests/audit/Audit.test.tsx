import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AuditPage, AuditRow } from '../../src/protocol/generated';
import { me, stepUpPrompt } from '../../src/state/session';
import { actText } from '../../src/views/audit/acts';
import Audit from '../../src/views/audit/Audit';
import { NO_FILTERS, searchPath } from '../../src/views/audit/filters';
import { ME } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { type Call, fakeHub, type FakeHub, Refusal } from '../ui/fakeHub';

const OFFICER = { ...ME, roles: ['security_officer' as const] };

function row(index: number, change: Partial<AuditRow> = {}): AuditRow {
  return {
    index,
    at: '2026-11-21T08:00:00Z',
    action: 'paper.view',
    outcome: 'success',
    actorId: 'p1',
    actorName: 'An',
    objectType: 'paper',
    objectId: 'abc',
    details: { version: 2, print: false, note: null },
    ...change,
  };
}

const PAGE: AuditPage = { rows: [row(9), row(8, { actorId: null, actorName: null, outcome: 'denied' })], size: 10, nextBefore: 8 };

let hub: FakeHub;
beforeEach(() => {
  me.value = OFFICER;
  hub = fakeHub();
  hub.on('GET /directory', { people: [{ id: 'p1', name: 'An', title: '', unitId: null, siteId: null, roles: [] }], units: [], sites: [], labelCeiling: 3 });
  hub.on('GET /audit', PAGE);
});
afterEach(() => {
  me.value = undefined;
  stepUpPrompt.value = null;
});

function searches(): Call[] {
  return hub.calls.filter(({ path }) => path === '/audit');
}

test('filters become the query, in instants', () => {
  const filters = { ...NO_FILTERS, actor: 'p1', object: ' abc ', outcome: 'denied', since: '2026-11-21T15:00' };
  const query = new URLSearchParams(searchPath(filters, 'Asia/Ho_Chi_Minh', 40).split('?')[1]);
  expect(Object.fromEntries(query)).toEqual({
    actor: 'p1',
    object: 'abc',
    outcome: 'denied',
    since: '2026-11-21T08:00:00.000Z',
    before: '40',
    limit: '100',
  });
});

test('acts are worded, and one that is not known yet is shown by its code', () => {
  expect(actText('paper.view')).toBe('Paper viewed');
  expect(actText('tomorrow.act')).toBe('tomorrow.act');
});

test('the log is shown, an entry opens, and its object becomes a filter', async () => {
  render(<Audit />);
  expect(await screen.findAllByTestId('audit-row')).toHaveLength(2);
  await expectAccessible();
  fireEvent.click(screen.getByRole('button', { name: 'Details of entry 9' }));
  expect(await screen.findByText('version')).toBeTruthy();
  await expectAccessible();
  fireEvent.click(screen.getByRole('button', { name: 'Only entries about this object' }));
  await vi.waitFor(() => expect(searches().at(-1)?.query.get('object')).toBe('abc'));
});

test('earlier entries are added below', async () => {
  render(<Audit />);
  await screen.findAllByTestId('audit-row');
  hub.on('GET /audit', { rows: [row(7)], size: 10, nextBefore: null });
  fireEvent.click(screen.getByTestId('audit-more'));
  await vi.waitFor(() => expect(screen.getAllByTestId('audit-row').map((entry) => entry.dataset['index'])).toEqual(['9', '8', '7']));
  expect(searches().at(-1)?.query.get('before')).toBe('8');
  expect(screen.queryByTestId('audit-more')).toBeNull();
});

test('a search that finds nothing says what to do', async () => {
  render(<Audit />);
  await screen.findAllByTestId('audit-row');
  hub.on('GET /audit', { rows: [], size: 10, nextBefore: null });
  fireEvent.change(screen.getByTestId('audit-filter-outcome'), { target: { value: 'failure' } });
  fireEvent.click(screen.getByTestId('audit-filter-submit'));
  expect(await screen.findByText('No entry matches')).toBeTruthy();
  expect(searches().at(-1)?.query.get('outcome')).toBe('failure');
});

test('entry asks for the password; closing that leaves the log locked', async () => {
  hub.on('GET /audit', new Refusal(403, 'step_up_required'));
  render(<Audit />);
  await vi.waitFor(() => expect(stepUpPrompt.value).not.toBeNull());
  stepUpPrompt.value?.cancel();
  const unlock = await screen.findByRole('button', { name: 'Confirm and open the log' });
  await expectAccessible();
  hub.on('GET /audit', PAGE);
  fireEvent.click(unlock);
  expect(await screen.findAllByTestId('audit-row')).toHaveLength(2);
});

test.each([
  [{ ok: true, size: 10, root: 'r', reason: null, index: null }, 'true', /All 10 entries were recomputed/u],
  [{ ok: false, size: 10, root: 'r', reason: 'leaf', index: 4 }, 'false', /first disagreement is at entry 4/u],
])('the verification answers clearly: %j', async (check, ok, text) => {
  hub.on('POST /audit/verification', check);
  render(<Audit />);
  fireEvent.click(await screen.findByTestId('audit-verify'));
  const result = await screen.findByTestId('audit-result');
  expect(result.dataset['ok']).toBe(ok);
  expect(screen.getByText(text)).toBeTruthy();
  await expectAccessible();
});

test('the checkpoint is a download', async () => {
  render(<Audit />);
  const link = await screen.findByTestId('audit-checkpoint');
  expect(link.getAttribute('href')).toBe('/api/v1/audit/checkpoint');
  expect(link.hasAttribute('download')).toBe(true);
});

test('others are told that the log is not for them', async () => {
  me.value = ME;
  render(<Audit />);
  expect(screen.getByText('Only security officers may read the audit log.')).toBeTruthy();
  expect(searches()).toEqual([]);
});
