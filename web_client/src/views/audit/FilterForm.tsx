import { Search } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { PersonInfo, SiteInfo } from '../../protocol/generated';
import { Button, Select, TextInput } from '../../ui';
import { ACTS, actText, GROUPS } from './acts';
import { type Filters, NO_FILTERS, OUTCOMES, usesMore } from './filters';

export interface FilterFormProps {
  people: PersonInfo[];
  sites: SiteInfo[];
  filters: Filters;
  busy: boolean;
  onSearch: (filters: Filters) => void;
}

/** By whom, about what, which act, with which outcome, when. */
export function FilterForm({ people, sites, filters, busy, onSearch }: FilterFormProps): VNode {
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
          label={t('audit-group')}
          value={form.group}
          options={[all, ...GROUPS.map((group) => ({ value: group, text: t(`audit-group-${group}`) }))]}
          onValue={(group) => set({ group, action: '' })}
          data-testid="audit-filter-group"
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
      </div>
      <details class="disclosure" open={usesMore(filters) || Boolean(filters.action)}>
        <summary data-testid="audit-filter-more">{t('audit-more-filters')}</summary>
        <div class="form">
          <div class="form__row">
            <Select
              label={t('audit-action')}
              value={form.action}
              options={[all, ...ACTS.map((act) => ({ value: act, text: actText(act) }))]}
              onValue={(action) => set({ action, group: '' })}
              data-testid="audit-filter-action"
            />
            <Select
              label={t('audit-site')}
              value={form.site}
              options={[{ value: '', text: t('audit-site-all') }, ...sites.map(({ id, name }) => ({ value: id, text: name }))]}
              onValue={(site) => set({ site })}
              data-testid="audit-filter-site"
            />
            <TextInput
              label={t('audit-source')}
              spellcheck={false}
              maxLength={64}
              value={form.source}
              onValue={(source) => set({ source })}
              data-testid="audit-filter-source"
            />
          </div>
          <div class="form__row">
            <TextInput
              label={t('audit-object')}
              placeholder={t('audit-object-hint')}
              spellcheck={false}
              maxLength={40}
              value={form.object}
              onValue={(object) => set({ object })}
              data-testid="audit-filter-object"
            />
            <TextInput
              label={t('audit-session')}
              spellcheck={false}
              maxLength={40}
              value={form.session}
              onValue={(session) => set({ session })}
              data-testid="audit-filter-session"
            />
          </div>
        </div>
      </details>
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
