import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api, apiUrl } from '../../protocol/http';
import type { ExportPreview } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Banner, Button, Dialog, ErrorBanner, Loading, readerZone, Select, TextInput, useAction, useLoad } from '../../ui';
import { type Filters, searchQuery } from './filters';
import { save } from './save';

const FORMATS = ['ocsf', 'syslog', 'proof'] as const;

interface ExportDialogProps {
  filters: Filters;
  onClose: () => void;
}

/** The entries of the search as a file. What leaves, how much of it, and that this is recorded, is said before. */
export function ExportDialog({ filters, onClose }: ExportDialogProps): VNode {
  const [format, setFormat] = useState<string>('ocsf');
  const [kept, setKept] = useState('');
  const query = searchQuery(filters, readerZone());
  const preview = useLoad(() => withStepUp(() => api.get<ExportPreview>(`/audit/export/preview?${query}`)), query.toString());
  const { busy, error, run } = useAction();
  const count = preview.data?.count ?? 0;
  const blocked = format === 'proof' && preview.data?.provable === false;

  async function start(): Promise<void> {
    const started = await run(async () => {
      await withStepUp(() => api.get<ExportPreview>(`/audit/export/preview?${query}`));
      const asked = new URLSearchParams(query);
      asked.set('format', format);
      if (format === 'proof' && /^\d{1,15}$/u.test(kept.trim())) asked.set('kept', kept.trim());
      save(apiUrl(`/audit/export?${asked}`));
    });
    if (started) onClose();
  }

  return (
    <Dialog title={t('audit-export')} onClose={onClose} data-testid="export-dialog">
      <div class="form">
        <ErrorBanner error={preview.error ?? error} onRetry={() => void preview.reload()} />
        {preview.data ? <p data-testid="export-count">{t('audit-export-count', { count })}</p> : preview.error ? null : <Loading />}
        <Select
          label={t('audit-export-format')}
          hint={t(`audit-export-${format}-hint`)}
          value={format}
          options={FORMATS.map((one) => ({ value: one, text: t(`audit-export-${one}`) }))}
          onValue={setFormat}
          data-testid="export-format"
        />
        {format === 'proof' ? (
          <TextInput
            label={t('audit-export-kept')}
            hint={t('audit-export-kept-hint')}
            optional
            spellcheck={false}
            maxLength={15}
            value={kept}
            onValue={setKept}
            data-testid="export-kept"
          />
        ) : null}
        {blocked ? (
          <Banner tone="warning">
            <p>{t('audit-export-too-many')}</p>
          </Banner>
        ) : null}
        <p class="muted">{t('audit-export-recorded')}</p>
        <div class="actions actions--end">
          <Button kind="quiet" onClick={onClose}>
            {t('common-cancel')}
          </Button>
          <Button kind="primary" busy={busy} disabled={blocked || count === 0} onClick={() => void start()} data-testid="export-start">
            {t('audit-export-start')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
