import { fireEvent, render, screen, within } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import type { AgendaChanges, Finding, Snapshot } from '../../src/protocol/generated';
import type { DeskActions } from '../../src/views/desk/actions';
import { MeetingView } from '../../src/views/desk/MeetingView';
import { UploadQueue } from '../../src/views/desk/uploads';
import { item, ME, paper, person, snapshot } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub, type FakeHub } from '../ui/fakeHub';

const VERSION = { number: 2, convenedAt: '2026-11-20T08:00:00Z', manifestSha256: '', pdfSha256: '', acknowledgedBy: ['b'] };

const SAME: AgendaChanges = { since: 2, number: null, heading: [], items: [] };
const CHANGES: AgendaChanges = {
  since: 1,
  number: 2,
  heading: [{ field: 'place', before: 'Hall 1', after: 'Hall 2' }],
  items: [
    {
      itemId: 'i1',
      number: 1,
      title: 'Budget',
      hidden: false,
      kind: 'changed',
      fields: [{ field: 'minutes', before: '15', after: '30' }],
    },
    { itemId: 'i9', number: null, title: '', hidden: true, kind: 'removed', fields: [] },
  ],
};

function finding(code: string, change: Partial<Finding> = {}): Finding {
  return { code, itemId: null, personId: null, count: 0, ...change };
}

function deskActions(): { [K in keyof DeskActions]: ReturnType<typeof vi.fn> } & DeskActions {
  const done = () => vi.fn(async () => undefined);
  return {
    acknowledge: done(),
    answer: done(),
    edit: done(),
    invite: done(),
    addItem: done(),
    changeItem: done(),
    deleteItem: done(),
    order: done(),
    changePaper: done(),
    orderPapers: done(),
    copy: vi.fn(async () => ({ items: 2, invitees: 3 })),
    deletePaper: done(),
    convene: vi.fn(async () => ({ ...VERSION, acknowledgedBy: [] })),
    transition: done(),
    conclude: done(),
  };
}

let hub: FakeHub;
let actions: ReturnType<typeof deskActions>;
let uploads: UploadQueue;
beforeEach(() => {
  hub = fakeHub();
  actions = deskActions();
  uploads = new UploadQueue(vi.fn());
  hub.on('GET /meetings/m1/checklist', { blocking: [], advice: [] });
  hub.on('GET /meetings/m1/agenda-changes', SAME);
  hub.on('GET /meetings/m1/mail', { byFile: false, messages: [] });
  hub.on('GET /meetings/m1/recordings', { possible: false, allowed: false, recordings: [], withheld: 0 });
  hub.on('GET /meetings/m1/agenda/2/changes', CHANGES);
});

function show(state: Snapshot['meeting']['state'], change: Partial<Snapshot> = {}): void {
  const base = snapshot();
  const seen = { ...base, meeting: { ...base.meeting, state }, ...change };
  render(<MeetingView snapshot={seen} person={ME} actions={actions} uploads={uploads} />);
}

test('a member acknowledges with the one primary button', async () => {
  show('convened', { versions: [VERSION] });
  expect(document.querySelectorAll('.button--primary')).toHaveLength(1);
  fireEvent.click(screen.getByTestId('acknowledge'));
  await vi.waitFor(() => expect(actions.acknowledge).toHaveBeenCalledWith(2));
  expect(screen.getByText('1 of 3 have acknowledged this version')).toBeTruthy();
  expect(screen.queryByTestId('add-item')).toBeNull();
  await expectAccessible();
});

test('declining an invitation needs a reason', async () => {
  show('convened', { participants: [person('a', { response: 'invited' })] });
  fireEvent.click(screen.getByTestId('decline-invitation'));
  fireEvent.click(await screen.findByRole('button', { name: 'Send' }));
  expect(await screen.findByText('Say briefly why you cannot attend.')).toBeTruthy();
  expect(actions.answer).not.toHaveBeenCalled();
  fireEvent.input(screen.getByLabelText('Reason'), { target: { value: 'Abroad' } });
  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  await vi.waitFor(() => expect(actions.answer).toHaveBeenCalledWith('declined', 'Abroad'));
  await expectAccessible();
});

