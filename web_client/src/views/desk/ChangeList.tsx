import { FilePenLine, ListPlus, ListX, Lock, MoveVertical, type IconNode } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AgendaChanges, FieldChange, ItemChange } from '../../protocol/generated';
import { dayAndHours, ErrorBanner, Icon, Loading, useLoad } from '../../ui';

const ICONS: Record<ItemChange['kind'], IconNode> = { added: ListPlus, removed: ListX, changed: FilePenLine, moved: MoveVertical };

/** What changed between two versions of an agenda, read from `path`. */
export function LoadedChanges({ path, zone }: { path: string; zone: string }): VNode {
  const { data, error, reload } = useLoad((signal) => api.get<AgendaChanges>(path, signal), path);
  return (
    <>
      <ErrorBanner error={error} onRetry={() => void reload()} />
      {data ? <ChangeList changes={data} zone={zone} /> : error ? null : <Loading />}
    </>
  );
}

export function ChangeList({ changes, zone }: { changes: AgendaChanges; zone: string }): VNode {
  if (isSame(changes)) return <p class="muted">{t('change-none')}</p>;
  return (
    <ul class="changes" data-testid="changes">
      {changes.heading.map((change) => (
        <li key={change.field} class="changes__line">
          <Icon icon={FilePenLine} size={18} />
          <Field change={change} zone={zone} />
        </li>
      ))}
      {changes.items.map((item) => (
        <li key={`${item.kind}/${item.itemId}`} class="changes__line">
          <Icon icon={item.hidden ? Lock : ICONS[item.kind]} size={18} />
          <div>
            <span>
              <strong>{t(`change-${item.kind}`)}</strong> <ItemName item={item} />
            </span>
            {item.fields.map((change, index) => (
              <Field key={index} change={change} zone={zone} />
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Whether nothing changed at all. */
export function isSame(changes: AgendaChanges): boolean {
  return changes.heading.length === 0 && changes.items.length === 0;
}

function ItemName({ item }: { item: ItemChange }): VNode {
  const number = item.number === null ? '' : `${item.number}. `;
  return <bdi>{number + (item.hidden ? t('agenda-hidden') : item.title)}</bdi>;
}

/** One field: its name, what it was (struck out) and what it is. */
function Field({ change, zone }: { change: FieldChange; zone: string }): VNode {
  const { field } = change;
  const before = wording(field, change.before, zone);
  const after = wording(field, change.after, zone);
  return (
    <span class="changes__field">
      <span class="muted">{t(`change-field-${field.replaceAll('_', '-')}`)}:</span>{' '}
      {before ? (
        <del>
          <span class="visually-hidden">{t('change-before')} </span>
          <bdi>{before}</bdi>
        </del>
      ) : null}{' '}
      {after ? (
        <ins>
          <span class="visually-hidden">{t('change-after')} </span>
          <bdi>{after}</bdi>
        </ins>
      ) : null}
    </span>
  );
}

function wording(field: string, value: string, zone: string): string {
  if (!value) return '';
  if (field === 'kind') return t(`kind-${value}`);
  if (field === 'minutes') return t('agenda-minutes', { minutes: Number(value) });
  if (field === 'restricted') return t(value === 'true' ? 'change-yes' : 'change-no');
  if (field !== 'time') return value;
  const [from = '', until = ''] = value.split('/');
  const { day, hours } = dayAndHours(from, until, zone);
  return `${day}, ${hours}`;
}
