import { Plus, Projector } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AccountPage, PlaceList } from '../../protocol/generated';
import { Button, EmptyState, ErrorBanner, Loading, PageHeading, useLoad } from '../../ui';
import { NewAccountDialog } from './NewAccountDialog';
import { Pager } from './Pager';
import { NO_FILTERS, peoplePath } from './People';
import { PeopleTable } from './PeopleTable';

/** The halls: accounts of rooms with camera and screen, each at a site. */
export function Rooms(): VNode {
  const [number, setNumber] = useState(1);
  const [adding, setAdding] = useState(false);
  const path = peoplePath({ ...NO_FILTERS, role: 'room', page: number });
  const halls = useLoad((stop) => api.get<AccountPage>(path, stop), path);
  const places = useLoad((stop) => api.get<PlaceList>('/administration/places', stop), 'places');
  const page = halls.data;
  return (
    <>
      <PageHeading
        title={t('admin-nav-rooms')}
        meta={<span>{t('admin-rooms-lead')}</span>}
        actions={
          <Button kind="primary" icon={Plus} onClick={() => setAdding(true)} data-testid="admin-add-hall">
            {t('admin-add-hall')}
          </Button>
        }
      />
      <div class="admin">
        <ErrorBanner error={halls.error ?? places.error} onRetry={() => void Promise.all([halls.reload(), places.reload()])} />
        {page ? (
          <section class="card admin-results">
            {page.total === 0 ? (
              <EmptyState icon={Projector} title={t('admin-rooms-none')}>
                <p>{t('admin-rooms-none-text')}</p>
              </EmptyState>
            ) : (
              <PeopleTable people={page.people} places={places.data} caption={t('admin-nav-rooms')} />
            )}
            <Pager page={page.page} pages={page.pages} onPage={setNumber} />
          </section>
        ) : halls.error ? null : (
          <Loading />
        )}
      </div>
      {adding && places.data ? (
        <NewAccountDialog
          hall
          places={places.data}
          onClose={() => {
            setAdding(false);
            void halls.reload();
          }}
        />
      ) : null}
    </>
  );
}