test('accepting takes one press', async () => {
  show('convened', { participants: [person('a', { response: 'invited' })] });
  fireEvent.click(screen.getByTestId('accept-invitation'));
  await vi.waitFor(() => expect(actions.answer).toHaveBeenCalledWith('accepted', ''));
});

test('the secretary sees what is missing and cannot convene yet', async () => {
  hub.on('GET /meetings/m1/checklist', { blocking: [finding('no_chair'), finding('of_tomorrow')], advice: [] });
  show('draft', { myRole: 'secretary' });
  expect(await screen.findByText('Name exactly one chair.')).toBeTruthy();
  expect(screen.getByText('One more thing: of_tomorrow.')).toBeTruthy();
  expect(screen.getByTestId<HTMLButtonElement>('convene').disabled).toBe(true);
  await expectAccessible();
});

test('the secretary convenes when everything is there', async () => {
  show('draft', { myRole: 'secretary' });
  await screen.findByText(/Everything is ready/u);
  fireEvent.click(screen.getByTestId('convene'));
  await vi.waitFor(() => expect(actions.convene).toHaveBeenCalledOnce());
});

test('an agenda item is added and a broken one is not sent', async () => {
  show('draft', { myRole: 'secretary' });
  fireEvent.click(screen.getByTestId('add-item'));
  fireEvent.click(await screen.findByTestId('save-item'));
  expect(await screen.findByText('Give the item a title.')).toBeTruthy();
  fireEvent.input(screen.getByTestId('item-title'), { target: { value: 'Budget' } });
  await expectAccessible();
  fireEvent.click(screen.getByTestId('save-item'));
  await vi.waitFor(() => expect(actions.addItem).toHaveBeenCalledWith(expect.objectContaining({ title: 'Budget', readers: null })));
  await vi.waitFor(() => expect(screen.queryByTestId('save-item')).toBeNull());
});

test('items move by button, and the ends have nowhere to go', async () => {
  show('draft', { myRole: 'secretary' });
  expect(screen.getByTestId<HTMLButtonElement>('move-up-i1').disabled).toBe(true);
  expect(screen.getByTestId<HTMLButtonElement>('move-down-i2').disabled).toBe(true);
  fireEvent.click(screen.getByTestId('move-down-i1'));
  await vi.waitFor(() => expect(actions.order).toHaveBeenCalledWith(['i2', 'i1']));
});

test('a row moves by Alt and the arrows, and the place is said', async () => {
  show('draft', { myRole: 'secretary' });
  const grip = screen.getByTestId('grip-i2');
  grip.focus();
  fireEvent.keyDown(grip, { key: 'ArrowUp' });
  expect(actions.order).not.toHaveBeenCalled();
  fireEvent.keyDown(grip, { key: 'ArrowUp', altKey: true });
  await vi.waitFor(() => expect(actions.order).toHaveBeenCalledWith(['i2', 'i1']));
  expect(document.activeElement).toBe(grip);
});

test('a finding leads to the place where it is mended', async () => {
  const advice = [finding('decision_without_paper', { itemId: 'i2' }), finding('agenda_too_long', { count: 20 })];
  hub.on('GET /meetings/m1/checklist', { blocking: [finding('item_for_nobody', { itemId: 'i1' })], advice });
  show('draft', { myRole: 'secretary' });
  expect(await screen.findByText('Item 2, “Item i2”, is to be decided but has no paper.')).toBeTruthy();
  expect(screen.getByText('The agenda is 20 minutes longer than the meeting.')).toBeTruthy();
  fireEvent.click(screen.getByTestId('fix-decision_without_paper'));
  expect(document.activeElement?.id).toBe('item-i2');
  fireEvent.click(screen.getByTestId('fix-item_for_nobody'));
  expect((await screen.findByTestId<HTMLInputElement>('item-title')).value).toBe('Item i1');
});

