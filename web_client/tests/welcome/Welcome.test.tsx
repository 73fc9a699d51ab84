import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { me } from '../../src/state/session';
import Welcome from '../../src/views/welcome/Welcome';
import { ME } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub, type FakeHub, Refusal } from '../ui/fakeHub';

const OWNER = { username: 'lan', name: '<script>x</script>', locale: 'en', first: true };
const WORDS = 'four words without sense';

let hub: FakeHub;
beforeEach(() => {
  localStorage.clear();
  me.value = null;
  hub = fakeHub();
  hub.on('POST /welcome/look-up', OWNER);
});
afterEach(() => {
  me.value = undefined;
});

async function fill(password: string, again: string): Promise<void> {
  fireEvent.input(await screen.findByTestId('welcome-password'), { target: { value: password } });
  fireEvent.input(screen.getByTestId('welcome-again'), { target: { value: again } });
  fireEvent.click(screen.getByTestId('welcome-submit'));
}

test('the owner chooses a password and goes on to sign in', async () => {
  hub.on('POST /welcome', null);
  render(<Welcome token="abc" />);
  expect(await screen.findByText(/<script>x<\/script>/u)).toBeTruthy();
  await expectAccessible();
  await fill(WORDS, WORDS);
  expect(await screen.findByTestId('welcome-signin')).toBeTruthy();
  expect(hub.calls.at(-1)?.body).toEqual({ token: 'abc', password: WORDS });
  await expectAccessible();
});

test('the token is the fragment of the address, which no server sees', async () => {
  history.replaceState(null, '', '/welcome#abc');
  render(<Welcome />);
  await screen.findByTestId('welcome-password');
  expect(hub.calls[0]?.body).toEqual({ token: 'abc' });
  history.replaceState(null, '', '/');
});

test('what is too short or not the same twice is said before the hub is asked', async () => {
  render(<Welcome token="abc" />);
  await fill('short', 'short');
  expect(await screen.findByText('Use at least 12 characters.')).toBeTruthy();
  await fill(WORDS, `${WORDS}?`);
  expect(await screen.findByText('The two are not the same.')).toBeTruthy();
  await expectAccessible();
  expect(hub.calls).toHaveLength(1);
});

test('a weak password is worded and the form stays', async () => {
  hub.on('POST /welcome', new Refusal(400, 'weak_password'));
  render(<Welcome token="abc" />);
  await fill('password2026', 'password2026');
  expect(await screen.findByText(/easy to guess/u)).toBeTruthy();
  expect(screen.getByTestId('welcome-password')).toBeTruthy();
});

test('a link that is used or too old says whom to ask', async () => {
  hub.on('POST /welcome/look-up', new Refusal(410, 'link_invalid'));
  render(<Welcome token="abc" />);
  expect(await screen.findByText(/Ask your administrator for a new one/u)).toBeTruthy();
  expect(screen.queryByTestId('welcome-password')).toBeNull();
  await expectAccessible();
});

test('a browser in which somebody else is signed in is left first', async () => {
  me.value = { ...ME, name: 'Somebody' };
  hub.on('POST /welcome', null);
  hub.on('DELETE /session', null);
  render(<Welcome token="abc" />);
  await fill(WORDS, WORDS);
  expect(await screen.findByText(/Somebody is signed in in this browser/u)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
  await vi.waitFor(() => expect(screen.queryByTestId('welcome-signin')).not.toBeNull());
});
