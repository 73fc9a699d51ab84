import { Save, UserPlus, UserX, X } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { api } from '../../protocol/http';
import type { Directory, Invitations, Invitee, MeetingRole, Participant, PersonInfo } from '../../protocol/generated';
import { Avatar, Button, Checkbox, Dialog, EmptyState, ErrorBanner, IconButton, Loading, notify, TextInput, useAction, useLoad } from '../../ui';
import { inviteesOf, newInvitee, ROLES, searchDirectory, withRole } from './invitations';
import './people.css';

const SHOWN_RESULTS = 20;

export interface InviteDialogProps {
  participants: Participant[];
  onSubmit: (body: Invitations) => Promise<void>;
  onClose: () => void;
}

/** Chooses who is invited: search on one side, the whole list with roles on the other. */
export function InviteDialog({ participants, onSubmit, onClose }: InviteDialogProps): VNode {
  const directory = useLoad((signal) => api.get<Directory>('/directory', signal), 'directory');
  const [invitees, setInvitees] = useState<Invitee[]>(() => inviteesOf(participants));
  const { busy, error, run } = useAction();

  async function save(): Promise<void> {
    if (!(await run(() => onSubmit({ invitees })))) return;
    notify(t('invite-saved'));
    onClose();
  }

  return (
    <Dialog title={t('invite-title')} onClose={onClose} wide>
      <ErrorBanner error={directory.error} onRetry={() => void directory.reload()} />
      {directory.data ? (
        <div class="invite">
          <Search directory={directory.data} invitees={invitees} onChange={setInvitees} />
          <Chosen directory={directory.data} participants={participants} invitees={invitees} onChange={setInvitees} />
        </div>
      ) : directory.error ? null : (
        <Loading />
      )}
      <ErrorBanner error={error} />
      <div class="actions actions--end invite__actions">
        <Button kind="quiet" onClick={onClose}>
          {t('common-cancel')}
        </Button>
        <Button kind="primary" icon={Save} busy={busy} disabled={!directory.data} onClick={() => void save()} data-testid="save-invitations">
          {t('invite-save')}
        </Button>
      </div>
    </Dialog>
  );
}

interface ListProps {
  directory: Directory;
  invitees: Invitee[];
  onChange: (invitees: Invitee[]) => void;
}

function Search({ directory, invitees, onChange }: ListProps): VNode {
  const [query, setQuery] = useState('');
  const invited = new Set(invitees.map(({ personId }) => personId));
  const found = searchDirectory(directory, query).filter((person) => !invited.has(person.id));
  const shown = found.slice(0, SHOWN_RESULTS);
  return (
    <section class="invite__side">
      <TextInput
        label={t('invite-search')}
        hint={t('invite-search-hint')}
        type="search"
        autofocus
        value={query}
        onValue={setQuery}
        data-testid="invite-search"
      />
      <output class="muted">
        {found.length === 0 ? t('invite-nobody') : t('invite-results', { count: found.length })}
      </output>
      <ul class="invite__list">
        {shown.map((person) => (
          <li key={person.id} class="invite__person">
            <PersonText directory={directory} person={person} />
            <IconButton
              icon={UserPlus}
              label={t('invite-add', { name: person.name })}
              onClick={() => onChange([...invitees, newInvitee(person)])}
              data-testid={`invite-${person.id}`}
            />
          </li>
        ))}
      </ul>
      {found.length > shown.length ? <p class="muted">{t('invite-more', { count: found.length - shown.length })}</p> : null}
    </section>
  );
}

function PersonText({ directory, person }: { directory: Directory; person: Pick<PersonInfo, 'name' | 'title' | 'unitId'> }): VNode {
  const unit = directory.units.find(({ id }) => id === person.unitId)?.name;
  return (
    <>
      <Avatar name={person.name} />
      <span class="people__text">
        <strong>{person.name}</strong>
        <span class="muted">{[person.title, unit].filter(Boolean).join(' · ')}</span>
      </span>
    </>
  );
}

interface ChosenProps extends ListProps {
  participants: Participant[];
}

function Chosen({ directory, participants, invitees, onChange }: ChosenProps): VNode {
  const people = new Map(directory.people.map((person) => [person.id, person]));
  const change = (changed: Invitee) =>
    onChange(invitees.map((invitee) => (invitee.personId === changed.personId ? changed : invitee)));
  return (
    <section class="invite__side">
      <h3>{t('invite-chosen', { count: invitees.length })}</h3>
      {invitees.length === 0 ? <EmptyState icon={UserX} title={t('invite-chosen-none')} /> : null}
      <ul class="invite__list">
        {invitees.map((invitee) => {
          const known = people.get(invitee.personId);
          const name = known?.name ?? participants.find(({ personId }) => personId === invitee.personId)?.name ?? '';
          return (
            <ChosenPerson
              key={invitee.personId}
              invitee={invitee}
              name={name}
              onChange={change}
              onRemove={() => onChange(invitees.filter(({ personId }) => personId !== invitee.personId))}
            />
          );
        })}
      </ul>
    </section>
  );
}

interface ChosenPersonProps {
  invitee: Invitee;
  name: string;
  onChange: (invitee: Invitee) => void;
  onRemove: () => void;
}

function ChosenPerson({ invitee, name, onChange, onRemove }: ChosenPersonProps): VNode {
  return (
    <li class="invite__chosen">
      <strong class="invite__name">{name}</strong>
      <select
        class="control"
        aria-label={t('invite-role-of', { name })}
        value={invitee.role}
        data-testid={`role-${invitee.personId}`}
        onChange={(event) => onChange(withRole(invitee, event.currentTarget.value as MeetingRole))}
      >
        {ROLES.map((role) => (
          <option key={role} value={role} selected={role === invitee.role}>
            {t(`role-${role}`)}
          </option>
        ))}
      </select>
      <Checkbox
        label={
          <>
            {t('people-entitled')} <span class="visually-hidden">{name}</span>
          </>
        }
        checked={invitee.entitled ?? false}
        onValue={(entitled) => onChange({ ...invitee, entitled })}
        data-testid={`entitled-${invitee.personId}`}
      />
      <IconButton icon={X} danger label={t('invite-remove', { name })} onClick={onRemove} data-testid={`remove-${invitee.personId}`} />
    </li>
  );
}
