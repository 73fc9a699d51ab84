// Every test runs in English, with its texts loaded, and leaves an empty document behind.
import { cleanup } from '@testing-library/preact';
import { afterEach, beforeEach } from 'vitest';
import { setLocale } from '../src/i18n';

beforeEach(async () => {
  await setLocale('en');
});
afterEach(() => cleanup());
