import type { VNode } from 'preact';
import { t } from '../../i18n';
import { me } from '../../state/session';
import { Banner, Page, PageHeading } from '../../ui';
import './admin.css';
import { AdminNav } from './AdminNav';
import { Import } from './Import';
import { Overview } from './Overview';
import { People } from './People';
import { PersonPage } from './PersonPage';
import { Places } from './Places';
import { Policies } from './Policies';
import { Rooms } from './Rooms';

const SECTIONS: Readonly<Record<string, () => VNode>> = {
  people: People,
  import: Import,
  sites: Places,
  rooms: Rooms,
  policies: Policies,
};

/** The administrator's pages: the directory, and how the deployment is set up. */
export default function Admin({ section, id }: { section?: string; id?: string }): VNode | null {
  const person = me.value;
  if (!person) return null;
  if (!person.roles.includes('administrator'))
    return (
      <Page title={t('admin-title')}>
        <PageHeading title={t('admin-title')} />
        <Banner tone="warning">
          <p>{t('admin-not-administrator')}</p>
        </Banner>
      </Page>
    );
  const Section = SECTIONS[section ?? ''] ?? Overview;
  return (
    <Page title={t(`admin-nav-${section ?? 'overview'}`)} context={t('admin-title')}>
      <AdminNav section={section ?? 'overview'} />
      {id === undefined ? <Section /> : <PersonPage id={id} />}
    </Page>
  );
}
