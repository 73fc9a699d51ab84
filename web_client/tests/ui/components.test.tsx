import { fireEvent, render, screen } from '@testing-library/preact';
import { Check } from 'lucide';
import { useState } from 'preact/hooks';
import { expect, test, vi } from 'vitest';
import {
  Avatar,
  Badge,
  Banner,
  Button,
  Card,
  Checkbox,
  Dialog,
  EmptyState,
  IconButton,
  initials,
  Loading,
  LiveRegion,
  notify,
  Progress,
  Select,
  Tabs,
  TextArea,
  TextInput,
} from '../../src/ui';
import { tabForKey } from '../../src/ui/Tabs';
import { expectAccessible } from './accessible';

test('a busy button keeps its place and ignores presses', () => {
  const press = vi.fn();
  render(
    <Button busy onClick={press}>
      Save
    </Button>,
  );
  const button = screen.getByRole('button', { name: 'Save' });
  fireEvent.click(button);
  expect(press).not.toHaveBeenCalled();
  expect(button.getAttribute('aria-busy')).toBe('true');
});

test('a busy submit button does not send its form', () => {
  const send = vi.fn((event: Event) => event.preventDefault());
  render(
    <form onSubmit={send}>
      <Button type="submit" busy>
        Send
      </Button>
    </form>,
  );
  fireEvent.click(screen.getByRole('button'));
  expect(send).not.toHaveBeenCalled();
});

test('label, hint and error belong to their control', async () => {
  const change = vi.fn();
  render(<TextInput label="Title" hint="Short" error="Missing" value="" onValue={change} />);
  const input = screen.getByLabelText('Title');
  const described = (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
  expect(described).toEqual(['Short', 'Missing']);
  expect(input.getAttribute('aria-invalid')).toBe('true');
  fireEvent.input(input, { target: { value: 'Budget' } });
  expect(change).toHaveBeenCalledWith('Budget');
  await expectAccessible();
});

test('an optional field says so and a plain one is not invalid', () => {
  render(<TextArea label="Description" optional value="" />);
  const area = screen.getByLabelText(/Description/u);
  expect(area.hasAttribute('aria-invalid')).toBe(false);
  expect(screen.getByText('(optional)')).toBeTruthy();
});

test('a choice and a tick report their values', async () => {
  const choose = vi.fn();
  const tick = vi.fn();
  const options = [
    { value: 'a', text: 'First' },
    { value: 'b', text: 'Second' },
  ];
  render(
    <>
      <Select label="Kind" value="a" options={options} onValue={choose} />
      <Checkbox label="Restricted" checked={false} onValue={tick} />
    </>,
  );
  fireEvent.change(screen.getByLabelText('Kind'), { target: { value: 'b' } });
  fireEvent.click(screen.getByLabelText('Restricted'));
  expect(choose).toHaveBeenCalledWith('b');
  expect(tick).toHaveBeenCalledWith(true);
  await expectAccessible();
});

test('a dialog is named, closes on request and gives the focus back', async () => {
  function Host() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <button type="button" onClick={() => setOpen(true)}>
          Open
        </button>
        {open ? (
          <Dialog title="Details" onClose={() => setOpen(false)}>
            <p>Text</p>
          </Dialog>
        ) : null}
      </>
    );
  }
  render(<Host />);
  const opener = screen.getByRole('button', { name: 'Open' });
  opener.focus();
  fireEvent.click(opener);
  const dialog = await screen.findByRole('dialog', { name: 'Details' });
  expect(dialog.querySelector('header')).toBeNull(); // a dialog is no page with a banner of its own
  await expectAccessible();
  fireEvent(dialog, new Event('cancel', { cancelable: true }));
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(document.activeElement).toBe(opener);
});

test.each([
  ['ArrowRight', 0, false, 1],
  ['ArrowRight', 2, false, 0],
  ['ArrowLeft', 0, false, 2],
  ['ArrowRight', 1, true, 0],
  ['ArrowLeft', 1, true, 2],
  ['Home', 2, false, 0],
  ['End', 0, false, 2],
  ['a', 0, false, null],
])('key %s at tab %i (right to left: %s) leads to %s', (key, index, rightToLeft, expected) => {
  expect(tabForKey(key, index, 3, rightToLeft)).toBe(expected);
});

test('tabs are one tab stop and arrows select', async () => {
  function Host() {
    const [selected, setSelected] = useState('one');
    const tabs = ['one', 'two'].map((id) => ({ id, label: id, panel: () => <p>{`panel ${id}`}</p> }));
    return <Tabs label="Parts" tabs={tabs} selected={selected} onSelect={setSelected} />;
  }
  render(<Host />);
  fireEvent.keyDown(screen.getByRole('tab', { name: 'one' }), { key: 'ArrowRight' });
  expect(await screen.findByText('panel two')).toBeTruthy();
  expect(screen.getAllByRole('tab').map((tab) => tab.tabIndex)).toEqual([-1, 0]);
  await expectAccessible();
});

test.each([
  ['Nguyễn Văn An', 'NA'],
  ['  Đặng   Ánh ', 'ĐÁ'],
  ['Plenum', 'P'],
  ['', ''],
])('the initials of %j are %j', (name, expected) => {
  expect(initials(name)).toBe(expected);
});

test('notices are spoken politely', async () => {
  render(<LiveRegion />);
  notify('Saved');
  const notice = await screen.findByText('Saved');
  expect(notice.closest('[aria-live=polite]')).toBeTruthy();
});

test('the small parts are accessible together', async () => {
  render(
    <main>
      <Card title="Card" aside={<Badge tone="success">Open</Badge>}>
        <Avatar name="An Bình" />
        <IconButton icon={Check} label="Accept" />
        <Progress label="Uploading" value={0.4} />
        <Progress label="Checking" />
        <Banner tone="danger" title="Broken">
          <p>Text</p>
        </Banner>
        <Banner>
          <p>News</p>
        </Banner>
        <EmptyState icon={Check} title="Nothing" />
        <Loading />
      </Card>
    </main>,
  );
  expect(screen.getByRole('alert').textContent).toContain('Broken');
  await expectAccessible();
});
