"""What an administrator does to accounts, with the rules that hold whatever page or file the wish comes from.

Duties that need an account of their own stay apart (:data:`auth.directory.EXCLUSIVE_ROLES`), somebody who can sign in
remains administrator and somebody security officer, and nobody changes the own rights.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, func, insert, select, update

from auth import sessions, welcome
from auth.directory import (
    Person,
    canonical_username,
    check_roles,
    disable_person,
    get_person,
    person_by_username,
    set_clearance,
    set_roles,
)
from auth.email_address import canonical_email
from auth.errors import (
    AccountDisabled,
    HallWithoutSite,
    LastAdministrator,
    LastOfficer,
    OwnAccount,
    PlaceUnknown,
    UsernameTaken,
)
from auth.model import Label, OrgRole, PersonId, SessionId, SiteId, UnitId
from auth.tables import person, role_grant, site, unit

_INDISPENSABLE: Final[Mapping[OrgRole, type[LastAdministrator] | type[LastOfficer]]] = {
    OrgRole.ADMINISTRATOR: LastAdministrator,
    OrgRole.SECURITY_OFFICER: LastOfficer,
}


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a person, apart from rights."""

    username: str
    name: str
    title: str
    email: str | None
    unit_id: UnitId | None
    site_id: SiteId | None
    locale: str


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may."""

    roles: frozenset[OrgRole]
    clearance: Label


def details_of(of: Person) -> Details:
    return Details(of.username, of.name, of.title, of.email, of.unit_id, of.site_id, of.locale)


def rights_of(of: Person) -> Rights:
    return Rights(of.roles, of.clearance)


def check_places(conn: Connection, unit_id: UnitId | None, site_id: SiteId | None, roles: frozenset[OrgRole]) -> None:
    """Raise PlaceUnknown for a unit or site that is not there, HallWithoutSite for a hall that stands nowhere."""
    for table, place_id in ((unit, unit_id), (site, site_id)):
        if place_id is not None and conn.execute(select(table.c.id).where(table.c.id == place_id)).first() is None:
            raise PlaceUnknown(f"There is no such {table.name}.")
    if OrgRole.ROOM in roles and site_id is None:
        raise HallWithoutSite


def change_details(conn: Connection, person_id: PersonId, wanted: Details) -> tuple[Person, Person]:
    """Change what is known of a person; return before and after.

    Raises PersonUnknown, UsernameInvalid, UsernameTaken, EmailInvalid, PlaceUnknown, HallWithoutSite.
    """
    before = get_person(conn, person_id)
    check_places(conn, wanted.unit_id, wanted.site_id, before.roles)
    clean = replace(wanted, username=canonical_username(wanted.username), email=canonical_email(wanted.email))
    other = person_by_username(conn, clean.username)
    if other is not None and other.id != person_id:
        raise UsernameTaken(f"The user name {clean.username} is taken.")
    return before, write_details(conn, before, clean)


def write_details(conn: Connection, before: Person, checked: Details) -> Person:
    """Write details that have been checked; return the person with them."""
    values = {field: getattr(checked, field) for field in Details.__slots__}
    conn.execute(update(person).where(person.c.id == before.id).values(**values))
    return replace(before, **values)


def write_all_details(conn: Connection, checked: Mapping[PersonId, Details]) -> None:
    """Write many people's details that have been checked."""
    rows = [{"of": one, **{field: getattr(new, field) for field in Details.__slots__}} for one, new in checked.items()]
    if rows:
        values: dict[str, BindParameter[Any]] = {field: bindparam(field) for field in Details.__slots__}
        conn.execute(update(person).where(person.c.id == bindparam("of")).values(**values), rows)


def write_all_rights(
    conn: Connection, before: Mapping[PersonId, Person], checked: Mapping[PersonId, Rights], now: datetime
) -> list[SessionId]:
    """Write many people's rights, whose roles go together; return which sessions ended, as in ``change_rights``.

    Raises LastAdministrator, LastOfficer.
    """
    if not checked:
        return []
    rows = [{"of": one, "clearance": int(new.clearance)} for one, new in checked.items()]
    conn.execute(update(person).where(person.c.id == bindparam("of")).values(clearance=bindparam("clearance")), rows)
    conn.execute(delete(role_grant).where(role_grant.c.person_id == bindparam("of")), [{"of": one} for one in checked])
    granted = [{"person_id": one, "role": role.value} for one, new in checked.items() for role in sorted(new.roles)]
    conn.execute(insert(role_grant), granted)
    for role, missing in _INDISPENSABLE.items():
        leaving = any(role in before[one].roles - new.roles for one, new in checked.items())
        if leaving and not conn.execute(_able(role)).scalar_one():
            raise missing
    return sessions.revoke_many(
        conn, [one for one, new in checked.items() if _shrinks(rights_of(before[one]), new)], now
    )