test('what changed since the last version is shown before it becomes binding', async () => {
  hub.on('GET /meetings/m1/agenda-changes', { ...CHANGES, since: 2, number: null });
  show('convened', { myRole: 'secretary', versions: [VERSION] });
  const changed = within(await screen.findByTestId('changed-since'));
  expect(changed.getByText('Changed since version 2')).toBeTruthy();
  expect(changed.getByText('15 min').closest('del')).toBeTruthy();
  expect(changed.getByText('30 min').closest('ins')).toBeTruthy();
  expect(changed.getByText('Restricted item')).toBeTruthy();
  await expectAccessible();
});

test('a member reads what changed before acknowledging again', async () => {
  const first = { ...VERSION, number: 1, acknowledgedBy: ['a'] };
  show('convened', { versions: [first, { ...VERSION, acknowledgedBy: [] }] });
  const news = within(await screen.findByTestId('news'));
  expect(await news.findByText('Hall 2')).toBeTruthy();
  expect(screen.getByText(/An earlier acknowledgement no longer counts/u)).toBeTruthy();
  await expectAccessible();
});

test('letters that were not delivered are named with the reason', async () => {
  const line = { kind: 'invitation', createdAt: '2026-11-20T08:00:00Z', sentAt: null };
  const messages = [
    { ...line, id: 1, personId: 'a', name: 'Person a', state: 'sent', error: null },
    { ...line, id: 2, personId: 'b', name: 'Person b', state: 'failed', error: 'no_address' },
  ];
  hub.on('GET /meetings/m1/mail', { byFile: false, messages });
  hub.on('POST /meetings/m1/mail/retries', undefined);
  show('convened', { myRole: 'secretary', versions: [VERSION] });
  const mail = within(await screen.findByTestId('mail'));
  expect(mail.getByText('1 sent')).toBeTruthy();
  expect(mail.getByText('no e-mail address')).toBeTruthy();
  await expectAccessible();
});

test('hostile text is text', async () => {
  const title = '<img src=x onerror="window.hacked=1">';
  const papers = [paper('p1', { title: `"quoted" \u202Efdp.exe ${title}` })];
  const people = [person('a', { name: title, title })];
  show('draft', { myRole: 'secretary', items: [item('i1', 1, { title, description: title, papers })], participants: people });
  await screen.findByText(/Everything is ready/u);
  expect(document.querySelector('img[src="x"]')).toBeNull();
  expect(screen.getByTestId('item-i1').textContent).toContain(title);
  expect(screen.getByTestId('paper-p1').querySelector('bdi')?.textContent).toContain('fdp.exe');
});

test('a paper is renamed and put elsewhere', async () => {
  show('draft', { myRole: 'secretary', items: [item('i1', 1, { papers: [paper('p1')] }), item('i2', 2)] });
  fireEvent.click(screen.getByTestId('change-paper-p1'));
  fireEvent.input(await screen.findByTestId('paper-title'), { target: { value: 'Annex' } });
  fireEvent.change(screen.getByTestId('paper-item'), { target: { value: 'i2' } });
  await expectAccessible();
  fireEvent.click(screen.getByTestId('save-paper'));
  await vi.waitFor(() => expect(actions.changePaper).toHaveBeenCalledWith('p1', { title: 'Annex', itemId: 'i2' }));
});

test('agenda and people are copied from another meeting', async () => {
  const other = { id: 'm9', reference: '', title: 'Last year', state: 'archived', startsAt: '2025-11-20T08:00:00Z' };
  const rest = { endsAt: '2025-11-20T10:00:00Z', zone: 'UTC', label: 1, myRole: 'secretary', waiting: [] };
  hub.on('GET /meetings', { meetings: [{ ...other, ...rest }] });
  show('draft', { myRole: 'secretary' });
  fireEvent.click(screen.getByTestId('copy-meeting'));
  await screen.findByTestId('copy-from');
  await expectAccessible();
  fireEvent.click(screen.getByTestId('copy-confirm'));
  await vi.waitFor(() => expect(actions.copy).toHaveBeenCalledWith({ fromMeetingId: 'm9', agenda: true, invitees: true }));
});

