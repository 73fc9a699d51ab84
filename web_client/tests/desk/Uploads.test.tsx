import { fireEvent, render, screen } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import { type Send, UploadQueue } from '../../src/views/desk/uploads';
import { Uploads } from '../../src/views/desk/Uploads';
import { expectAccessible } from '../ui/accessible';

function pdf(name: string): File {
  return new File(['%PDF-1.7'], name, { type: 'application/pdf' });
}

/** A hub that answers when the test says so, file by file. */
function slowHub() {
  const waiting = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>();
  const send = vi.fn<Send>(
    (job, { onProgress, signal }) =>
      new Promise((resolve, reject) => {
        onProgress(0.4);
        signal.addEventListener('abort', () => reject(new ApiError('cancelled', 'cancelled')));
        waiting.set(job.file.name, { resolve: () => resolve(undefined), reject });
      }),
  );
  return { send, waiting, sent: () => send.mock.calls.map(([job]) => job.file.name) };
}

function show(queue: UploadQueue): void {
  render(<Uploads queue={queue} target={{ itemId: 'i1' }} title="Budget" />);
}

function choose(...files: File[]): void {
  fireEvent.change(screen.getByTestId('upload-i1'), { target: { files } });
}

test('three files are on their way at once, the others wait, and each has its own progress', async () => {
  const hub = slowHub();
  show(new UploadQueue(hub.send));
  choose(pdf('a.pdf'), pdf('b.pdf'), pdf('c.pdf'), pdf('d.pdf'));
  await vi.waitFor(() => expect(screen.getAllByRole('progressbar')).toHaveLength(4));
  expect(hub.sent()).toEqual(['a.pdf', 'b.pdf', 'c.pdf']);
  expect(screen.getByText('d.pdf waits for its turn')).toBeTruthy();
  await expectAccessible();
  hub.waiting.get('b.pdf')?.resolve();
  await vi.waitFor(() => expect(hub.sent()).toContain('d.pdf'));
  expect(screen.getAllByRole('progressbar')).toHaveLength(3);
});

test('one upload is cancelled, and that is no error; the others go on', async () => {
  const hub = slowHub();
  show(new UploadQueue(hub.send));
  choose(pdf('a.pdf'), pdf('b.pdf'));
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel the upload of a.pdf' }));
  await vi.waitFor(() => expect(screen.getAllByRole('progressbar')).toHaveLength(1));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByText('Uploading b.pdf')).toBeTruthy();
});

test('what is no PDF is not sent', async () => {
  const hub = slowHub();
  show(new UploadQueue(hub.send));
  choose(new File(['x'], 'photo.png', { type: 'image/png' }));
  expect((await screen.findByRole('alert')).textContent).toContain('photo.png is not a PDF file');
  expect(hub.send).not.toHaveBeenCalled();
});

test('a refusal names its file and says why, and it can be sent again', async () => {
  const hub = slowHub();
  show(new UploadQueue(hub.send));
  choose(pdf('Budget.pdf'), pdf('b.pdf'));
  await vi.waitFor(() => expect(hub.waiting.size).toBe(2));
  hub.waiting.get('Budget.pdf')?.reject(new ApiError('too_large', 'no'));
  expect((await screen.findByRole('alert')).textContent).toMatch(/Budget\.pdf was not added\. This file is too large/u);
  await expectAccessible();
  fireEvent.click(screen.getByRole('button', { name: 'Try again: Budget.pdf' }));
  await vi.waitFor(() => expect(hub.sent().filter((name) => name === 'Budget.pdf')).toHaveLength(2));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a file that the hub has no room for is sent again after the time that it says', async () => {
  const hub = slowHub();
  show(new UploadQueue(hub.send));
  choose(pdf('a.pdf'));
  await vi.waitFor(() => expect(hub.waiting.size).toBe(1));
  hub.waiting.get('a.pdf')?.reject(new ApiError('too_many_requests', 'later', { seconds: 0.05 }, 429));
  expect(await screen.findByText('a.pdf waits for its turn')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
  await vi.waitFor(() => expect(hub.sent()).toEqual(['a.pdf', 'a.pdf']));
  hub.waiting.get('a.pdf')?.resolve();
  await vi.waitFor(() => expect(screen.queryByRole('progressbar')).toBeNull());
});

test('leaving the page is asked about only while something is on its way', async () => {
  const hub = slowHub();
  const queue = new UploadQueue(hub.send);
  const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  queue.add([pdf('a.pdf')], { itemId: 'i1' });
  expect(leave()).toBe(false);
  hub.waiting.get('a.pdf')?.resolve();
  await vi.waitFor(() => expect(queue.jobs.value).toEqual([]));
  expect(leave()).toBe(true);
});
