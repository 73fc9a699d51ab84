import { fireEvent, render, screen, within } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError, api } from '../../src/protocol/http';
import type { AccountLine, AdministeredAccount, ImportPlan, Operations } from '../../src/protocol/generated';
import { me } from '../../src/state/session';
import Admin from '../../src/views/admin/Admin';
import { cell, linksFile } from '../../src/views/admin/files';
import { policyValue } from '../../src/views/admin/Policies';
import { clearanceOptions, dutyOf } from '../../src/views/admin/roles';
import { ME } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub, type FakeHub, Refusal } from '../ui/fakeHub';

const HOSTILE = '<img src=x onerror="globalThis.hit=1">';
const LINE: AccountLine = { id: 'p7', username: 'lan', name: HOSTILE, title: '<b>Head</b>', unitId: 'u1', siteId: 's1', roles: ['member'], clearance: 1, state: 'active' };
const PERSON: AdministeredAccount = { account: LINE, email: null, locale: 'vi', own: false, secondFactor: true, hasPassword: true, linkUntil: null, disabledAt: null, createdAt: '2026-11-20T08:00:00Z', sessions: 2 };
const PLACES = { units: [{ id: 'u1', name: 'Office', parentId: null, people: 1 }], sites: [{ id: 's1', name: 'North', unitId: 'u1', addressRanges: ['10.1.0.0/16'], people: 0 }], labelCeiling: 2 };
const LINK = { personId: 'p7', username: 'lan', name: 'Lan', path: '/welcome#abc', expiresAt: '2026-11-27T08:00:00Z' };
const STATE: Operations = {
  version: '1.0',
  policies: [
    { key: 'label_ceiling', value: 2, variable: 'PLENUM_LABEL_CEILING' },
    { key: 'passwords_barred', value: 10, variable: 'PLENUM_SESSION_POLICY' },
    { key: 'second_factor', value: '', variable: '' },
  ],
  certificates: [{ kind: 'hub', name: 'CN=localhost', expiresAt: '2027-01-01T00:00:00Z', due: true }],
  relays: [{ id: 'local', connected: false, transports: 0 }],
  storage: { freeBytes: 2 ** 20, totalBytes: 2 ** 30, usedBytes: 2 ** 20 },
};
const PLAN: ImportPlan = {
  digest: 'd1',
  rows: [
    { number: 2, username: 'lan', name: HOSTILE, act: 'create', changes: [{ field: 'roles', old: null, new: 'member' }], reason: null, cell: '' },
    { number: 3, username: 'tung', name: 'Tùng', act: 'refused', changes: [], reason: 'role_unknown', cell: 'king' },
  ],
  newUnits: [],
  newSites: ['North'],
  ignored: ['Note'],
};

let hub: FakeHub;
beforeEach(() => {
  me.value = { ...ME, roles: ['administrator'] };
  hub = fakeHub();
  hub.on('GET /administration/places', PLACES);
  hub.on('GET /administration/people', { people: [LINE], total: 1, page: 1, pages: 3 });
  hub.on('GET /administration/people/p7', PERSON);
  hub.on('GET /administration/operations', STATE);
  hub.on('GET /administration/counts', { active: 1, waiting: 0, disabled: 0, halls: 0, units: 1, sites: 1 });
});
afterEach(() => {
  me.value = undefined;
  vi.restoreAllMocks();
});

function sent(method: string): { path: string; body: unknown }[] {
  return hub.calls.filter((call) => call.method === method).map(({ path, body }) => ({ path, body }));
}

test('whoever is no administrator sees that, and nothing is asked of the hub', async () => {
  me.value = ME;
  render(<Admin section="people" />);
  expect(screen.getByText('Only administrators may use these pages.')).toBeTruthy();
  expect(hub.calls).toEqual([]);
  await expectAccessible();
});

test('the overview says what wants attention, and where to begin', async () => {
  render(<Admin />);
  const warnings = await screen.findAllByTestId('admin-warning');
  expect(warnings.map((one) => one.textContent)).toEqual([
    expect.stringMatching(/certificate CN=localhost ends on/u),
    expect.stringMatching(/relay local is not connected/u),
    expect.stringMatching(/disk is nearly full/u),
  ]);
  expect(screen.getByText('Where to begin')).toBeTruthy();
  await expectAccessible();
});

