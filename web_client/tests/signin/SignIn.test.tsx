import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { entrance } from '../../src/state/entrance';
import { me } from '../../src/state/session';
import SignIn, { SignInForm } from '../../src/views/signin/SignIn';
import { ME } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub, Refusal } from '../ui/fakeHub';

afterEach(() => {
  me.value = undefined;
  entrance.value = null;
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
  hub.on('POST /session', { me: ME, recoveryCodesLeft: null });
  render(<SignIn />);
  await expectAccessible();
  fill(' an ', 'secret');
  await vi.waitFor(() => expect(location.pathname).toBe('/meetings/m1'));
  expect(hub.calls.find((call) => call.method === 'POST')?.body).toEqual({ username: 'an', password: 'secret' });
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

test('who has a second factor gives the code next; what ran out leads back to the password', async () => {
  me.value = null;
  history.replaceState(null, '', '/signin');
  const hub = fakeHub();
  hub.on('POST /session', { me: null, recoveryCodesLeft: null });
  hub.on('POST /session/code', new Refusal(401, 'wrong_code'));
  render(<SignIn />);
  fill('an', 'secret');
  const code = await screen.findByTestId<HTMLInputElement>('signin-code');
  await expectAccessible();
  fireEvent.input(code, { target: { value: '000000' } });
  fireEvent.click(screen.getByTestId('signin-code-submit'));
  expect(await screen.findByText(/was used already/u)).toBeTruthy();
  hub.on('POST /session/code', new Refusal(401, 'sign_in_expired'));
  fireEvent.input(screen.getByTestId('signin-code'), { target: { value: '111111' } });
  fireEvent.click(screen.getByTestId('signin-code-submit'));
  expect((await screen.findByRole('alert')).textContent).toContain('begin again with your password');
  expect(screen.queryByTestId('signin-code')).toBeNull();
  fireEvent.click(screen.getByTestId('signin-back'));
  expect(await screen.findByTestId('signin-password')).toBeTruthy();
});

test('a demo fills in name and password; elsewhere there is nothing of the kind', async () => {
  me.value = null;
  const demo = { password: 'demo-word', accounts: [{ username: 'lan', name: 'Lan', title: 'Chair', roles: ['member'] }] };
  const hub = fakeHub();
  hub.on('GET /entrance', { organisation: 'Council', demo });
  const { unmount } = render(<SignIn />);
  fireEvent.click(await screen.findByTestId('demo-lan'));
  await vi.waitFor(() => expect(screen.getByTestId<HTMLInputElement>('signin-username').value).toBe('lan'));
  expect(screen.getByTestId<HTMLInputElement>('signin-password').value).toBe('demo-word');
  await expectAccessible();
  unmount();
  entrance.value = { organisation: 'Council', demo: null };
  render(<SignIn />);
  expect(screen.queryByTestId('demo-accounts')).toBeNull();
});