test('deleting an item is asked about first', async () => {
  show('draft', { myRole: 'secretary' });
  fireEvent.click(screen.getByTestId('delete-i1'));
  expect(actions.deleteItem).not.toHaveBeenCalled();
  fireEvent.click(await screen.findByTestId('delete-item-confirm'));
  await vi.waitFor(() => expect(actions.deleteItem).toHaveBeenCalledWith('i1'));
});

test('a restricted item that the reader may not see is a placeholder', async () => {
  show('convened', { items: [item('i1', 1, { hidden: true, restricted: true, title: '' })] });
  expect(screen.getByText('Only those named for this item can see it.')).toBeTruthy();
  await expectAccessible();
});

test('papers open in the reader and say how long they are', async () => {
  show('convened', { items: [item('i1', 1, { papers: [paper('p1', { label: 3 })] })] });
  const link = screen.getByTestId('paper-p1');
  expect(link.getAttribute('href')).toBe('/meetings/m1/papers/p1');
  expect(link.textContent).toContain('12 pages · 1.2 MB');
  expect(within(link).getByText('Confidential')).toBeTruthy();
  await expectAccessible();
});

test('the chair opens a convened meeting', async () => {
  show('convened', { myRole: 'chair' });
  fireEvent.click(screen.getByTestId('open-meeting'));
  await vi.waitFor(() => expect(actions.transition).toHaveBeenCalledWith('in_session'));
});

test.each(['secretary', 'chair'] as const)('after the session the %s concludes what was left open', async (myRole) => {
  const items = [item('i1', 1, { state: 'under_discussion' }), item('i2', 2), item('i3', 3, { state: 'noted' })];
  show('adjourned', { myRole, items });
  const open = within(screen.getByTestId('undecided'));
  expect(open.getAllByRole('listitem')).toHaveLength(2);
  fireEvent.click(open.getByTestId('item-conclude-i2'));
  const how = await screen.findByTestId<HTMLSelectElement>('conclude-how');
  expect([...how.options].map((option) => option.value)).toEqual(['deferred', 'noted', 'withdrawn']);
  fireEvent.change(how, { target: { value: 'noted' } });
  await expectAccessible();
  fireEvent.click(screen.getByTestId('conclude-confirm'));
  await vi.waitFor(() => expect(actions.conclude).toHaveBeenCalledWith('i2', 'noted', ''));
  await vi.waitFor(() => expect(screen.queryByTestId('conclude-how')).toBeNull());
});

test('a refused conclusion is worded in its dialog', async () => {
  actions.conclude.mockRejectedValueOnce(new ApiError('disconnected', 'away'));
  show('adjourned', { myRole: 'secretary' });
  fireEvent.click(screen.getByTestId('item-conclude-i1'));
  fireEvent.click(await screen.findByTestId('conclude-confirm'));
  expect((await screen.findByRole('alert')).textContent).toContain('connection broke');
});

test('others do not conclude anything, and nobody does once the minutes are with the signatories', () => {
  show('adjourned');
  expect(screen.queryByTestId('undecided')).toBeNull();
  show('minutes_review', { myRole: 'secretary' });
  expect(screen.queryByTestId('undecided')).toBeNull();
});

test('a hall sees the agenda without papers, records and questions to persons', async () => {
  show('convened', { myRole: 'room', versions: [VERSION], items: [item('i1', 1, { papers: [paper('p1')] })] });
  expect(screen.getByText('Item i1')).toBeTruthy();
  const absent = ['paper-p1', 'verify', 'acknowledge', 'accept-invitation', 'undecided'];
  expect(absent.filter((testId) => screen.queryByTestId(testId))).toEqual([]);
  expect(screen.getByTestId('join-room')).toBeTruthy();
  await expectAccessible();
});

