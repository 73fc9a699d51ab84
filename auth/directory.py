"""The directory: units, sites, people, their roles. Plain functions on a connection."""

import ipaddress
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from auth.email_address import canonical_email
from auth.errors import (
    AddressRangeInvalid,
    NoSession,
    PersonUnknown,
    RoleConflict,
    UsernameInvalid,
    UsernameTaken,
)
from auth.factors import has_second_factor
from auth.model import Label, OrgRole, PersonId, SiteId, Subject, UnitId, opaque_id
from auth.sessions import Session
from auth.tables import compartment_grant, person, role_grant, site, unit

# Duties that are only trustworthy alone: who reads the log has no part in what it tells, who runs the machines reads
# neither log nor papers, and a hall is nobody.
EXCLUSIVE_ROLES = frozenset({OrgRole.SECURITY_OFFICER, OrgRole.ADMINISTRATOR, OrgRole.ROOM})


@dataclass(frozen=True, slots=True)
class Unit:
    id: UnitId
    name: str
    parent_id: UnitId | None


@dataclass(frozen=True, slots=True)
class Site:
    id: SiteId
    name: str
    unit_id: UnitId | None
    address_ranges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in; an account with the role ``ROOM`` is a hall and has neither vote nor presence."""

    id: PersonId
    username: str
    name: str
    title: str
    unit_id: UnitId | None
    site_id: SiteId | None
    clearance: Label
    locale: str
    roles: frozenset[OrgRole]
    disabled_at: datetime | None
    created_at: datetime
    email: str | None = None

    @property
    def is_room(self) -> bool:
        return OrgRole.ROOM in self.roles


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in needs of an account; kept apart from :class:`Person` so that a hash never travels with a name."""

    person_id: PersonId
    password_hash: str | None


def canonical_username(text: str) -> str:
    """Return the one spelling under which a user name is stored and looked up.

    Raises UsernameInvalid when nothing, too much (64 characters) or something unprintable is left.
    """
    name = unicodedata.normalize("NFKC", text[:256]).strip().casefold()
    if not 0 < len(name) <= 64 or not name.isprintable() or " " in name:
        raise UsernameInvalid("A user name has 1 to 64 printable characters without spaces.")
    return name


def add_unit(conn: Connection, name: str, parent_id: UnitId | None = None) -> Unit:
    added = Unit(UnitId(opaque_id()), name, parent_id)
    conn.execute(insert(unit).values(id=added.id, name=name, parent_id=parent_id))
    return added


def canonical_ranges(texts: Iterable[str]) -> tuple[str, ...]:
    """Return networks in the one spelling of their CIDR notation. Raises AddressRangeInvalid."""
    try:
        return tuple(str(ipaddress.ip_network(text)) for text in texts)
    except ValueError as error:
        raise AddressRangeInvalid(f"Not a network in CIDR notation: {error}") from error


def add_site(conn: Connection, name: str, unit_id: UnitId | None = None, address_ranges: Sequence[str] = ()) -> Site:
    """Add a site; ``address_ranges`` are networks in CIDR notation. Raises AddressRangeInvalid."""
    networks = canonical_ranges(address_ranges)
    added = Site(SiteId(opaque_id()), name, unit_id, networks)
    conn.execute(insert(site).values(id=added.id, name=name, unit_id=unit_id, address_ranges=" ".join(networks)))
    return added


def add_person(
    conn: Connection,
    *,
    username: str,
    name: str,
    now: datetime,
    title: str = "",
    email: str | None = None,
    unit_id: UnitId | None = None,
    site_id: SiteId | None = None,
    clearance: Label = Label.INTERNAL,
    locale: str = "en",
    password_hash: str | None = None,
    roles: Iterable[OrgRole] = (),
) -> Person:
    """Add an account. Raises UsernameInvalid, UsernameTaken, EmailInvalid, RoleConflict."""
    granted = frozenset(roles)
    check_roles(granted)
    added = Person(
        id=PersonId(opaque_id()),
        username=canonical_username(username),
        name=name,
        title=title,
        unit_id=unit_id,
        site_id=site_id,
        clearance=clearance,
        locale=locale,
        roles=granted,
        disabled_at=None,
        created_at=now,
        email=canonical_email(email),
    )
    if person_by_username(conn, added.username) is not None:
        raise UsernameTaken(f"The user name {added.username} is taken.")
    add_people(conn, [added], password_hash)
    return added


def add_people(conn: Connection, people: Sequence[Person], password_hash: str | None = None) -> None:
    """Write accounts whose user names are canonical and free, and whose roles go together."""
    if not people:
        return
    conn.execute(insert(person), [_columns(one) | {"password_hash": password_hash} for one in people])
    granted = [{"person_id": one.id, "role": role.value} for one in people for role in sorted(one.roles)]
    if granted:
        conn.execute(insert(role_grant), granted)


def _columns(added: Person) -> dict[str, Any]:
    return {
        "id": added.id,
        "username": added.username,
        "name": added.name,
        "title": added.title,
        "unit_id": added.unit_id,
        "site_id": added.site_id,
        "clearance": int(added.clearance),
        "locale": added.locale,
        "created_at": added.created_at,
        "email": added.email,
    }


def check_roles(roles: frozenset[OrgRole]) -> None:
    """Raise RoleConflict for duties that one account may not combine."""
    alone = roles & EXCLUSIVE_ROLES
    if alone and len(roles) > 1:
        raise RoleConflict(f"The role {min(alone).value} needs an account of its own.")


