// Every test runs in English, with its texts loaded, and leaves an empty document behind.
import './dialog';
import { cleanup } from '@testing-library/preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach } from 'vitest';
import { setLocale } from '../src/i18n';

beforeEach(async () => {
  await setLocale('en');
});
afterEach(async () => {
  await act(() => cleanup()); // with the effects that end with a component
});
