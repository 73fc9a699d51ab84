import { UserPlus, Users } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { currentLocale, t } from '../../i18n';
import type { Invitations, Participant, Snapshot } from '../../protocol/generated';
import { Avatar, Badge, Button, Card, EmptyState } from '../../ui';
import { ResponseBadge } from './badges';
import { InviteDialog } from './InviteDialog';
import { ROLES } from './invitations';
import './people.css';

const SHOWN_AT_FIRST = 12;

export interface PeopleProps {
  snapshot: Snapshot;
  prepare: boolean;
  inviting: boolean;
  onInviting: (open: boolean) => void;
  onInvite: (body: Invitations) => Promise<void>;
}

/** Who is invited, in which role, and what they answered. */
export function People({ snapshot, prepare, inviting, onInviting, onInvite }: PeopleProps): VNode {
  const [all, setAll] = useState(false);
  const people = inOrder(snapshot.participants);
  const shown = all ? people : people.slice(0, SHOWN_AT_FIRST);
  return (
    <Card
      title={t('desk-people', { count: people.length })}
      aside={
        prepare ? (
          <Button icon={UserPlus} onClick={() => onInviting(true)} data-testid="invite">
            {t('people-edit')}
          </Button>
        ) : null
      }
    >
      {people.length === 0 ? (
        <EmptyState icon={Users} title={t('people-none')} />
      ) : (
        <ul class="people" id="people" tabIndex={-1}>
          {shown.map((person) => (
            <Person key={person.personId} person={person} />
          ))}
        </ul>
      )}
      {shown.length < people.length ? (
        <Button kind="quiet" onClick={() => setAll(true)}>
          {t('home-show-all', { count: people.length })}
        </Button>
      ) : null}
      {inviting && prepare ? (
        <InviteDialog participants={snapshot.participants} onSubmit={onInvite} onClose={() => onInviting(false)} />
      ) : null}
    </Card>
  );
}

/** By role, then by name as the reader's language sorts it. */
function inOrder(participants: readonly Participant[]): Participant[] {
  const collator = new Intl.Collator(currentLocale().source);
  return participants.toSorted(
    (one, other) => ROLES.indexOf(one.role) - ROLES.indexOf(other.role) || collator.compare(one.name, other.name),
  );
}

function Person({ person }: { person: Participant }): VNode {
  const place = [...new Set([person.title, person.unitName, person.siteName])].filter(Boolean).join(' · ');
  return (
    <li class="people__person">
      <Avatar name={person.name} />
      <div class="people__text">
        <strong>{person.name}</strong>
        <span class="muted">{place}</span>
        {person.responseReason ? <span class="muted">{t('people-reason', { reason: person.responseReason })}</span> : null}
      </div>
      <span class="people__badges">
        <Badge tone={person.role === 'chair' || person.role === 'secretary' ? 'accent' : 'neutral'}>{t(`role-${person.role}`)}</Badge>
        {person.role === 'member' && !person.entitled ? <Badge>{t('people-no-vote')}</Badge> : null}
        {person.role === 'room' ? null : <ResponseBadge response={person.response} />}
      </span>
    </li>
  );
}
