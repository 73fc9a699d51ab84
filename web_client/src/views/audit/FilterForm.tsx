import { Search } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { PersonInfo } from '../../protocol/generated';
import { Button, Select, TextInput } from '../../ui';
import { ACTS, actText } from './acts';
import { type Filters, NO_FILTERS, OUTCOMES } from './filters';

export interface FilterFormProps {
  people: PersonInfo[];
  filters: Filters;
  busy: boolean;
  onSearch: (filters: Filters) => void;
}

/** By whom, about what, which act, with which outcome, when. */
export function FilterForm({ people, filters, busy, onSearch }: FilterFormProps): VNode {
  const [form, setForm] = useState(filters);
  useEffect(() => setForm(filters), [filters]);
  const set = (change: Partial<Filters>) => setForm({ ...form, ...change });
  const all = { value: '', text: t('audit-outcome-all') };

  return (
    <form
      class="card form"
      aria-label={t('audit-filters')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(form);
      }}
    >
      <div class="form__row">
        <Select
          label={t('audit-actor')}
          value={form.actor}
          options={[{ value: '', text: t('audit-actor-all') }, ...people.map(({ id, name }) => ({ value: id, text: name }))]}
          onValue={(actor) => set({ actor })}
          data-testid="audit-filter-actor"
        />
        <Select
          label={t('audit-action')}
          value={form.action}
          options={[all, ...ACTS.map((act) => ({ value: act, text: actText(act) }))]}
          onValue={(action) => set({ action })}
          data-testid="audit-filter-action"
        />
        <Select
          label={t('audit-outcome')}
          value={form.outcome}
          options={[all, ...OUTCOMES.map((outcome) => ({ value: outcome, text: t(`audit-outcome-${outcome}`) }))]}
          onValue={(outcome) => set({ outcome })}
          data-testid="audit-filter-outcome"
        />
      </div>
      <div class="form__row">
        <TextInput
          label={t('audit-since')}
          type="datetime-local"
          value={form.since}
          onValue={(since) => set({ since })}
          data-testid="audit-filter-since"
        />
        <TextInput
          label={t('audit-until')}
          type="datetime-local"
          value={form.until}
          onValue={(until) => set({ until })}
          data-testid="audit-filter-until"
        />
        <TextInput
          label={t('audit-object')}
          placeholder={t('audit-object-hint')}
          spellcheck={false}
          maxLength={40}
          value={form.object}
          onValue={(object) => set({ object })}
          data-testid="audit-filter-object"
        />
      </div>
      <div class="actions">
        <Button kind="primary" type="submit" icon={Search} busy={busy} data-testid="audit-filter-submit">
          {t('audit-search')}
        </Button>
        <Button kind="quiet" onClick={() => onSearch(NO_FILTERS)} data-testid="audit-filter-clear">
          {t('audit-clear')}
        </Button>
      </div>
    </form>
  );
}