def set_roles(conn: Connection, person_id: PersonId, roles: frozenset[OrgRole]) -> None:
    """Replace a person's roles; the caller re-evaluates the live sessions. Raises PersonUnknown, RoleConflict."""
    get_person(conn, person_id)
    check_roles(roles)
    conn.execute(delete(role_grant).where(role_grant.c.person_id == person_id))
    if roles:
        conn.execute(insert(role_grant), [{"person_id": person_id, "role": role.value} for role in sorted(roles)])


def set_clearance(conn: Connection, person_id: PersonId, clearance: Label) -> None:
    """Raise or lower a clearance. The caller re-evaluates the person's live sessions. Raises PersonUnknown."""
    _update(conn, person_id, clearance=int(clearance))


def set_password(conn: Connection, person_id: PersonId, password_hash: str | None) -> None:
    """Replace the password. The caller revokes the person's other sessions. Raises PersonUnknown."""
    _update(conn, person_id, password_hash=password_hash)


def disable_person(conn: Connection, person_id: PersonId, now: datetime) -> None:
    """Close an account; its sessions stop resuming at once. Raises PersonUnknown."""
    _update(conn, person_id, disabled_at=now)


def enable_person(conn: Connection, person_id: PersonId) -> None:
    """Open an account again, with the password that it had. Raises PersonUnknown."""
    _update(conn, person_id, disabled_at=None)


def _update(conn: Connection, person_id: PersonId, **values: object) -> None:
    if conn.execute(update(person).where(person.c.id == person_id).values(**values)).rowcount != 1:
        raise PersonUnknown(f"There is no person {person_id}.")


def get_person(conn: Connection, person_id: PersonId) -> Person:
    """Return one person, disabled ones included. Raises PersonUnknown."""
    found = _people(conn, select(person).where(person.c.id == person_id))
    if not found:
        raise PersonUnknown(f"There is no person {person_id}.")
    return found[0]


def get_people(conn: Connection, people: Collection[PersonId]) -> dict[PersonId, Person]:
    """Return those of the people who exist, disabled ones included, by id."""
    wanted = frozenset(people)
    return {one.id: one for one in list_people(conn, include_disabled=True) if one.id in wanted}


def person_by_username(conn: Connection, username: str) -> Person | None:
    """Return the person with this user name in whatever spelling, or None."""
    try:
        name = canonical_username(username)
    except UsernameInvalid:
        return None
    found = _people(conn, select(person).where(person.c.username == name))
    return found[0] if found else None


def credentials_of(conn: Connection, username: str) -> Credentials | None:
    """Return what to check a password against; None for an unknown or disabled account."""
    found = person_by_username(conn, username)
    if found is None or found.disabled_at is not None:
        return None
    return Credentials(found.id, password_hash_of(conn, found.id))


def password_hash_of(conn: Connection, person_id: PersonId) -> str | None:
    return conn.execute(select(person.c.password_hash).where(person.c.id == person_id)).scalar_one_or_none()


def list_people(conn: Connection, *, include_disabled: bool = False) -> list[Person]:
    """Return everybody, by name."""
    query = select(person).order_by(person.c.name, person.c.id)
    return _people(conn, query if include_disabled else query.where(person.c.disabled_at.is_(None)))


def list_units(conn: Connection) -> list[Unit]:
    rows = conn.execute(select(unit).order_by(unit.c.name, unit.c.id))
    return [Unit(UnitId(row.id), row.name, row.parent_id) for row in rows]


def list_sites(conn: Connection) -> list[Site]:
    rows = conn.execute(select(site).order_by(site.c.name, site.c.id))
    return [Site(SiteId(row.id), row.name, row.unit_id, tuple(row.address_ranges.split())) for row in rows]


def site_for_address(sites: Iterable[Site], address: str) -> Site | None:
    """Return the site whose most specific network holds ``address``, or None."""
    ip = ipaddress.ip_address(address)
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    ip = mapped or ip
    matches = [
        (network.prefixlen, place)
        for place in sites
        for network in map(ipaddress.ip_network, place.address_ranges)
        if ip in network
    ]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def subject_of(conn: Connection, session: Session) -> Subject:
    """Return who asks, with roles and clearance as they are now. Raises NoSession for a closed account."""
    found = get_person(conn, session.person_id)
    if found.disabled_at is not None:
        raise NoSession
    return Subject(
        person_id=found.id,
        session_id=session.id,
        roles=found.roles,
        clearance=found.clearance,
        unit_id=found.unit_id,
        site_id=found.site_id,
        stepped_up_until=session.stepped_up_until,
        stepped_up_with=session.stepped_up_with or "",
        compartments=_compartments(conn, found.id),
        second_factor=has_second_factor(conn, found.id),
    )


def _compartments(conn: Connection, person_id: PersonId) -> frozenset[str]:
    query = select(compartment_grant.c.compartment).where(compartment_grant.c.person_id == person_id)
    return frozenset(conn.execute(query).scalars())


def _people(conn: Connection, query: Select[Any]) -> list[Person]:
    rows = conn.execute(query).all()
    grants = select(role_grant.c.person_id, role_grant.c.role)
    if len(rows) == 1:
        grants = grants.where(role_grant.c.person_id == rows[0].id)
    roles: dict[str, set[OrgRole]] = {}
    for person_id, role in conn.execute(grants) if rows else ():
        roles.setdefault(person_id, set()).add(OrgRole(role))
    return [_person(row, frozenset(roles.get(row.id, ()))) for row in rows]


def _person(row: Row[Any], roles: frozenset[OrgRole]) -> Person:
    return Person(
        id=PersonId(row.id),
        username=row.username,
        name=row.name,
        title=row.title,
        unit_id=row.unit_id,
        site_id=row.site_id,
        clearance=Label(row.clearance),
        locale=row.locale,
        roles=roles,
        disabled_at=row.disabled_at,
        created_at=row.created_at,
        email=row.email,
    )
