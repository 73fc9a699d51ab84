import { fireEvent, render, screen } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import type { UploadWatch } from '../../src/views/desk/actions';
import { Upload } from '../../src/views/desk/Upload';
import { expectAccessible } from '../ui/accessible';

const PDF = new File(['%PDF-1.7'], 'Budget.pdf', { type: 'application/pdf' });

function choose(...files: File[]): void {
  fireEvent.change(screen.getByTestId('upload-i1'), { target: { files } });
}

test('files are sent one after the other, with progress', async () => {
  const sent: string[] = [];
  let finish = (): void => undefined;
  const upload = vi.fn(async (_item: string, file: File, { onProgress }: UploadWatch) => {
    sent.push(file.name);
    onProgress(0.4);
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  render(<Upload itemId="i1" itemTitle="Budget" onUpload={upload} />);
  await expectAccessible();
  choose(PDF, new File(['%PDF'], 'Annex.pdf', { type: 'application/pdf' }));
  const bar = await screen.findByRole<HTMLProgressElement>('progressbar');
  await vi.waitFor(() => expect(bar.value).toBe(40));
  await expectAccessible();
  finish();
  await vi.waitFor(() => expect(sent).toEqual(['Budget.pdf', 'Annex.pdf']));
  finish();
  await vi.waitFor(() => expect(screen.queryByRole('progressbar')).toBeNull());
});

test('what is no PDF is not sent', async () => {
  const upload = vi.fn();
  render(<Upload itemId="i1" itemTitle="Budget" onUpload={upload} />);
  choose(new File(['x'], 'photo.png', { type: 'image/png' }));
  expect((await screen.findByRole('alert')).textContent).toContain('photo.png is not a PDF file');
  expect(upload).not.toHaveBeenCalled();
});

test('an upload can be cancelled, and that is no error', async () => {
  const upload = vi.fn(
    (_item: string, _file: File, { signal }: UploadWatch) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new ApiError('cancelled', 'cancelled')));
      }),
  );
  render(<Upload itemId="i1" itemTitle="Budget" onUpload={upload} />);
  choose(PDF);
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel the upload' }));
  await vi.waitFor(() => expect(screen.queryByRole('progressbar')).toBeNull());
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a refusal names the file and says why', async () => {
  render(<Upload itemId="i1" itemTitle="Budget" onUpload={() => Promise.reject(new ApiError('too_large', 'no'))} />);
  choose(PDF);
  expect((await screen.findByRole('alert')).textContent).toMatch(/Budget\.pdf was not added\. This file is too large/u);
});
