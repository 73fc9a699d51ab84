import { signal } from '@preact/signals';
import { SearchX, UserPlus } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AccountPage, PlaceList } from '../../protocol/generated';
import { onDeparture } from '../../state/departure';
import { Button, EmptyState, ErrorBanner, Loading, PageHeading, Select, TextInput, useLoad } from '../../ui';
import { NewAccountDialog } from './NewAccountDialog';
import { Pager } from './Pager';
import { PeopleTable } from './PeopleTable';
import { dutyOptions } from './roles';

export interface Filters {
  q: string;
  role: string;
  unit: string;
  site: string;
  state: string;
  page: number;
}
export const NO_FILTERS: Filters = { q: '', role: '', unit: '', site: '', state: '', page: 1 };

/** Kept while the administrator looks at a person and comes back. */
const kept = signal<Filters>(NO_FILTERS);
onDeparture(() => {
  kept.value = NO_FILTERS;
});
const PAUSE_MS = 200;

export function peoplePath(filters: Filters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, String(value));
  return `/administration/people?${query}`;
}

/** Everybody who has an account, to search and to add to. */
export function People(): VNode {
  const filters = kept.value;
  const [path, setPath] = useState(peoplePath(filters));
  const [adding, setAdding] = useState(false);
  const places = useLoad((stop) => api.get<PlaceList>('/administration/places', stop), 'places');
  const found = useLoad((stop) => api.get<AccountPage>(path, stop), path);
  const last = useRef<AccountPage | null>(null);
  if (found.data) last.current = found.data;
  const page = last.current;
  useEffect(() => {
    const timer = setTimeout(() => setPath(peoplePath(filters)), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [filters]);

  return (
    <>
      <PageHeading
        title={t('admin-nav-people')}
        actions={
          <Button kind="primary" icon={UserPlus} onClick={() => setAdding(true)} data-testid="admin-add">
            {t('admin-add-person')}
          </Button>
        }
      />
      <div class="admin">
        <Search filters={filters} places={places.data} />
        <ErrorBanner error={found.error ?? places.error} onRetry={() => void Promise.all([found.reload(), places.reload()])} />
        {page ? <Results page={page} places={places.data} /> : found.error ? null : <Loading />}
      </div>
      {adding && places.data ? (
        <NewAccountDialog
          places={places.data}
          onClose={() => {
            setAdding(false);
            void found.reload();
          }}
        />
      ) : null}
    </>
  );
}

function Search({ filters, places }: { filters: Filters; places: PlaceList | null }): VNode {
  const set = (change: Partial<Filters>) => {
    kept.value = { ...filters, page: 1, ...change };
  };
  const all = { value: '', text: t('admin-all') };
  const named = (list: readonly { id: string; name: string }[] | undefined) => [
    all,
    ...(list ?? []).map(({ id, name }) => ({ value: id, text: name })),
  ];
  return (
    <form class="card admin-search" role="search" aria-label={t('admin-search')} onSubmit={(event) => event.preventDefault()}>
      <TextInput
        label={t('admin-search')}
        type="search"
        placeholder={t('admin-search-hint')}
        autocomplete="off"
        spellcheck={false}
        value={filters.q}
        onValue={(q) => set({ q })}
        data-testid="admin-search"
      />
      <Select label={t('admin-role')} value={filters.role} options={[all, ...dutyOptions()]} onValue={(role) => set({ role })} />
      <Select label={t('admin-unit')} value={filters.unit} options={named(places?.units)} onValue={(unit) => set({ unit })} />
      <Select label={t('admin-site')} value={filters.site} options={named(places?.sites)} onValue={(site) => set({ site })} />
      <Select
        label={t('admin-state')}
        value={filters.state}
        options={[all, ...['active', 'waiting', 'disabled'].map((state) => ({ value: state, text: t(`admin-state-${state}`) }))]}
        onValue={(state) => set({ state })}
        data-testid="admin-filter-state"
      />
    </form>
  );
}

function Results({ page, places }: { page: AccountPage; places: PlaceList | null }): VNode {
  return (
    <section class="card admin-results">
      <output class="muted" data-testid="admin-found">
        {t('admin-found', { count: page.total })}
      </output>
      {page.total === 0 ? (
        <EmptyState icon={SearchX} title={t('admin-none')}>
          <Button onClick={() => (kept.value = NO_FILTERS)}>{t('admin-clear')}</Button>
        </EmptyState>
      ) : (
        <PeopleTable people={page.people} places={places} caption={t('admin-nav-people')} />
      )}
      <Pager page={page.page} pages={page.pages} onPage={(wanted) => (kept.value = { ...kept.value, page: wanted })} />
    </section>
  );
}
