import { Download, FileDown } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { ApiError, api, apiUrl } from '../../protocol/http';
import type { ImportDone, ImportPlan } from '../../protocol/generated';
import { withStepUp } from '../../state/session';
import { Banner, Button, buttonClass, Card, Checkbox, ErrorBanner, Field, Icon, PageHeading, Progress, useAction } from '../../ui';
import { save } from './files';
import { ImportResult } from './ImportResult';
import { PlanView } from './PlanView';

interface Choice {
  file: File;
  units: boolean;
  sites: boolean;
}

function formOf({ file, units, sites }: Choice, digest = ''): FormData {
  const form = new FormData();
  form.set('units', units ? '1' : '0');
  form.set('sites', sites ? '1' : '0');
  form.set('digest', digest);
  form.set('file', file);
  return form;
}

/** Brings a whole directory in: a file, what it would do, and doing exactly that. */
export function Import(): VNode {
  const [choice, setChoice] = useState<Choice | null>(null);
  const [places, setPlaces] = useState({ units: false, sites: false });
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const [stale, setStale] = useState(false);
  const [done, setDone] = useState<ImportDone | null>(null);
  const { busy, error, run } = useAction();

  async function check(next: Choice): Promise<void> {
    setChoice(next);
    setDone(null);
    setPlan(null);
    await run(async () => setPlan(await api.upload<ImportPlan>('/administration/directory/plan', formOf(next))));
  }

  function tick(change: Partial<typeof places>): void {
    const next = { ...places, ...change };
    setPlaces(next);
    setStale(false);
    if (choice) void check({ ...choice, ...next });
  }

  /** Do what was shown. Where the directory has changed meanwhile, the new plan is shown instead. */
  async function apply(): Promise<void> {
    if (!choice || !plan) return;
    try {
      setDone(await withStepUp(() => api.upload<ImportDone>('/administration/directory', formOf(choice, plan.digest))));
      setPlan(null);
    } catch (failure) {
      if (!(failure instanceof ApiError && failure.code === 'import_stale')) throw failure;
      setStale(true);
      await check(choice);
    }
  }

  return (
    <>
      <PageHeading title={t('admin-nav-import')} meta={<span>{t('admin-import-lead')}</span>} />
      <div class="admin">
        <Card title={t('admin-import-file')} aside={<Files />}>
          <div class="form">
            <Field label={t('admin-import-choose')} hint={t('admin-import-hint')}>
              {(ids) => (
                <input
                  {...ids}
                  type="file"
                  accept=".csv,text/csv"
                  class="control"
                  data-testid="import-file"
                  onChange={(event) => {
                    const file = event.currentTarget.files?.[0];
                    setStale(false);
                    if (file) void check({ file, ...places });
                  }}
                />
              )}
            </Field>
            <Checkbox label={t('admin-import-units')} checked={places.units} disabled={busy} onValue={(units) => tick({ units })} data-testid="import-units" />
            <Checkbox label={t('admin-import-sites')} checked={places.sites} disabled={busy} onValue={(sites) => tick({ sites })} data-testid="import-sites" />
            {busy ? <Progress label={t('admin-import-reading')} /> : null}
            <ImportError error={error} />
          </div>
        </Card>
        {stale && plan ? (
          <Banner tone="warning" data-testid="import-stale">
            <p>{t('error-import-stale')}</p>
          </Banner>
        ) : null}
        {plan ? <PlanView key={plan.digest} plan={plan} onApply={apply} /> : null}
        {done ? <ImportResult done={done} /> : null}
      </div>
    </>
  );
}

/** A file that cannot be read at all is worded with its reason and row. */
function ImportError({ error }: { error: unknown }): VNode {
  if (!(error instanceof ApiError && error.code === 'import_invalid')) return <ErrorBanner error={error} />;
  const { reason, row } = error.params;
  return (
    <Banner tone="danger" data-testid="import-error">
      <p>{t(`admin-file-${reason}`, { row: row ?? 0 })}</p>
    </Banner>
  );
}

function Files(): VNode {
  const { busy, error, run } = useAction();
  return (
    <div class="actions">
      <a class={buttonClass('quiet')} href={apiUrl('/administration/directory/template')} download>
        <Icon icon={FileDown} />
        {t('admin-import-template')}
      </a>
      <Button
        kind="quiet"
        icon={Download}
        busy={busy}
        data-testid="export"
        onClick={() => void run(async () => save(await withStepUp(() => api.file('/administration/directory')), 'directory.csv'))}
      >
        {t('admin-export')}
      </Button>
      <ErrorBanner error={error} />
    </div>
  );
}
