import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import type { Minutes as MinutesBody, MinutesEdit } from '../../src/protocol/generated';
import type { MinutesActions } from '../../src/views/minutes/actions';
import { MinutesEditor } from '../../src/views/minutes/MinutesEditor';
import { MinutesReader } from '../../src/views/minutes/MinutesReader';
import { UndecidedItems } from '../../src/views/desk/UndecidedItems';
import { item, person, snapshot } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { minutes } from './samples';

let actions: { [K in keyof MinutesActions]: ReturnType<typeof vi.fn> } & MinutesActions;

function afterEdit(edit: MinutesEdit): MinutesBody {
  const before = minutes();
  const text = new Map(edit.sections.map((section) => [section.id, section.text]));
  return { ...before, revision: 4, sections: before.sections.map((section) => ({ ...section, text: text.get(section.id) ?? '' })) };
}

beforeEach(() => {
  actions = {
    load: vi.fn(async () => minutes()),
    save: vi.fn(async (edit: MinutesEdit) => afterEdit(edit)),
    review: vi.fn(async () => undefined),
    sign: vi.fn(async () => undefined),
  };
});
afterEach(() => sessionStorage.clear());

const MEETING = snapshot().meeting;

function write(id: string, text: string): void {
  fireEvent.input(screen.getByTestId(`minutes-section-${id}`), { target: { value: text } });
}

test('text is edited and saved; votes stand beside it and cannot be edited', async () => {
  render(<MinutesEditor meeting={MEETING} minutes={minutes()} actions={actions} />);
  expect(screen.getByText('Adopt the budget').closest('article')?.querySelector('input, textarea')).toBeNull();
  expect(screen.getByLabelText('Attendance', { selector: 'textarea' })).toBe(screen.getByTestId('minutes-section-s1'));
  expect(screen.getByTestId<HTMLButtonElement>('minutes-save').disabled).toBe(true);
  write('s1', 'Present: 6.');
  await expectAccessible();
  fireEvent.click(screen.getByTestId('minutes-save'));
  await vi.waitFor(() => expect(actions.save).toHaveBeenCalledWith(expect.objectContaining({ revision: 3 })));
  await vi.waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('minutes-review').disabled).toBe(false));
  expect(sessionStorage).toHaveLength(0);
});

test('unsaved text survives a reload of the page and can be thrown away', async () => {
  const first = render(<MinutesEditor meeting={MEETING} minutes={minutes()} actions={actions} />);
  write('s1', 'Half a sentence');
  await vi.waitFor(() => expect(sessionStorage).toHaveLength(1));
  first.unmount();
  render(<MinutesEditor meeting={MEETING} minutes={minutes()} actions={actions} />);
  expect(screen.getByTestId<HTMLTextAreaElement>('minutes-section-s1').value).toBe('Half a sentence');
  fireEvent.click(screen.getByRole('button', { name: /Discard it/u }));
  await vi.waitFor(() => expect(screen.getByTestId<HTMLTextAreaElement>('minutes-section-s1').value).toBe('Present: 5.'));
});

test('a stale revision loses nothing: both texts are shown and one is chosen', async () => {
  const theirs = { ...minutes(), revision: 7, sections: minutes().sections.map((section) => ({ ...section, text: 'Theirs' })) };
  actions.save.mockRejectedValueOnce(new ApiError('stale_revision', 'stale', {}, 409));
  actions.load.mockResolvedValueOnce(theirs);
  render(<MinutesEditor meeting={MEETING} minutes={minutes()} actions={actions} />);
  write('s1', 'Mine');
  fireEvent.click(screen.getByTestId('minutes-save'));
  expect(await screen.findByTestId('minutes-conflicts')).toBeTruthy();
  expect(screen.getByText('Mine', { selector: 'p' })).toBeTruthy();
  expect(screen.getByText('Theirs', { selector: 'p' })).toBeTruthy();
  expect(screen.getByTestId<HTMLTextAreaElement>('minutes-section-s2').value).toBe('Theirs');
  expect(screen.getByTestId<HTMLButtonElement>('minutes-save').disabled).toBe(true);
  await expectAccessible();
  fireEvent.click(screen.getByTestId('conflict-both'));
  await vi.waitFor(() => expect(screen.queryByTestId('minutes-conflicts')).toBeNull());
  fireEvent.click(screen.getByTestId('minutes-save'));
  await vi.waitFor(() =>
    expect(actions.save).toHaveBeenLastCalledWith({
      revision: 7,
      sections: [
        { id: 's1', text: 'Theirs\n\nMine' },
        { id: 's2', text: 'Theirs' },
      ],
    }),
  );
});

