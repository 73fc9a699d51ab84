import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AlertInfo, AuditCheck, AuditPage, AuditRow } from '../../src/protocol/generated';
import { openAlerts } from '../../src/state/alerts';
import { me, stepUpPrompt } from '../../src/state/session';
import { actText } from '../../src/views/audit/acts';
import Audit from '../../src/views/audit/Audit';
import { filtersFrom, NO_FILTERS, pageAddress, searchPath } from '../../src/views/audit/filters';
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
    objectName: null,
    restricted: false,
    session: null,
    siteId: null,
    siteName: null,
    details: { version: 2, print: false, note: null },
    names: {},
    withheld: false,
    erased: false,
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
  openAlerts.value = null;
  history.replaceState(null, '', '/');
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
  expect(await screen.findByText('Version')).toBeTruthy();
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

const CHECK: AuditCheck = {
  ok: true,
  size: 10,
  root: 'r',
  reason: null,
  index: null,
  signed: 8,
  checkpoints: 3,
  restores: 0,
  erased: 2,
  fromAt: '2026-11-21T08:00:00Z',
  untilAt: '2026-11-21T09:00:00Z',
};

async function openTab(name: string): Promise<void> {
  fireEvent.click(await screen.findByTestId(`tab-${name}`));
}

test.each([
  [{}, 'true', [/All 10 entries were recomputed/u, /agrees with 3 signed checkpoints, the largest of 8/u, /2 later entries are not covered/u, /details of 2 entries were erased/u]],
  [{ ok: false, reason: 'leaf', index: 4 }, 'false', [/first disagreement is at entry 4/u]],
  [{ ok: false, reason: 'note_invalid' }, 'false', [/not a signed checkpoint of this log/u]],
])('the verification answers in words: %j', async (change, ok, texts) => {
  hub.on('POST /audit/verification', { ...CHECK, ...change });
  hub.on('GET /audit/verification', { running: true, checked: 5, size: 10 });
  render(<Audit />);
  await openTab('proof');
  fireEvent.click(await screen.findByTestId('audit-verify'));
  const result = await screen.findByTestId('audit-result');
  expect(result.dataset['ok']).toBe(ok);
  for (const text of texts) expect(screen.getByText(text)).toBeTruthy();
  await expectAccessible();
});

test('a checkpoint that was kept elsewhere is sent to be compared', async () => {
  hub.on('POST /audit/comparison', CHECK);
  render(<Audit />);
  await openTab('proof');
  const file = new File(['plenum\n8\n'], 'kept.txt', { type: 'text/plain' });
  fireEvent.change(await screen.findByTestId('audit-compare-file'), { target: { files: [file] } });
  expect((await screen.findByTestId('audit-result')).dataset['ok']).toBe('true');
  expect(hub.calls.find(({ path }) => path === '/audit/comparison')?.body).toEqual({ checkpoint: 'plenum\n8\n' });
});

test('the checkpoint is a download', async () => {
  render(<Audit />);
  await openTab('proof');
  const link = await screen.findByTestId('audit-checkpoint');
  expect(link.getAttribute('href')).toBe('/api/v1/audit/checkpoint');
  expect(link.hasAttribute('download')).toBe(true);
});

test('filters are kept in the address and read from it', async () => {
  const filters = { ...NO_FILTERS, group: 'denial', source: '192.0.2.7' };
  expect(pageAddress(filters, 'search')).toBe('/audit?group=denial&source=192.0.2.7');
  expect(filtersFrom('?tab=alerts&group=denial&source=192.0.2.7')).toEqual(filters);
  history.replaceState(null, '', '/audit?group=denial');
  render(<Audit />);
  await screen.findAllByTestId('audit-row');
  expect(searches()[0]?.query.get('group')).toBe('denial');
  fireEvent.change(screen.getByTestId('audit-filter-outcome'), { target: { value: 'denied' } });
  fireEvent.click(screen.getByTestId('audit-filter-submit'));
  await vi.waitFor(() => expect(location.search).toBe('?group=denial&outcome=denied'));
});

test('what is above the officer is named by its id and said to be kept back', async () => {
  hub.on('GET /audit', { ...PAGE, rows: [row(9, { restricted: true, withheld: true, details: {} })] });
  render(<Audit />);
  fireEvent.click(await screen.findByRole('button', { name: 'Details of entry 9' }));
  expect(await screen.findByText(/Some details are kept back/u)).toBeTruthy();
  expect(screen.getAllByText(/Paper, restricted/u).length).toBeGreaterThan(0);
});

const ALERT: AlertInfo = {
  id: 'a1',
  rule: 'denials',
  aboutKind: 'person',
  aboutId: 'p1',
  aboutName: 'An',
  firstAt: '2026-11-21T08:00:00Z',
  lastAt: '2026-11-21T08:04:00Z',
  count: 12,
  evidence: [3, 4],
  acknowledgedAt: null,
  acknowledgedBy: null,
  note: '',
};

test('an alert waits on top of the console, explains itself, and is acknowledged with a note', async () => {
  openAlerts.value = 1;
  hub.on('GET /audit/alerts', { alerts: [ALERT] });
  hub.on('GET /audit/alerts/count', { open: 0 });
  hub.on('POST /audit/alerts/a1/acknowledgement', ALERT);
  render(<Audit />);
  fireEvent.click(await screen.findByTestId('alerts-show'));
  const alert = await screen.findByTestId('alert');
  expect(alert.textContent).toMatch(/Many refused requests.*An.*12 times/u);
  expect(screen.getByTestId('alert-timeline').getAttribute('href')).toBe('/audit/person/p1');
  await expectAccessible();
  fireEvent.click(screen.getByTestId('alert-acknowledge'));
  fireEvent.input(await screen.findByTestId('alert-note'), { target: { value: 'Asked' } });
  fireEvent.click(screen.getByTestId('alert-acknowledge-confirm'));
  await vi.waitFor(() => expect(openAlerts.value).toBe(0));
  const sent = hub.calls.find(({ path }) => path === '/audit/alerts/a1/acknowledgement');
  expect(sent?.body).toEqual({ note: 'Asked' });
});

test('an export says how much it holds, and proof of too much is refused before it starts', async () => {
  hub.on('GET /audit/export/preview', { count: 30_000, provable: false });
  render(<Audit />);
  fireEvent.click(await screen.findByTestId('audit-export'));
  expect((await screen.findByTestId('export-count')).textContent).toMatch(/30,?000 entries match/u);
  const start = screen.getByTestId<HTMLButtonElement>('export-start');
  expect(start.disabled).toBe(false);
  fireEvent.change(screen.getByTestId('export-format'), { target: { value: 'proof' } });
  await vi.waitFor(() => expect(start.disabled).toBe(true));
  await expectAccessible();
});

test('others are told that the log is not for them', async () => {
  me.value = ME;
  render(<Audit />);
  expect(screen.getByText('Only security officers may read the audit log.')).toBeTruthy();
  expect(searches()).toEqual([]);
});
