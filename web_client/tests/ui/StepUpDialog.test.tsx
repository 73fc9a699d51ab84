import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import { entrance } from '../../src/state/entrance';
import { StepUpDialog } from '../../src/ui';
import { expectAccessible } from './accessible';
import { fakeHub } from './fakeHub';

beforeEach(() => {
  entrance.value = { organisation: 'Council', demo: null };
});
afterEach(() => {
  entrance.value = null;
});

function type(testId: string, value: string): void {
  fireEvent.input(screen.getByTestId(testId), { target: { value } });
  fireEvent.click(screen.getByTestId('stepup-submit'));
}

test('the password is handed over once', async () => {
  const submit = vi.fn(async () => undefined);
  render(<StepUpDialog byCode={false} onSubmit={submit} onCancel={() => undefined} />);
  type('stepup-password', 'correct horse');
  await vi.waitFor(() => expect(submit).toHaveBeenCalledWith({ password: 'correct horse' }));
  await expectAccessible();
});

test('who has a second factor is asked for a code, and may use a recovery code instead', async () => {
  const submit = vi.fn(async () => undefined);
  render(<StepUpDialog byCode onSubmit={submit} onCancel={() => undefined} />);
  expect(screen.queryByTestId('stepup-password')).toBeNull();
  expect(screen.queryByTestId('demo-code')).toBeNull();
  type('stepup-code', '123456');
  await vi.waitFor(() => expect(submit).toHaveBeenCalledWith({ code: '123456' }));
  fireEvent.click(screen.getByTestId('code-switch'));
  expect(await screen.findByLabelText('Recovery code')).toBeTruthy();
  type('stepup-code', 'abcd-efgh-ijkl-mnop');
  await vi.waitFor(() => expect(submit).toHaveBeenCalledWith({ code: 'abcd-efgh-ijkl-mnop' }));
  await expectAccessible();
});

test('an empty proof is not sent, and a refusal is worded', async () => {
  const submit = vi.fn(() => Promise.reject(new ApiError('wrong_code', 'no')));
  render(<StepUpDialog byCode onSubmit={submit} onCancel={() => undefined} />);
  fireEvent.click(screen.getByTestId('stepup-submit'));
  expect(await screen.findByText('Enter the code.')).toBeTruthy();
  expect(submit).not.toHaveBeenCalled();
  type('stepup-code', '000000');
  expect(await screen.findByText(/was used already/u)).toBeTruthy();
  expect(screen.getByTestId<HTMLInputElement>('stepup-code').value).toBe('');
});

test('a demo offers the code that is due, and another one after a refusal', async () => {
  entrance.value = { organisation: 'Council', demo: { password: 'p', accounts: [] } };
  const codes = ['111111', '222222'];
  fakeHub().on('GET /entrance/demo-code', () => ({ code: codes.shift() }));
  const submit = vi.fn(() => Promise.reject(new ApiError('wrong_code', 'no')));
  render(<StepUpDialog byCode onSubmit={submit} onCancel={() => undefined} />);
  fireEvent.click(await screen.findByText('Fill in the demo code 111111'));
  await vi.waitFor(() => expect(screen.getByTestId<HTMLInputElement>('stepup-code').value).toBe('111111'));
  fireEvent.click(screen.getByTestId('stepup-submit'));
  expect(await screen.findByText('Fill in the demo code 222222')).toBeTruthy();
});

test('closing the dialog cancels', () => {
  const cancel = vi.fn();
  render(<StepUpDialog byCode={false} onSubmit={async () => undefined} onCancel={cancel} />);
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(cancel).toHaveBeenCalledOnce();
});
