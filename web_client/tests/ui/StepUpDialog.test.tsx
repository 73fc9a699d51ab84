import { fireEvent, render, screen } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { ApiError } from '../../src/protocol/errors';
import { StepUpDialog } from '../../src/ui';
import { expectAccessible } from './accessible';

test('the password is handed over once', async () => {
  const submit = vi.fn(async () => undefined);
  render(<StepUpDialog onSubmit={submit} onCancel={() => undefined} />);
  fireEvent.input(screen.getByTestId('stepup-password'), { target: { value: 'correct horse' } });
  fireEvent.click(screen.getByTestId('stepup-submit'));
  await vi.waitFor(() => expect(submit).toHaveBeenCalledWith('correct horse'));
  await expectAccessible();
});

test('an empty password is not sent, and a refusal is worded', async () => {
  const submit = vi.fn(() => Promise.reject(new ApiError('wrong_password', 'no')));
  render(<StepUpDialog onSubmit={submit} onCancel={() => undefined} />);
  fireEvent.click(screen.getByTestId('stepup-submit'));
  expect(await screen.findByText('Enter your password.')).toBeTruthy();
  expect(submit).not.toHaveBeenCalled();
  fireEvent.input(screen.getByTestId('stepup-password'), { target: { value: 'wrong' } });
  fireEvent.click(screen.getByTestId('stepup-submit'));
  await vi.waitFor(() => expect(screen.getByTestId('stepup-password').getAttribute('aria-invalid')).toBe('true'));
  expect(screen.queryByText('Enter your password.')).toBeNull();
});

test('closing the dialog cancels', () => {
  const cancel = vi.fn();
  render(<StepUpDialog onSubmit={async () => undefined} onCancel={cancel} />);
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(cancel).toHaveBeenCalledOnce();
});
