import { Check } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { findLocale, t } from '../../i18n';
import type { Act, Column, ImportPlan, ImportRow } from '../../protocol/generated';
import { Badge, Banner, Button, ConfirmDialog, Table, type Tone } from '../../ui';

const ACTS: readonly Act[] = ['create', 'change', 'refused', 'unchanged'];
const TONES: Record<Act, Tone> = { create: 'success', change: 'accent', unchanged: 'neutral', refused: 'danger' };
const SHOWN = 100;

/** How many rows of each kind a plan has. */
export function countActs(plan: ImportPlan): Record<Act, number> {
  const counts: Record<Act, number> = { create: 0, change: 0, unchanged: 0, refused: 0 };
  for (const row of plan.rows) counts[row.act] += 1;
  return counts;
}

/** The dry run: every row with what would happen to it; nothing is written before it is confirmed. */
export function PlanView({ plan, onApply }: { plan: ImportPlan; onApply: () => Promise<void> }): VNode {
  const counts = countActs(plan);
  const [act, setAct] = useState<Act | null>(counts.refused > 0 ? 'refused' : null);
  const [limit, setLimit] = useState(SHOWN);
  const [asking, setAsking] = useState(false);
  const rows = plan.rows.filter((row) => act === null || row.act === act);
  const work = counts.create + counts.change;

  return (
    <section class="card admin-results" aria-label={t('admin-plan')} data-testid="plan">
      <h2>{t('admin-plan')}</h2>
      <p class="muted">{t('admin-plan-text')}</p>
      <PlanNotes plan={plan} />
      <div class="actions" role="group" aria-label={t('admin-plan-show')}>
        {[null, ...ACTS].map((one) => (
          <button
            key={one ?? 'all'}
            type="button"
            class="admin-chip"
            aria-pressed={act === one ? 'true' : 'false'}
            data-testid={`plan-${one ?? 'all'}`}
            data-count={one === null ? plan.rows.length : counts[one]}
            onClick={() => {
              setAct(one);
              setLimit(SHOWN);
            }}
          >
            {one === null ? t('admin-plan-all', { count: plan.rows.length }) : t(`admin-plan-${one}`, { count: counts[one] })}
          </button>
        ))}
      </div>
      {rows.length > 0 ? <PlanTable rows={rows.slice(0, limit)} /> : <p class="muted">{t('admin-plan-no-rows')}</p>}
      {rows.length > limit ? (
        <div>
          <Button onClick={() => setLimit(limit + SHOWN)}>{t('admin-plan-more', { count: rows.length - limit })}</Button>
        </div>
      ) : null}
      <div class="actions">
        {work > 0 ? (
          <Button kind="primary" icon={Check} onClick={() => setAsking(true)} data-testid="import-apply">
            {t('admin-import-apply', { count: work })}
          </Button>
        ) : (
          <p>{t('admin-plan-nothing')}</p>
        )}
      </div>
      {asking ? (
        <ConfirmDialog title={t('admin-import-apply', { count: work })} confirm={t('admin-import-confirm')} onConfirm={onApply} onClose={() => setAsking(false)} data-testid="import-confirm">
          <p>{t('admin-import-confirm-text', { created: counts.create, changed: counts.change })}</p>
          {counts.refused > 0 ? <p>{t('admin-import-left-out', { count: counts.refused })}</p> : null}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

function PlanNotes({ plan }: { plan: ImportPlan }): VNode | null {
  const notes = [
    plan.newUnits.length > 0 ? t('admin-plan-units', { names: plan.newUnits.join(', ') }) : '',
    plan.newSites.length > 0 ? t('admin-plan-sites', { names: plan.newSites.join(', ') }) : '',
    plan.ignored.length > 0 ? t('admin-plan-ignored', { names: plan.ignored.join(', ') }) : '',
  ].filter(Boolean);
  if (notes.length === 0) return null;
  return (
    <Banner>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </Banner>
  );
}

function PlanTable({ rows }: { rows: ImportRow[] }): VNode {
  return (
    <Table
      class="admin-table"
      caption={t('admin-plan')}
      columns={[
        t('admin-plan-row'),
        t('admin-plan-act'),
        t('admin-name'),
        t('admin-plan-what'),
      ]}
    >
      {rows.map((row) => (
        <tr key={row.number} data-testid="plan-row" data-act={row.act}>
          <td>
            <span class="admin-table__label">{t('admin-plan-row')} </span>
            {row.number}
          </td>
          <td>
            <Badge tone={TONES[row.act]}>{t(`admin-act-${row.act}`)}</Badge>
          </td>
          <td>
            <bdi>{row.name}</bdi>
            <span class="admin-table__more">
              <bdi>{row.username}</bdi>
            </span>
          </td>
          <td>{row.reason ? t(`admin-reason-${row.reason}`, { cell: row.cell }) : <Changes row={row} />}</td>
        </tr>
      ))}
    </Table>
  );
}

const LABELS: readonly string[] = ['public', 'internal', 'restricted', 'confidential', 'secret', 'top_secret'];

/** A field's value as the reader says it: roles, labels and languages have words of their own. */
export function shownValue(field: Column, value: string): string {
  if (field === 'roles') return value.split('; ').map((role) => t(`admin-role-${role}`)).join(', ');
  if (field === 'clearance') return t(`label-${LABELS.indexOf(value)}`);
  if (field === 'locale') return findLocale(value)?.name ?? value;
  return value;
}

function Changes({ row }: { row: ImportRow }): VNode {
  const shown = row.act === 'create' ? row.changes.filter(({ field }) => field !== 'username' && field !== 'name') : row.changes;
  return (
    <ul class="admin-changes">
      {shown.map(({ field, old, new: now }) => (
        <li key={field}>
          <span class="muted">{t(`admin-column-${field}`)}</span> {old ? <del>{shownValue(field, old)}</del> : null}{' '}
          <ins>{shownValue(field, now)}</ins>
        </li>
      ))}
    </ul>
  );
}
