import { currentLocale, hasText, t } from '../../i18n';
import type { AuditRow } from '../../protocol/generated';

/** A fact's value as the wire has it. */
export type DetailValue = AuditRow['details'][string];

/** The name of a detail in words; its key where there are none. */
export function detailName(key: string): string {
  const id = `audit-detail-${key}`;
  return hasText(id) ? t(id) : key;
}

/** A detail's value in words: people by their names, codes by their texts. */
export function detailText(key: string, value: DetailValue, names: AuditRow['names']): string {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'boolean') return t(value ? 'audit-yes' : 'audit-no');
  const text = String(value);
  const code = `audit-value-${key}-${text.replaceAll(/[^a-z0-9]+/giu, '_')}`;
  return names[text] ?? (hasText(code) ? t(code) : text);
}

/** The kind of an object in words. */
export function kindText(kind: string): string {
  const id = `audit-kind-${kind}`;
  return hasText(id) ? t(id) : kind;
}

/** What an officer may call an object: its name, or that it is restricted, with its id. */
export function objectText(row: Pick<AuditRow, 'objectType' | 'objectId' | 'objectName' | 'restricted'>): string | null {
  if (row.objectName) return row.objectName;
  if (!row.objectType || !row.objectId) return null;
  const kind = kindText(row.objectType);
  return row.restricted ? t('audit-restricted', { kind, id: row.objectId }) : `${kind} ${row.objectId}`;
}

const TIMELINES: readonly string[] = ['person', 'meeting', 'paper', 'session'];

/** Where the timeline of an object is told; null where there is none. */
export function timelinePath(kind: string | null, id: string | null): string | null {
  if (!kind || !id || !TIMELINES.includes(kind)) return null;
  return `/audit/${kind}/${encodeURIComponent(id.split(':')[0] ?? id)}`;
}

/** "08:03:12" on the reader's clock. */
export function clockText(at: string): string {
  return new Intl.DateTimeFormat(currentLocale().source, { timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(at));
}

/** "Monday, 23 November 2026" on the reader's calendar. */
export function dayText(at: string): string {
  return new Intl.DateTimeFormat(currentLocale().source, { dateStyle: 'full' }).format(new Date(at));
}
