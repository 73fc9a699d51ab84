import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { me } from '../../src/state/session';
import SignIn, { SignInForm } from '../../src/views/signin/SignIn';
import { ME } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub, Refusal } from '../ui/fakeHub';

afterEach(() => {
  me.value = undefined;
});

function fill(username: string, password: string): void {
  fireEvent.input(screen.getByTestId('signin-username'), { target: { value: username } });
  fireEvent.input(screen.getByTestId('signin-password'), { target: { value: password } });
  fireEvent.click(screen.getByTestId('signin-submit'));
}

test('signing in leads to the place the reader asked for', async () => {
  me.value = null;
  history.replaceState(null, '', '/signin?next=%2Fmeetings%2Fm1');
  const hub = fakeHub();
  hub.on('POST /session', ME);
  render(<SignIn />);
  await expectAccessible();
  fill(' an ', 'secret');
  await vi.waitFor(() => expect(location.pathname).toBe('/meetings/m1'));
  expect(hub.calls[0]?.body).toEqual({ username: 'an', password: 'secret' });
});

test('the certificate can be downloaded before signing in', () => {
  me.value = null;
  render(<SignIn />);
  expect(screen.getByRole('link', { name: 'Download the certificate' }).getAttribute('href')).toBe('/api/v1/authority');
});

test('what is missing is said beside its field and nothing is sent', async () => {
  const send = vi.fn();
  render(<SignInForm onSignIn={send} />);
  fireEvent.click(screen.getByTestId('signin-submit'));
  expect(await screen.findByText('Enter your username.')).toBeTruthy();
  expect(screen.getByText('Enter your password.')).toBeTruthy();
  expect(send).not.toHaveBeenCalled();
});

test('a refusal is worded, keeps the name and clears the password', async () => {
  me.value = null;
  const hub = fakeHub();
  hub.on('POST /session', new Refusal(401, 'wrong_password'));
  render(<SignIn />);
  fill('an', 'wrong');
  expect((await screen.findByRole('alert')).textContent).toContain('is not right');
  expect(screen.getByTestId<HTMLInputElement>('signin-username').value).toBe('an');
  expect(screen.getByTestId<HTMLInputElement>('signin-password').value).toBe('');
  await expectAccessible();
});

test('the password can be shown', async () => {
  render(<SignInForm onSignIn={async () => undefined} />);
  fireEvent.click(screen.getByLabelText('Show the password'));
  await vi.waitFor(() => expect(screen.getByTestId<HTMLInputElement>('signin-password').type).toBe('text'));
});
