import { beforeEach, describe, expect, it } from 'vitest';
import {
  errorText,
  formatDateTime,
  formatDuration,
  formatNumber,
  hasText,
  LOCALES,
  negotiate,
  setLocale,
  t,
} from '../../src/i18n';
import { makeBundle, mirror } from '../../src/i18n/bundle';
import { ApiError } from '../../src/protocol/errors';

beforeEach(() => localStorage.clear());
const english = LOCALES.find((locale) => locale.id === 'en');

describe('texts', () => {
  it('are formatted with their variables, attributes included', () => {
    expect(t('room-quorum-figures', { present: 5, entitled: 6, required: 4 })).toBe('5 of 6 present, 4 needed');
    expect(t('lobby-mode-remote.hint')).toBe('With my own camera and microphone');
  });

  it('that do not exist say their id', () => {
    expect(t('no-such-text')).toBe('[no-such-text]');
    expect(hasText('no-such-text')).toBe(false);
  });

  it.each(LOCALES)('exist in $id, and set language and direction of the page', async ({ id, dir }) => {
    await setLocale(id);
    expect(t('lobby-join')).not.toContain('[');
    expect([document.documentElement.lang, document.documentElement.dir]).toEqual([id, dir]);
  });

  it('of the pseudo locale are turned around, elements excepted', () => {
    expect(mirror('Read the <link>rules</link>')).toBe('\u202ERead the \u202C<link>\u202Erules\u202C</link>');
  });

  it('that are broken or repeated fail at once', () => {
    if (!english) throw new Error('English is listed');
    expect(() => makeBundle(english, ['a = 1', 'a = 2'])).toThrow(/a/u);
  });
});

describe('the locale', () => {
  it('is what the reader chose, then the account’s, then the browser’s', async () => {
    expect(negotiate('vi')).toBe('vi');
    expect(negotiate()).toBe('en');
    await setLocale('ar-XB', true);
    expect(negotiate('vi')).toBe('ar-XB');
    localStorage.setItem('plenum.locale', 'xx');
    expect(negotiate('vi-VN')).toBe('vi');
  });

  it('that is not listed changes nothing', async () => {
    await setLocale('xx');
    expect(document.documentElement.lang).toBe('en');
  });
});

describe('errors', () => {
  it('say what to do, with their parameters', () => {
    expect(errorText(new ApiError('throttled', '', { seconds: 5 }))).toBe(
      'Too many attempts. Please wait 5 seconds and try again.',
    );
  });

  it('that nobody foresaw get a text all the same', () => {
    expect(errorText(new ApiError('brand_new', ''))).toBe(t('error-unknown'));
    expect(errorText(new TypeError('x'))).toBe(t('error-unknown'));
  });
});

describe('figures', () => {
  it('are written as the reader’s language does', async () => {
    expect(formatDateTime('2026-11-21T08:00:00Z', 'Asia/Ho_Chi_Minh')).toBe('Nov 21, 2026, 3:00 PM');
    expect(formatNumber(1234.5)).toBe('1,234.5');
    await setLocale('vi');
    expect(formatNumber(1234.5)).toBe('1.234,5');
    expect(formatDuration(83.4)).toBe('1:23');
  });
});