test('another error is worded and keeps the text', async () => {
  actions.save.mockRejectedValueOnce(new ApiError('network', 'away'));
  render(<MinutesEditor meeting={MEETING} minutes={minutes()} actions={actions} />);
  write('s1', 'Mine');
  fireEvent.click(screen.getByTestId('minutes-save'));
  expect((await screen.findByRole('alert')).textContent).toContain('cannot be reached');
  expect(screen.getByTestId<HTMLTextAreaElement>('minutes-section-s1').value).toBe('Mine');
});

test('what was left open stands above the minutes, for those who may conclude it', async () => {
  const conclude = vi.fn(async () => undefined);
  const state = { ...MEETING, state: 'adjourned' as const };
  const items = [item('i2', 2)];
  render(<UndecidedItems snapshot={snapshot({ myRole: 'chair', meeting: state, items })} onConclude={conclude} />);
  expect(screen.getByText('One item without a conclusion')).toBeTruthy();
  fireEvent.click(screen.getByTestId('item-conclude-i2'));
  fireEvent.click(await screen.findByTestId('conclude-confirm'));
  await vi.waitFor(() => expect(conclude).toHaveBeenCalledWith('i2', 'deferred', ''));
});

test('an attempt to finish too early is refused with what to do', async () => {
  actions.review.mockRejectedValueOnce(new ApiError('item_undecided', '2 agenda items have no conclusion'));
  render(<MinutesEditor meeting={MEETING} minutes={minutes()} actions={actions} />);
  fireEvent.click(screen.getByTestId('minutes-review'));
  fireEvent.click(await screen.findByTestId('minutes-review-confirm'));
  expect((await screen.findByRole('alert')).textContent).toContain('Conclude the items listed');
});

test('finishing is asked about first', async () => {
  render(<MinutesEditor meeting={MEETING} minutes={minutes()} actions={actions} />);
  fireEvent.click(screen.getByTestId('minutes-review'));
  expect(actions.review).not.toHaveBeenCalled();
  fireEvent.click(await screen.findByTestId('minutes-review-confirm'));
  await vi.waitFor(() => expect(actions.review).toHaveBeenCalledOnce());
});

const SIGNED = { role: 'secretary', personId: 's', name: 'Person s', signedAt: '2026-11-21T11:00:00Z', factor: 'password' };
const PEOPLE = [person('a', { role: 'chair' }), person('s', { role: 'secretary' })];

test('the one whose turn it is signs', async () => {
  const body = minutes({ state: 'review', signatures: [SIGNED], nextSigner: 'a' });
  render(
    <MinutesReader
      snapshot={snapshot({ participants: PEOPLE, myRole: 'chair' })}
      minutes={body}
      personId="a"
      actions={actions}
      onArchive={async () => undefined}
    />,
  );
  await expectAccessible();
  fireEvent.click(screen.getByTestId('minutes-sign'));
  await vi.waitFor(() => expect(actions.sign).toHaveBeenCalledOnce());
});

test('the others see who is next and have no button', () => {
  const body = minutes({ state: 'review', nextSigner: 's' });
  render(
    <MinutesReader
      snapshot={snapshot({ participants: PEOPLE })}
      minutes={body}
      personId="a"
      actions={actions}
      onArchive={async () => undefined}
    />,
  );
  expect(screen.getByText('Person s signs next.')).toBeTruthy();
  expect(screen.getByText('Signs after Person s')).toBeTruthy();
  expect(screen.queryByTestId('minutes-sign')).toBeNull();
});

test('signed minutes are archived by the secretary', async () => {
  const archive = vi.fn(async () => undefined);
  render(
    <MinutesReader
      snapshot={snapshot({ participants: PEOPLE, myRole: 'secretary', meeting: { ...MEETING, state: 'minutes_signed' } })}
      minutes={minutes({ state: 'signed', signatures: [SIGNED] })}
      personId="s"
      actions={actions}
      onArchive={archive}
    />,
  );
  expect(screen.getByText('All signatures are there.')).toBeTruthy();
  fireEvent.click(screen.getByTestId('archive'));
  await vi.waitFor(() => expect(archive).toHaveBeenCalledOnce());
});
