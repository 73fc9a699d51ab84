import { fireEvent, render, screen, within } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Account as AccountState, OwnSession } from '../../src/protocol/generated';
import { me } from '../../src/state/session';
import Account from '../../src/views/account/Account';
import { deviceOf } from '../../src/views/account/device';
import { qrPath } from '../../src/views/account/QrCode';
import { ME } from '../samples';
import { expectAccessible } from '../ui/accessible';
import { fakeHub, Refusal, type FakeHub } from '../ui/fakeHub';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const CODES = Array.from({ length: 10 }, (_, number) => `abcd-efgh-ijkl-mno${number}`);

function session(id: string, change: Partial<OwnSession> = {}): OwnSession {
  return {
    id,
    current: false,
    createdAt: '2026-11-21T07:00:00Z',
    lastSeenAt: '2026-11-21T08:00:00Z',
    address: '192.0.2.7',
    siteName: null,
    userAgent: FIREFOX,
    ...change,
  };
}

function account(change: Partial<AccountState> = {}): AccountState {
  return {
    sessions: [session('s2'), session('s1', { current: true, siteName: 'North' })],
    authenticatorSince: '2026-11-01T08:00:00Z',
    enforced: false,
    recoveryCodesLeft: 9,
    passwordsBarred: 1,
    ...change,
  };
}

function hubWith(state: AccountState): FakeHub {
  const hub = fakeHub();
  hub.on('GET /account', state);
  hub.on('GET /session', { ...ME, secondFactor: 'enrolled' });
  hub.on('POST /account/second-factor', { secret: 'ABCDEFGHIJKL', uri: 'otpauth://totp/x', qr: ['101', '010', '101'] });
  hub.on('POST /account/second-factor/confirmation', { codes: CODES });
  return hub;
}

beforeEach(() => {
  URL.createObjectURL = () => 'blob:codes';
  URL.revokeObjectURL = () => undefined;
  me.value = { ...ME, secondFactor: 'enrolled' };
});
afterEach(() => {
  me.value = undefined;
});

test('the own sessions are named by device and place, this one first, and another can be ended', async () => {
  const hub = hubWith(account());
  hub.on('DELETE /account/sessions/s2', null);
  render(<Account />);
  const [mine, other] = await screen.findAllByTestId('session');
  expect(mine?.textContent).toContain('This one');
  expect(mine?.textContent).toContain('North');
  expect(other?.textContent).toContain('Firefox on');
  await expectAccessible();
  fireEvent.click(within(other as HTMLElement).getByTestId('end-session'));
  fireEvent.click(await screen.findByTestId('end-session-confirm'));
  await vi.waitFor(() => expect(hub.calls.map((call) => call.path)).toContain('/account/sessions/s2'));
});

test('all others can be ended at once, where there are others', async () => {
  const hub = hubWith(account());
  hub.on('DELETE /account/sessions', null);
  render(<Account />);
  fireEvent.click(await screen.findByTestId('end-others'));
  hub.on('GET /account', account({ sessions: [session('s1', { current: true })] }));
  fireEvent.click(await screen.findByTestId('end-session-confirm'));
  await vi.waitFor(() => expect(screen.queryByTestId('end-others')).toBeNull());
});

test('a factor that a duty demands cannot be removed', async () => {
  hubWith(account({ enforced: true }));
  render(<Account />);
  expect(await screen.findByTestId('factor-enrol')).toBeTruthy();
  expect(screen.queryByTestId('factor-remove')).toBeNull();
});

test('few recovery codes are said to be few', async () => {
  hubWith(account({ recoveryCodesLeft: 1 }));
  render(<Account />);
  expect((await screen.findByTestId('recovery-left')).textContent).toContain('Make new ones soon');
});

