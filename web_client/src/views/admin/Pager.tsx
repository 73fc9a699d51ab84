import { ChevronLeft, ChevronRight } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { IconButton } from '../../ui';

/** Goes from page to page of a long list; draws nothing for a short one. */
export function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }): VNode | null {
  if (pages < 2) return null;
  return (
    <nav class="actions" aria-label={t('admin-pages')}>
      <IconButton icon={ChevronLeft} directional label={t('admin-page-before')} disabled={page <= 1} onClick={() => onPage(page - 1)} />
      <span>{t('admin-page', { page, pages })}</span>
      <IconButton icon={ChevronRight} directional label={t('admin-page-next')} disabled={page >= pages} onClick={() => onPage(page + 1)} />
    </nav>
  );
}
