import { fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { me } from '../../src/state/session';
import { Page, PageHeading, setTheme } from '../../src/ui';
import { nextTheme } from '../../src/ui/theme';
import { ME } from '../samples';
import { expectAccessible } from './accessible';
import { fakeHub, Refusal } from './fakeHub';

afterEach(() => {
  me.value = undefined;
  setTheme('system');
  localStorage.clear();
});

function show(): void {
  render(
    <Page title="Council" context="Council">
      <PageHeading title="Council" back={{ href: '/', text: 'All meetings' }} />
    </Page>,
  );
}

test('the page names itself and can be skipped into', async () => {
  me.value = ME;
  show();
  expect(document.title).toBe('Council – Plenum');
  expect(screen.getByRole('link', { name: 'Skip to the content' }).getAttribute('href')).toBe('#main');
  expect(screen.queryByRole('navigation')).toBeNull();
  await expectAccessible();
});

test('the person menu opens, closes by Escape and signs out', async () => {
  me.value = ME;
  const hub = fakeHub();
  hub.on('DELETE /session', null);
  show();
  const button = screen.getByTestId('person-menu');
  fireEvent.click(button);
  expect(await screen.findByText('North')).toBeTruthy();
  await expectAccessible();
  fireEvent.keyDown(document, { key: 'Escape' });
  await vi.waitFor(() => expect(screen.queryByTestId('sign-out')).toBeNull());
  expect(document.activeElement).toBe(button);
  fireEvent.click(button);
  fireEvent.click(await screen.findByTestId('sign-out'));
  await vi.waitFor(() => expect(me.value).toBeNull());
});

test('whoever could not be signed out is told so and can try again', async () => {
  me.value = ME;
  const hub = fakeHub();
  hub.on('DELETE /session', new Refusal(503, 'internal'));
  show();
  fireEvent.click(screen.getByTestId('person-menu'));
  fireEvent.click(await screen.findByTestId('sign-out'));
  expect((await screen.findByRole('alert')).textContent).toContain('You are still signed in');
  expect(me.value).toEqual(ME);
  await expectAccessible();
  hub.on('DELETE /session', null);
  fireEvent.click(screen.getByRole('button', { name: 'Try to sign out again' }));
  await vi.waitFor(() => expect(me.value).toBeNull());
});

test('officers get the way to the audit log', async () => {
  me.value = { ...ME, roles: ['security_officer'] };
  show();
  expect(screen.getByRole('link', { name: 'Audit log' }).getAttribute('href')).toBe('/audit');
  await expectAccessible();
});

test('the language is switched in place', async () => {
  show();
  fireEvent.change(screen.getByTestId('language'), { target: { value: 'vi' } });
  expect(await screen.findByText('Chuyển đến nội dung chính')).toBeTruthy();
  expect(document.documentElement.lang).toBe('vi');
  expect(document.title).toBe('Council – Plenum');
});

test('the appearance goes round and is remembered', () => {
  expect([nextTheme('system'), nextTheme('light'), nextTheme('dark')]).toEqual(['light', 'dark', 'system']);
  setTheme('dark');
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(localStorage.getItem('plenum.theme')).toBe('dark');
  setTheme('system');
  expect(document.documentElement.dataset['theme']).toBeUndefined();
});