test('names are shown as text, whatever is in them', async () => {
  render(<Admin section="people" />);
  expect((await screen.findAllByText(HOSTILE)).length).toBe(1);
  expect(document.querySelector('img, b')).toBeNull();
  expect('hit' in globalThis).toBe(false);
  await expectAccessible();
});

test('searching asks the hub after a pause, from the first page on', async () => {
  render(<Admin section="people" />);
  fireEvent.click(await screen.findByRole('button', { name: 'Next page' }));
  await vi.waitFor(() => expect(hub.calls.at(-1)?.query.get('page')).toBe('2'));
  fireEvent.input(screen.getByTestId('admin-search'), { target: { value: 'ngoc' } });
  await vi.waitFor(() => expect(hub.calls.at(-1)?.query.toString()).toBe('q=ngoc&page=1'));
});

test('a new person gets a link that is shown once', async () => {
  hub.on('POST /administration/people', LINK);
  render(<Admin section="people" />);
  await screen.findAllByTestId('admin-person');
  fireEvent.click(screen.getByTestId('admin-add'));
  fireEvent.click(await screen.findByTestId('account-create'));
  expect(await screen.findByText('Enter a username.')).toBeTruthy();
  expect(sent('POST')).toEqual([]);
  fireEvent.input(screen.getByTestId('account-name'), { target: { value: 'Lan' } });
  fireEvent.input(screen.getByTestId('account-username'), { target: { value: 'lan' } });
  fireEvent.change(screen.getByTestId('account-role'), { target: { value: 'administrator' } });
  await expectAccessible();
  fireEvent.click(screen.getByTestId('account-create'));
  expect((await screen.findByTestId<HTMLInputElement>('welcome-link')).value).toBe(`${location.origin}/welcome#abc`);
  expect(sent('POST')[0]?.body).toMatchObject({ details: { username: 'lan' }, rights: { roles: ['administrator'], clearance: 0 } });
  await expectAccessible();
});

test('a change of rights is confirmed with what it ends', async () => {
  hub.on('PUT /administration/people/p7/rights', null);
  render(<Admin section="people" id="p7" />);
  fireEvent.change(await screen.findByTestId('rights-clearance'), { target: { value: '0' } });
  fireEvent.click(screen.getByTestId('rights-save'));
  expect(await screen.findByText('Clearance: Internal → Public')).toBeTruthy();
  expect(screen.getByText(/signed out everywhere at once/u)).toBeTruthy();
  await expectAccessible();
  fireEvent.click(screen.getByTestId('rights-confirm'));
  await vi.waitFor(() => expect(sent('PUT')).toEqual([{ path: '/administration/people/p7/rights', body: { roles: ['member'], clearance: 0 } }]));
});

test('a refusal stays in the dialog that asked', async () => {
  hub.on('PUT /administration/people/p7/lock', new Refusal(409, 'last_administrator'));
  render(<Admin section="people" id="p7" />);
  fireEvent.click(await screen.findByTestId('access-disable'));
  fireEvent.click(await screen.findByTestId('access-confirm'));
  expect(await screen.findByText(/last administrator who can sign in/u)).toBeTruthy();
});

test('the own account offers nothing that would shut its owner out', async () => {
  hub.on('GET /administration/people/p7', { ...PERSON, own: true });
  render(<Admin section="people" id="p7" />);
  expect(await screen.findByText(/your own account/u)).toBeTruthy();
  for (const act of ['disable', 'factor-reset', 'sessions-end']) expect(screen.queryByTestId(`access-${act}`)).toBeNull();
  expect(screen.queryByTestId('rights-save')).toBeNull();
});

async function chooseFile(): Promise<void> {
  fireEvent.change(screen.getByTestId('import-file'), { target: { files: [new File(['x'], 'a.csv')] } });
  await screen.findByTestId('plan');
}

