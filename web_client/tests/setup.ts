// Every test runs in English, with its texts loaded, and leaves an empty document and nothing stored behind.
import './dialog';
import { cleanup } from '@testing-library/preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach } from 'vitest';
import { setLocale } from '../src/i18n';
import { learnServerTime } from '../src/state/session';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  learnServerTime(Date.now()); // no difference between the hub's clock and this one
  await setLocale('en');
});
afterEach(async () => {
  await act(() => cleanup()); // with the effects that end with a component
  document.body.replaceChildren(); // what a test put there itself
});
