import type { Directory, Invitee, MeetingRole, Participant, PersonInfo } from '../../protocol/generated';

/** Roles that a secretary can give, in the order in which people are listed. */
export const ROLES: readonly MeetingRole[] = [
  'chair',
  'secretary',
  'member',
  'presenter',
  'observer',
  'guest',
  'technician',
  'room',
];
const VOTES: ReadonlySet<MeetingRole> = new Set(['chair', 'member']);

/** Say whether somebody in this role votes unless the secretary says otherwise. */
export function votesByDefault(role: MeetingRole): boolean {
  return VOTES.has(role);
}

/** Halls join as rooms, people as members. */
export function newInvitee(person: PersonInfo): Invitee {
  const role = person.roles.includes('room') ? 'room' : 'member';
  return { personId: person.id, role, entitled: votesByDefault(role) };
}

export function withRole(invitee: Invitee, role: MeetingRole): Invitee {
  return { ...invitee, role, entitled: votesByDefault(role) };
}

export function inviteesOf(participants: readonly Participant[]): Invitee[] {
  return participants.map(({ personId, role, entitled }) => ({ personId, role, entitled }));
}

/** Letters without their accents and in lower case, so that "nguyen" finds "Nguyễn" and "duc" finds "Đức". */
export function plainLetters(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[đĐ]/gu, 'd')
    .toLocaleLowerCase();
}

/** People of the directory whose name, title or unit holds every word of the query. */
export function searchDirectory(directory: Directory, query: string): PersonInfo[] {
  const words = plainLetters(query).split(/\s+/u).filter(Boolean);
  const units = new Map(directory.units.map((unit) => [unit.id, unit.name]));
  return directory.people.filter((person) => {
    const text = plainLetters(`${person.name} ${person.title} ${units.get(person.unitId ?? '') ?? ''}`);
    return words.every((word) => text.includes(word));
  });
}
