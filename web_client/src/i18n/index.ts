export { errorText } from './errors';
export { formatDate, formatDateTime, formatDuration, formatMeetingTime, formatNumber, formatTime } from './format';
export { findLocale, LOCALES, type Locale } from './locales';
export { Localized } from './Localized';
export { currentLocale, hasText, negotiate, setLocale, t, type Arguments } from './runtime';
