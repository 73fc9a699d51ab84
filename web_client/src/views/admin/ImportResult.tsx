import { Download } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { ImportDone } from '../../protocol/generated';
import { Banner, Button, Card } from '../../ui';
import { linksFile, save } from './files';

/** What was done; the links of the new accounts are to be had here and now only. */
export function ImportResult({ done }: { done: ImportDone }): VNode {
  const { created, changed, refused, links } = done;
  return (
    <Card title={t('admin-import-done')} data-testid="import-done">
      <div class="stack">
        <p>{t('admin-import-done-text', { created, changed })}</p>
        {refused > 0 ? <p>{t('admin-import-left-out', { count: refused })}</p> : null}
        {links.length > 0 ? (
          <>
            <Banner tone="warning">
              <p>{t('admin-import-links-once')}</p>
            </Banner>
            <div>
              <Button kind="primary" icon={Download} onClick={() => save(linksFile(links), 'welcome-links.csv')} data-testid="import-links">
                {t('admin-import-links', { count: links.length })}
              </Button>
            </div>
          </>
        ) : null}
      </div>
    </Card>
  );
}
