import { Check } from 'lucide';
import type { VNode } from 'preact';
import { currentLocale, t } from '../../i18n';
import type { Participant, Poll, Snapshot } from '../../protocol/generated';
import { ballotOf, bySite } from '../../state/viewModels';
import { Icon, initials } from '../../ui';

type Seat = 'absent' | 'present' | 'voted';

/** Who sits where: present or not, and during a poll whether they have voted. How is never shown. */
export function SeatMap({ snapshot, poll }: { snapshot: Snapshot; poll: Poll | null }): VNode {
  const sites = bySite(snapshot, currentLocale().source)
    .map(({ site, people }) => ({ site, people: people.filter((one) => one.entitled) }))
    .filter(({ people }) => people.length > 0);
  return (
    <section class="seats" aria-label={t('display-seats')} data-testid="seats">
      {sites.map(({ site, people }) => (
        <div key={site ?? ''} class="seats__site">
          <h3>{site ?? t('room-no-site')}</h3>
          <ul>
            {people.map((person) => (
              <SeatMark key={person.personId} person={person} seat={seatOf(person, poll)} />
            ))}
          </ul>
        </div>
      ))}
      <p class="seats__legend" aria-hidden="true">
        {(poll ? ['voted', 'present', 'absent'] : ['present', 'absent']).map((seat) => (
          <span key={seat}>
            <i class={`seat seat--${seat}`} /> {t(`display-seat-${seat}`)}
          </span>
        ))}
      </p>
    </section>
  );
}

function SeatMark({ person, seat }: { person: Participant; seat: Seat }): VNode {
  return (
    <li class={`seat seat--${seat}`} data-seat={seat} title={person.name}>
      <span aria-hidden="true">{seat === 'voted' ? <Icon icon={Check} size={20} /> : initials(person.name)}</span>
      <span class="visually-hidden">{t('display-seat', { name: person.name, state: t(`display-seat-${seat}`) })}</span>
    </li>
  );
}

function seatOf(person: Participant, poll: Poll | null): Seat {
  if (poll && ballotOf(poll, person.personId)) return 'voted';
  return person.presence.status === 'present' ? 'present' : 'absent';
}