test('closing the meeting is asked about, with a warning about open items', async () => {
  show('in_session', { myRole: 'chair' });
  expect(screen.getByTestId('join-room').getAttribute('href')).toBe('/meetings/m1/room');
  fireEvent.click(screen.getByTestId('adjourn'));
  expect(await screen.findByText(/2 agenda items have no conclusion yet/u)).toBeTruthy();
  await expectAccessible();
  fireEvent.click(screen.getByTestId('adjourn-confirm'));
  await vi.waitFor(() => expect(actions.transition).toHaveBeenCalledWith('adjourned'));
});

test('a refusal is worded and the dialog stays', async () => {
  actions.transition.mockRejectedValueOnce(new ApiError('denied', 'no'));
  show('in_session', { myRole: 'chair' });
  fireEvent.click(screen.getByTestId('adjourn'));
  fireEvent.click(await screen.findByTestId('adjourn-confirm'));
  expect((await screen.findByRole('alert')).textContent).toContain('You may not do this');
});

test.each([
  ['in_session', 'suspend', 'suspended'],
  ['suspended', 'resume', 'in_session'],
] as const)('a meeting that is %s offers to %s', async (state, button, to) => {
  show(state, { myRole: 'chair' });
  fireEvent.click(screen.getByTestId(button));
  await vi.waitFor(() => expect(actions.transition).toHaveBeenCalledWith(to));
});

test('cancelling needs a reason', async () => {
  show('draft', { myRole: 'chair' });
  fireEvent.click(screen.getByTestId('cancel-meeting'));
  fireEvent.click(await screen.findByTestId('cancel-confirm'));
  expect(await screen.findByText(/Say why the meeting is cancelled/u)).toBeTruthy();
  fireEvent.input(screen.getByTestId('cancel-reason'), { target: { value: 'Storm' } });
  fireEvent.click(screen.getByTestId('cancel-confirm'));
  await vi.waitFor(() => expect(actions.transition).toHaveBeenCalledWith('cancelled', 'Storm'));
});

test('a cancelled meeting says why', () => {
  const base = snapshot();
  show('cancelled', { meeting: { ...base.meeting, state: 'cancelled', stateReason: 'Storm' } });
  expect(screen.getByText('This meeting was cancelled: Storm')).toBeTruthy();
});

test('signed minutes are archived by the secretary', async () => {
  show('minutes_signed', { myRole: 'secretary' });
  fireEvent.click(screen.getByTestId('archive'));
  await vi.waitFor(() => expect(actions.transition).toHaveBeenCalledWith('archived'));
});

test('people are found in the directory, given roles and invited', async () => {
  hub.on('GET /directory', {
    people: [{ id: 'z', name: 'Đặng Ánh', title: 'Expert', unitId: null, siteId: null, roles: ['member'] }],
    units: [],
    sites: [],
    labelCeiling: 3,
  });
  show('draft', { myRole: 'secretary', participants: [person('a')] });
  fireEvent.click(screen.getByTestId('invite'));
  fireEvent.input(await screen.findByTestId('invite-search'), { target: { value: 'dang' } });
  fireEvent.click(await screen.findByTestId('invite-z'));
  fireEvent.change(await screen.findByTestId('role-z'), { target: { value: 'chair' } });
  fireEvent.click(screen.getByTestId('remove-a'));
  await expectAccessible();
  fireEvent.click(screen.getByTestId('save-invitations'));
  await vi.waitFor(() => expect(actions.invite).toHaveBeenCalledWith({ invitees: [{ personId: 'z', role: 'chair', entitled: true }] }));
});

test('the meeting can be edited, without its label', async () => {
  hub.on('GET /directory', { people: [], units: [], sites: [], labelCeiling: 3 });
  hub.on('GET /rules', { presets: [] });
  show('draft', { myRole: 'secretary' });
  fireEvent.click(screen.getByRole('button', { name: 'Edit the meeting' }));
  fireEvent.input(await screen.findByTestId('meeting-title'), { target: { value: 'Renamed' } });
  fireEvent.click(screen.getByTestId('save-meeting'));
  await vi.waitFor(() => expect(actions.edit).toHaveBeenCalledWith(expect.objectContaining({ title: 'Renamed' })));
  expect(screen.queryByTestId('meeting-label')).toBeNull();
});
