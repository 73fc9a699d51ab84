import { Building2 } from 'lucide';
import type { VNode } from 'preact';
import { currentLocale, errorText, t } from '../../i18n';
import type { Endpoint, Participant, PresenceStatus } from '../../protocol/generated';
import { bySite, meetingHalls } from '../../state/viewModels';
import { Avatar, Badge, Icon, notify, type Tone } from '../../ui';
import './roster.css';
import { personConnection } from './connectionWords';
import type { RoomView } from './model';
import { QuietAll, QuietButton, QuietSite } from './QuietButtons';

const TONES: Record<PresenceStatus, Tone> = { present: 'success', excused: 'warning', absent: 'neutral' };
const STATUSES: readonly PresenceStatus[] = ['present', 'absent', 'excused'];

/** Everybody invited, by site: present or not, and how their connection stands, in words; then the halls. */
export function PeoplePanel({ room }: { room: RoomView }): VNode {
  const groups = bySite(room.snapshot, currentLocale().source);
  return (
    <div class="roster">
      <QuietAll room={room} />
      {groups.map(({ site, people }) => (
        <section key={site ?? ''} aria-label={site ?? t('room-no-site')}>
          <div class="roster__site">
            <h3>
              {site ?? t('room-no-site')}{' '}
              <span class="roster__count">
                {t('room-present-of', {
                  present: people.filter((one) => one.presence.status === 'present').length,
                  total: people.length,
                })}
              </span>
            </h3>
            {site ? <QuietSite room={room} site={site} siteId={people[0]?.siteId ?? null} /> : null}
          </div>
          <ul>
            {people.map((person) => (
              <Person key={person.personId} room={room} person={person} />
            ))}
          </ul>
        </section>
      ))}
      <Halls room={room} />
    </div>
  );
}

/** Halls are places: they have a connection, and neither presence nor a roll call. */
function Halls({ room }: { room: RoomView }): VNode | null {
  const halls = meetingHalls(room.snapshot, room.session.endpoints.value, currentLocale().source);
  if (halls.length === 0) return null;
  return (
    <section aria-label={t('room-halls')} data-testid="halls">
      <h3>{t('room-halls')}</h3>
      <ul>
        {halls.map(({ hall, endpoint }) => (
          <Hall key={hall.personId} room={room} hall={hall} endpoint={endpoint} />
        ))}
      </ul>
    </section>
  );
}

interface HallProps {
  room: RoomView;
  hall: Participant;
  endpoint: Endpoint | undefined;
}

function Hall({ room, hall, endpoint }: HallProps): VNode {
  const connection = endpoint && personConnection(endpoint.connection, room.meeting.qualities.value.get(hall.personId));
  return (
    <li class="roster__person">
      <span class="roster__hall">
        <Icon icon={Building2} size={24} />
      </span>
      <div class="roster__words">
        <strong>{hall.name}</strong>
        <span>{hall.siteName ?? t('room-no-site')}</span>
      </div>
      <Badge tone={connection?.good ? 'success' : connection ? 'warning' : 'neutral'}>
        {t(connection?.words ?? 'room-hall-away')}
      </Badge>
      {endpoint ? <QuietButton room={room} endpoint={endpoint} /> : null}
    </li>
  );
}

function Person({ room, person }: { room: RoomView; person: Participant }): VNode {
  const { status, mode } = person.presence;
  const endpoint = room.session.endpoints.value.find((one) => one.personId === person.personId);
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
      {endpoint ? <QuietButton room={room} endpoint={endpoint} /> : null}
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

function connectionOf({ meeting, session }: RoomView, person: Participant): string {
  const { endpointId } = person.presence;
  const own = session.endpoints.value.find((one) => one.personId === person.personId);
  if (own) {
    const mine = own.id === session.endpointId.value;
    const quality = mine ? session.quality.own.value : meeting.qualities.value.get(person.personId);
    return t(personConnection(own.connection, quality).words);
  }
  const hall = session.endpoints.value.find((one) => one.id === endpointId);
  if (hall && person.presence.status === 'present') return t('room-person-in', { hall: hall.name });
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
