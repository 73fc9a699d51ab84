import { ChevronDown, ChevronUp, Filter, History, SearchX } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { hasText, t } from '../../i18n';
import type { AuditRow } from '../../protocol/generated';
import { Badge, Button, buttonClass, DateTime, EmptyState, Icon, IconButton, Table, type Tone } from '../../ui';
import { actText } from './acts';
import type { Filters } from './filters';
import { detailName, detailText, objectText, timelinePath } from './words';

export interface AuditTableProps {
  rows: AuditRow[];
  /** How many entries the whole log has. */
  size: number;
  filters: Filters;
  onFilter: (filters: Filters) => void;
  /** Reads earlier entries; undefined at the end. */
  more: (() => void) | undefined;
  busy: boolean;
  /** What can be done with what was found. */
  actions?: ComponentChildren;
}

/** The entries found, newest first. */
export function AuditTable({ rows, size, filters, onFilter, more, busy, actions }: AuditTableProps): VNode {
  return (
    <section class="card audit__results">
      <div class="audit__found">
        <output class="muted">
          {t('audit-results', { size })} · {t('audit-shown', { count: rows.length })}
        </output>
        {actions}
      </div>
      {rows.length === 0 ? (
        <EmptyState icon={SearchX} title={t('audit-none')}>
          <p>{t('audit-none-text')}</p>
        </EmptyState>
      ) : (
        <Table
          class="audit-table"
          caption={t('audit-title')}
          columns={[
            t('audit-column-index'),
            t('audit-column-time'),
            t('audit-column-person'),
            t('audit-column-action'),
            t('audit-column-outcome'),
            <span class="visually-hidden">{t('audit-column-details')}</span>,
          ]}
        >
          {rows.map((row) => (
            <Entry key={row.index} row={row} filters={filters} onFilter={onFilter} />
          ))}
        </Table>
      )}
      {more ? (
        <div>
          <Button onClick={more} busy={busy} data-testid="audit-more">
            {t('audit-more')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

const TONES: Record<string, Tone> = { success: 'success', denied: 'danger', failure: 'warning' };

interface EntryProps {
  row: AuditRow;
  filters: Filters;
  onFilter: (filters: Filters) => void;
}

function Entry({ row, filters, onFilter }: EntryProps): VNode {
  const [open, setOpen] = useState(false);
  const object = objectText(row);
  const outcome = `audit-outcome-${row.outcome}`;
  const detailsId = `audit-details-${row.index}`;
  return (
    <>
      <tr data-testid="audit-row" data-index={row.index}>
        <td class="audit-table__index">{row.index}</td>
        <td>
          <DateTime at={row.at} />
        </td>
        <td>{row.actorName ?? row.actorId ?? <span class="muted">{t('audit-system')}</span>}</td>
        <td>
          {actText(row.action)}
          {object ? <span class="audit-table__object">{object}</span> : <code class="audit-table__code">{row.action}</code>}
        </td>
        <td>
          <Badge tone={TONES[row.outcome] ?? 'neutral'}>{hasText(outcome) ? t(outcome) : row.outcome}</Badge>
        </td>
        <td class="audit-table__toggle">
          <IconButton
            icon={open ? ChevronUp : ChevronDown}
            label={t('audit-details-show', { index: row.index })}
            aria-expanded={open ? 'true' : 'false'}
            aria-controls={open ? detailsId : undefined}
            onClick={() => setOpen(!open)}
          />
        </td>
      </tr>
      {open ? (
        <tr id={detailsId} class="audit-table__details">
          <td colSpan={6}>
            <Details row={row} filters={filters} onFilter={onFilter} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Details({ row, filters, onFilter }: EntryProps): VNode {
  const { actorId, objectId, objectType, session } = row;
  const object = objectText(row);
  const details = Object.entries(row.details);
  return (
    <div class="stack">
      <dl class="audit-details">
        <Fact name={t('audit-action')}>
          <code>{row.action}</code>
        </Fact>
        {objectId ? (
          <Fact name={t('audit-column-object')}>
            {object} <code>{`${objectType} ${objectId}`}</code>
          </Fact>
        ) : null}
        {row.siteName ? <Fact name={t('audit-site')}>{row.siteName}</Fact> : null}
        {session ? (
          <Fact name={t('audit-session')}>
            <code>{session}</code>
          </Fact>
        ) : null}
        {details.map(([name, value]) => (
          <Fact key={name} name={detailName(name)}>
            {detailText(name, value, row.names)}
          </Fact>
        ))}
      </dl>
      {row.erased ? <p class="muted">{t('audit-erased')}</p> : null}
      {row.withheld ? <p class="muted">{t('audit-withheld')}</p> : null}
      <div class="actions">
        <TimelineLink kind="person" id={actorId} text={t('audit-timeline-person')} />
        <TimelineLink kind={objectType} id={objectId} text={t('audit-timeline-object')} />
        <TimelineLink kind="session" id={session} text={t('audit-timeline-session')} />
        {objectId ? (
          <Button kind="quiet" icon={Filter} onClick={() => onFilter({ ...filters, object: objectId })}>
            {t('audit-only-object')}
          </Button>
        ) : null}
        {actorId ? (
          <Button kind="quiet" icon={Filter} onClick={() => onFilter({ ...filters, actor: actorId })}>
            {t('audit-only-actor')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function TimelineLink({ kind, id, text }: { kind: string | null; id: string | null; text: string }): VNode | null {
  const path = timelinePath(kind, id);
  if (path === null) return null;
  return (
    <a class={buttonClass('quiet')} href={path} data-testid={`timeline-of-${kind}`}>
      <Icon icon={History} />
      <span>{text}</span>
    </a>
  );
}
