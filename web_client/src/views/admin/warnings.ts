import { formatDate, t } from '../../i18n';
import type { Operations } from '../../protocol/generated';

const LOW = 0.1; // of the disk

/** What an administrator should do something about, in sentences. */
export function warningsOf({ certificates, relays, storage }: Operations): string[] {
  const due = certificates
    .filter((one) => one.due)
    .map((one) => t('admin-warning-certificate', { name: one.name, date: formatDate(one.expiresAt) }));
  const away = relays.filter((one) => !one.connected).map((one) => t('admin-warning-relay', { name: one.id }));
  const none = relays.length === 0 ? [t('admin-warning-no-relay')] : [];
  const low = storage.freeBytes < LOW * storage.totalBytes ? [t('admin-warning-storage')] : [];
  return [...due, ...away, ...none, ...low];
}
