import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { AccountLine, AccountState, PlaceList } from '../../protocol/generated';
import { Badge, Table, type Tone } from '../../ui';
import { dutyOf } from './roles';

const TONES: Record<AccountState, Tone> = { active: 'success', waiting: 'warning', disabled: 'neutral' };

export function StateBadge({ state }: { state: AccountState }): VNode {
  return <Badge tone={TONES[state]}>{t(`admin-state-${state}`)}</Badge>;
}

export interface PeopleTableProps {
  people: AccountLine[];
  places: PlaceList | null;
  caption: string;
}

/** Accounts, one a row; on a phone one a card. */
export function PeopleTable({ people, places, caption }: PeopleTableProps): VNode {
  const units = new Map(places?.units.map(({ id, name }) => [id, name]));
  const sites = new Map(places?.sites.map(({ id, name }) => [id, name]));
  return (
    <Table
      class="admin-table"
      caption={caption}
      columns={[
        t('admin-name'),
        t('admin-username'),
        t('admin-place'),
        t('admin-role'),
        t('admin-state'),
      ]}
    >
      {people.map((person) => (
        <tr key={person.id} data-testid="admin-person" data-username={person.username}>
          <td>
            <a class="admin-table__link" href={`/admin/people/${person.id}`}>
              <bdi>{person.name}</bdi>
            </a>
            {person.title ? <span class="admin-table__more">{person.title}</span> : null}
          </td>
          <td>
            <bdi>{person.username}</bdi>
          </td>
          <td>
            {[units.get(person.unitId ?? ''), sites.get(person.siteId ?? '')].filter(Boolean).map((name) => (
              <span key={name} class="admin-table__line">
                {name}
              </span>
            ))}
          </td>
          <td>{t(`admin-role-${dutyOf(person.roles)}`)}</td>
          <td>
            <StateBadge state={person.state} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