test('an import is shown first, then done as it was shown', async () => {
  const upload = vi.spyOn(api, 'upload').mockResolvedValueOnce(PLAN).mockResolvedValueOnce({ created: 1, changed: 0, refused: 1, links: [LINK] });
  render(<Admin section="import" />);
  await chooseFile();
  expect(within(screen.getByTestId('plan-row')).getByText(/“king” is not a role/u)).toBeTruthy(); // what is refused comes first
  fireEvent.click(screen.getByTestId('plan-all'));
  expect(await screen.findAllByTestId('plan-row')).toHaveLength(2);
  expect(document.querySelector('img')).toBeNull();
  await expectAccessible();
  fireEvent.click(screen.getByTestId('import-apply'));
  fireEvent.click(await screen.findByTestId('import-confirm'));
  expect(await screen.findByTestId('import-links')).toBeTruthy();
  expect(upload.mock.calls[1]?.[1].get('digest')).toBe('d1');
  expect(screen.queryByTestId('plan')).toBeNull();
});

test('where the directory has changed meanwhile the new plan is shown', async () => {
  vi.spyOn(api, 'upload')
    .mockResolvedValueOnce(PLAN)
    .mockRejectedValueOnce(new ApiError('import_stale', ''))
    .mockResolvedValueOnce({ ...PLAN, digest: 'd2' });
  render(<Admin section="import" />);
  await chooseFile();
  fireEvent.click(screen.getByTestId('import-apply'));
  fireEvent.click(await screen.findByTestId('import-confirm'));
  expect(await screen.findByTestId('import-stale')).toBeTruthy();
  expect(screen.queryByTestId('import-done')).toBeNull();
});

test('a file that cannot be read says why', async () => {
  vi.spyOn(api, 'upload').mockRejectedValueOnce(new ApiError('import_invalid', '', { reason: 'broken', row: 4 }));
  render(<Admin section="import" />);
  fireEvent.change(screen.getByTestId('import-file'), { target: { files: [new File(['x'], 'a.csv')] } });
  expect(await screen.findByText(/cannot be read from row 4/u)).toBeTruthy();
});

test('halls, places and policies are accessible', async () => {
  for (const section of ['rooms', 'sites', 'policies']) {
    const { unmount } = render(<Admin section={section} />);
    await vi.waitFor(() => expect(document.querySelector('.card')).not.toBeNull());
    await expectAccessible();
    unmount();
  }
});

test('a place is edited with its networks', async () => {
  hub.on('PUT /administration/sites/s1', null);
  render(<Admin section="sites" />);
  fireEvent.click(await screen.findByRole('button', { name: 'Edit North' }));
  fireEvent.input(await screen.findByTestId('place-name'), { target: { value: 'South' } });
  fireEvent.click(screen.getByTestId('place-save'));
  await vi.waitFor(() => expect(sent('PUT')[0]?.body).toEqual({ name: 'South', unitId: 'u1', addressRanges: ['10.1.0.0/16'] }));
});

test('policies are said in words', () => {
  expect(STATE.policies.map(policyValue)).toEqual(['Restricted', 'the last 10', expect.stringMatching(/^Required of secretaries/u)]);
});

test('a role is one duty, and no clearance above the ceiling is offered', () => {
  expect(dutyOf(['member', 'secretary'])).toBe('secretary');
  expect(dutyOf(['room'])).toBe('room');
  expect(clearanceOptions(1).map(({ value }) => value)).toEqual(['0', '1']);
  expect(clearanceOptions(1, 3).map(({ value }) => value)).toEqual(['0', '1', '3']);
});

test('the file of links holds no formula', async () => {
  expect(['=1', '+1', '-1', '@1', 'a,b', 'a"b', 'plain'].map(cell)).toEqual(["'=1", "'+1", "'-1", "'@1", '"a,b"', '"a""b"', 'plain']);
  const text = await linksFile([{ ...LINK, name: '=HYPERLINK("x")' }]).text();
  expect(text.split('\r\n')[1]).toBe(`lan,"'=HYPERLINK(""x"")",${location.origin}/welcome#abc,2026-11-27T08:00:00Z`);
});
