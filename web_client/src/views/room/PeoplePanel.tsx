import type { VNode } from 'preact';
import { currentLocale, errorText, t } from '../../i18n';
import type { Participant, PresenceStatus } from '../../protocol/generated';
import { bySite } from '../../state/viewModels';
import { Avatar, Badge, notify, type Tone } from '../../ui';
import './roster.css';
import type { RoomView } from './model';

const TONES: Record<PresenceStatus, Tone> = { present: 'success', excused: 'warning', absent: 'neutral' };
const STATUSES: readonly PresenceStatus[] = ['present', 'absent', 'excused'];

/** Everybody invited, by site: present or not, and how their connection stands, in words. */
export function PeoplePanel({ room }: { room: RoomView }): VNode {
  const groups = bySite(room.snapshot, currentLocale().source);
  return (
    <div class="roster">
      {groups.map(({ site, people }) => (
        <section key={site ?? ''} aria-label={site ?? t('room-no-site')}>
          <h3>
            {site ?? t('room-no-site')}{' '}
            <span class="roster__count">
              {t('room-present-of', {
                present: people.filter((one) => one.presence.status === 'present').length,
                total: people.length,
              })}
            </span>
          </h3>
          <ul>
            {people.map((person) => (
              <Person key={person.personId} room={room} person={person} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Person({ room, person }: { room: RoomView; person: Participant }): VNode {
  const { status, mode } = person.presence;
  return (
    <li class="roster__person">
      <Avatar name={person.name} />
      <div class="roster__words">
        <strong>{person.name}</strong>
        <span>
          {t(`role-${person.role}`)}
          {person.entitled ? '' : ` · ${t('room-no-vote')}`}
        </span>
        <span>{connectionOf(room, person)}</span>
      </div>
      {room.can.run ? (
        <RollCall room={room} person={person} />
      ) : (
        <Badge tone={TONES[status]}>
          {t(mode && status === 'present' ? `room-presence-${mode}` : `room-presence-${status}`)}
        </Badge>
      )}
    </li>
  );
}

function connectionOf({ session }: RoomView, person: Participant): string {
  const endpoint = session.endpoints.value.find((one) => one.personId === person.personId);
  if (endpoint) return t(`room-person-${endpoint.connection}`);
  if (person.presence.status === 'present')
    return t(person.presence.mode === 'in_person' ? 'room-person-in-hall' : 'room-person-no-media');
  return person.responseReason ?? '';
}

/** The secretary's roll call, person by person. */
function RollCall({ room, person }: { room: RoomView; person: Participant }): VNode {
  const call = (status: PresenceStatus) => {
    const mode = person.presence.mode ?? 'in_person';
    room.meeting
      .request('roll_call', { personId: person.personId, status, mode })
      .catch((error: unknown) => notify(errorText(error)));
  };
  return (
    <select
      class="control roster__roll"
      aria-label={t('room-roll-call', { name: person.name })}
      value={person.presence.status}
      onChange={(event) => call(event.currentTarget.value as PresenceStatus)}
      data-testid={`roll-${person.personId}`}
    >
      {STATUSES.map((status) => (
        <option key={status} value={status}>
          {t(`room-presence-${status}`)}
        </option>
      ))}
    </select>
  );
}