test('somebody who must have a factor sets it up, puts the codes away, and goes on where he wanted to go', async () => {
  me.value = { ...ME, secondFactor: 'missing' };
  history.replaceState(null, '', '/account?next=%2Fmeetings%2Fm1');
  const hub = hubWith(account());
  render(<Account />);
  expect(screen.queryByTestId('sessions')).toBeNull();
  fireEvent.click(screen.getByTestId('enrol-begin'));
  expect((await screen.findByTestId('enrol-secret')).textContent).toBe('ABCD EFGH IJKL');
  await expectAccessible();
  fireEvent.input(screen.getByTestId('enrol-code'), { target: { value: '123 456 ' } });
  fireEvent.click(screen.getByTestId('enrol-confirm'));
  expect((await screen.findByTestId('recovery-codes')).textContent).toContain('abcd-efgh-ijkl-mno9');
  await expectAccessible();
  expect(screen.getByTestId<HTMLButtonElement>('recovery-done').disabled).toBe(true);
  fireEvent.click(screen.getByTestId('recovery-kept'));
  fireEvent.click(await screen.findByText('Continue'));
  await vi.waitFor(() => expect(location.pathname).toBe('/meetings/m1'));
  expect(hub.calls.some((call) => (call.body as { code?: string })?.code === '123 456')).toBe(true);
});

test('a wrong first code is said beside the field; a key that is too old can be made anew', async () => {
  me.value = { ...ME, secondFactor: 'missing' };
  const hub = hubWith(account());
  hub.on('POST /account/second-factor/confirmation', new Refusal(401, 'wrong_code'));
  render(<Account />);
  fireEvent.click(screen.getByTestId('enrol-begin'));
  fireEvent.input(await screen.findByTestId('enrol-code'), { target: { value: '1' } });
  fireEvent.click(screen.getByTestId('enrol-confirm'));
  expect(await screen.findByText(/was used already/u)).toBeTruthy();
  hub.on('POST /account/second-factor/confirmation', new Refusal(409, 'no_enrolment'));
  fireEvent.input(screen.getByTestId('enrol-code'), { target: { value: '2' } });
  fireEvent.click(screen.getByTestId('enrol-confirm'));
  fireEvent.click(await screen.findByText('Try again'));
  expect(await screen.findByTestId('enrol-begin')).toBeTruthy();
});

test('the password is changed only with the present one and a long new one', async () => {
  const hub = hubWith(account());
  hub.on('POST /account/password', new Refusal(401, 'wrong_password'));
  render(<Account />);
  fireEvent.input(await screen.findByTestId('password-next'), { target: { value: 'short' } });
  fireEvent.click(screen.getByTestId('password-submit'));
  expect(await screen.findByText('Choose a password of at least 12 characters.')).toBeTruthy();
  expect(screen.getByText('Enter your present password.')).toBeTruthy();
  fireEvent.input(screen.getByTestId('password-current'), { target: { value: 'present' } });
  fireEvent.input(screen.getByTestId('password-next'), { target: { value: 'four unconnected words' } });
  fireEvent.click(screen.getByTestId('password-submit'));
  expect(await screen.findByText('This is not your present password.')).toBeTruthy();
  hub.on('POST /account/password', new Refusal(400, 'password_reused'));
  fireEvent.click(screen.getByTestId('password-submit'));
  expect(await screen.findByText(/used this password before/u)).toBeTruthy();
  hub.on('POST /account/password', ME);
  fireEvent.click(screen.getByTestId('password-submit'));
  await vi.waitFor(() => expect(screen.getByTestId<HTMLInputElement>('password-next').value).toBe(''));
  expect(hub.calls.at(-2)?.body ?? hub.calls.at(-1)?.body).toEqual({ current: 'present', next: 'four unconnected words' });
});

test.each([
  [FIREFOX, 'Firefox', 'Linux', false],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36', 'Chrome', 'Windows', false],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0', 'Edge', 'Windows', false],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36', 'Chrome', 'Android', true],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1', 'Safari', 'iPhone', true],
  ['curl/8.0', null, null, false],
])('%s is %s on %s', (text, browser, system, handheld) => {
  expect(deviceOf(text)).toEqual({ browser, system, handheld });
});

test('a QR code is drawn run by run, with its quiet zone', () => {
  expect(qrPath(['1101', '0000'])).toBe('M4 4h2v1h-2zM7 4h1v1h-1z');
});
