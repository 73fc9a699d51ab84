import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { AccountDetails, PlaceList } from '../../protocol/generated';
import { Select, TextInput } from '../../ui';

export type Details = Required<AccountDetails>;
export const NO_DETAILS: Details = { username: '', name: '', title: '', email: null, unitId: null, siteId: null, locale: 'vi' };

/** What lacks before the details can be sent, by field. */
export function missing(details: Details, hall: boolean): Partial<Record<keyof Details, string>> {
  return {
    ...(details.username.trim() ? {} : { username: t('admin-username-missing') }),
    ...(details.name.trim() ? {} : { name: t('admin-name-missing') }),
    ...(hall && !details.siteId ? { siteId: t('admin-hall-site-missing') } : {}),
  };
}

export interface DetailFieldsProps {
  details: Details;
  places: PlaceList;
  hall: boolean;
  /** Shows what is missing. */
  tried: boolean;
  onChange: (details: Details) => void;
}

/** Who somebody is, apart from rights. */
export function DetailFields({ details, places, hall, tried, onChange }: DetailFieldsProps): VNode {
  const set = (change: Partial<Details>) => onChange({ ...details, ...change });
  const errors = tried ? missing(details, hall) : {};
  const none = { value: '', text: t('admin-no-place') };
  return (
    <>
      <div class="form__row">
        <TextInput label={t(hall ? 'admin-hall-name' : 'admin-name')} maxLength={200} value={details.name} error={errors.name} onValue={(name) => set({ name })} data-testid="account-name" />
        <TextInput label={t('admin-username')} hint={t('admin-username-hint')} maxLength={64} spellcheck={false} autocomplete="off" value={details.username} error={errors.username} onValue={(username) => set({ username })} data-testid="account-username" />
      </div>
      {hall ? null : (
        <div class="form__row">
          <TextInput label={t('admin-person-title')} optional maxLength={200} value={details.title} onValue={(title) => set({ title })} />
          <TextInput label={t('admin-email')} optional maxLength={254} spellcheck={false} autocomplete="off" value={details.email ?? ''} onValue={(email) => set({ email: email.trim() || null })} />
        </div>
      )}
      <div class="form__row">
        <Select label={t('admin-unit')} value={details.unitId ?? ''} options={[none, ...places.units.map(({ id, name }) => ({ value: id, text: name }))]} onValue={(unitId) => set({ unitId: unitId || null })} />
        <Select label={t('admin-site')} value={details.siteId ?? ''} error={errors.siteId} options={[none, ...places.sites.map(({ id, name }) => ({ value: id, text: name }))]} onValue={(siteId) => set({ siteId: siteId || null })} data-testid="account-site" />
        <Select label={t('admin-locale')} value={details.locale} options={[{ value: 'vi', text: 'Tiếng Việt' }, { value: 'en', text: 'English' }]} onValue={(locale) => set({ locale })} />
      </div>
    </>
  );
}