def _shrinks(before: Rights, after: Rights) -> bool:
    return after.roles != before.roles or after.clearance < before.clearance


def change_rights(
    conn: Connection, person_id: PersonId, wanted: Rights, by: PersonId, now: datetime
) -> tuple[Person, list[SessionId]]:
    """Change roles and clearance; return the person before, and the sessions that ended by it.

    Other roles and a lower clearance end every session of the person: what is open was opened with the old rights.
    Raises PersonUnknown, OwnAccount, RoleConflict, LastAdministrator, LastOfficer, HallWithoutSite.
    """
    before = get_person(conn, person_id)
    if rights_of(before) == wanted:
        return before, []
    if person_id == by:
        raise OwnAccount
    check_roles(wanted.roles)
    check_places(conn, None, before.site_id, wanted.roles)
    _require_others(conn, before, before.roles - wanted.roles)
    set_roles(conn, person_id, wanted.roles)
    set_clearance(conn, person_id, wanted.clearance)
    return before, sessions.revoke_all(conn, person_id, now) if _shrinks(rights_of(before), wanted) else []


def disable(conn: Connection, person_id: PersonId, by: PersonId, now: datetime) -> list[SessionId]:
    """Close an account with its sessions and its link; return which sessions ended.

    Raises PersonUnknown, OwnAccount, LastAdministrator, LastOfficer.
    """
    found = get_person(conn, person_id)
    if person_id == by:
        raise OwnAccount
    if found.disabled_at is not None:
        return []
    _require_others(conn, found, found.roles)
    disable_person(conn, person_id, now)
    welcome.end_link(conn, person_id)
    return sessions.revoke_all(conn, person_id, now)


def _require_others(conn: Connection, leaving: Person, given_up: frozenset[OrgRole]) -> None:
    """Raise LastAdministrator or LastOfficer unless somebody else could sign in and do what one does no more."""
    for role, missing in _INDISPENSABLE.items():
        others = _able(role).where(person.c.id != leaving.id)
        if role in given_up and leaving.disabled_at is None and not conn.execute(others).scalar_one():
            raise missing


def _able(role: OrgRole) -> Select[int]:
    """Return the query that counts who has a role and can sign in."""
    return (
        select(func.count())
        .select_from(person.join(role_grant, role_grant.c.person_id == person.c.id))
        .where(role_grant.c.role == role.value)
        .where(person.c.disabled_at.is_(None), person.c.password_hash.is_not(None))
    )


def new_link(conn: Connection, person_id: PersonId, now: datetime) -> tuple[str, datetime]:
    """Return the token of a person's new welcome link and its end: a long one before the first password, else a short.

    A password that is there stays until the link is used. Raises PersonUnknown, AccountDisabled.
    """
    if get_person(conn, person_id).disabled_at is not None:
        raise AccountDisabled
    fresh = person_id not in with_password(conn, [person_id])
    valid = welcome.NEW_ACCOUNT if fresh else welcome.RESET
    return welcome.make_link(conn, person_id, now, valid), now + valid


def with_password(conn: Connection, people: Iterable[PersonId] | None = None) -> frozenset[PersonId]:
    """Return who has a password, among these people or among all."""
    query = select(person.c.id).where(person.c.password_hash.is_not(None))
    if people is not None:
        query = query.where(person.c.id.in_(list(people)))
    return frozenset(PersonId(one) for one in conn.execute(query).scalars())


def anybody_can_sign_in(conn: Connection) -> bool:
    """Whether any account has a password: before, only the setup link leads in."""
    return conn.execute(select(person.c.id).where(person.c.password_hash.is_not(None)).limit(1)).first() is not None


def differences(before: Details, after: Details) -> Mapping[str, tuple[str | None, str | None]]:
    """Return what differs, by field: old and new."""
    pairs = {field: (getattr(before, field), getattr(after, field)) for field in Details.__slots__}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
