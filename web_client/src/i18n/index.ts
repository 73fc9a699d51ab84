export { errorText } from './errors';
export { formatDate, formatDateTime, formatDuration, formatNumber } from './format';
export { findLocale, LOCALES, type Locale } from './locales';
export { currentLocale, hasText, negotiate, setLocale, t, type Arguments } from './runtime';
