import type { VNode } from 'preact';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { AdministeredAccount, PlaceList } from '../../protocol/generated';
import { ErrorBanner, Loading, PageHeading, useLoad } from '../../ui';
import { AccessCard } from './AccessCard';
import { DetailsCard } from './DetailsCard';
import { StateBadge } from './PeopleTable';
import { RightsCard } from './RightsCard';

/** One person or hall: details, rights, the way in. */
export function PersonPage({ id }: { id: string }): VNode {
  const person = useLoad((stop) => api.get<AdministeredAccount>(`/administration/people/${id}`, stop), id);
  const places = useLoad((stop) => api.get<PlaceList>('/administration/places', stop), 'places');
  const hall = person.data?.account.roles.includes('room') ?? false;
  const back = hall ? { href: '/admin/rooms', text: t('admin-nav-rooms') } : { href: '/admin/people', text: t('admin-nav-people') };
  if (!person.data || !places.data)
    return (
      <>
        <PageHeading title={t('admin-person')} back={back} />
        <ErrorBanner error={person.error ?? places.error} onRetry={() => void Promise.all([person.reload(), places.reload()])} />
        {person.error || places.error ? null : <Loading />}
      </>
    );
  const { account } = person.data;
  const reload = () => void person.reload();
  return (
    <>
      <PageHeading title={account.name} back={back} meta={[<bdi key="u">{account.username}</bdi>, <StateBadge key="s" state={account.state} />]} />
      <div class="admin admin--person">
        <DetailsCard key={`d${account.id}`} person={person.data} places={places.data} onDone={reload} />
        <RightsCard key={`r${account.roles.join()}${account.clearance}`} person={person.data} places={places.data} onDone={reload} />
        <AccessCard person={person.data} onDone={reload} />
        <ErrorBanner error={person.error} onRetry={reload} />
      </div>
    </>
  );
}
