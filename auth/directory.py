"""The directory: units, sites, people, their roles. Plain functions on a connection."""

import ipaddress
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from auth.errors import AddressRangeInvalid, NoSession, PersonUnknown, RoleConflict, UsernameInvalid, UsernameTaken
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


def add_site(conn: Connection, name: str, unit_id: UnitId | None = None, address_ranges: Sequence[str] = ()) -> Site:
    """Add a site; ``address_ranges`` are networks in CIDR notation. Raises AddressRangeInvalid."""
    try:
        networks = tuple(str(ipaddress.ip_network(text)) for text in address_ranges)
    except ValueError as error:
        raise AddressRangeInvalid(f"Not a network in CIDR notation: {error}") from error
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
    unit_id: UnitId | None = None,
    site_id: SiteId | None = None,
    clearance: Label = Label.INTERNAL,
    locale: str = "en",
    password_hash: str | None = None,
    roles: Iterable[OrgRole] = (),
) -> Person:
    """Add an account. Raises UsernameInvalid, UsernameTaken, RoleConflict."""
    granted = frozenset(roles)
    _check_roles(granted)
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
    )
    if person_by_username(conn, added.username) is not None:
        raise UsernameTaken(f"The user name {added.username} is taken.")
    conn.execute(insert(person).values(**_columns(added), password_hash=password_hash))
    if granted:
        conn.execute(insert(role_grant), [{"person_id": added.id, "role": role.value} for role in granted])
    return added


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
    }


def _check_roles(roles: frozenset[OrgRole]) -> None:
    alone = roles & EXCLUSIVE_ROLES
    if alone and len(roles) > 1:
        raise RoleConflict(f"The role {min(alone).value} needs an account of its own.")


def grant_role(conn: Connection, person_id: PersonId, role: OrgRole) -> None:
    """Grant a role; harmless when it is held already. Raises PersonUnknown, RoleConflict."""
    held = get_person(conn, person_id).roles
    if role in held:
        return
    _check_roles(held | {role})
    conn.execute(insert(role_grant).values(person_id=person_id, role=role.value))


def revoke_role(conn: Connection, person_id: PersonId, role: OrgRole) -> None:
    """Take a role away. The caller re-evaluates the person's live sessions."""
    conn.execute(delete(role_grant).where(role_grant.c.person_id == person_id, role_grant.c.role == role.value))


def grant_compartment(conn: Connection, person_id: PersonId, compartment: str) -> None:
    """Grant need-to-know of a compartment. Raises PersonUnknown."""
    get_person(conn, person_id)
    if compartment not in _compartments(conn, person_id):
        conn.execute(insert(compartment_grant).values(person_id=person_id, compartment=compartment))


def set_clearance(conn: Connection, person_id: PersonId, clearance: Label) -> None:
    """Raise or lower a clearance. The caller re-evaluates the person's live sessions. Raises PersonUnknown."""
    _update(conn, person_id, clearance=int(clearance))


def set_password(conn: Connection, person_id: PersonId, password_hash: str | None) -> None:
    """Replace the password. The caller revokes the person's other sessions. Raises PersonUnknown."""
    _update(conn, person_id, password_hash=password_hash)


def disable_person(conn: Connection, person_id: PersonId, now: datetime) -> None:
    """Close an account; its sessions stop resuming at once. Raises PersonUnknown."""
    _update(conn, person_id, disabled_at=now)


def _update(conn: Connection, person_id: PersonId, **values: object) -> None:
    if conn.execute(update(person).where(person.c.id == person_id).values(**values)).rowcount != 1:
        raise PersonUnknown(f"There is no person {person_id}.")


def get_person(conn: Connection, person_id: PersonId) -> Person:
    """Return one person, disabled ones included. Raises PersonUnknown."""
    found = _people(conn, select(person).where(person.c.id == person_id))
    if not found:
        raise PersonUnknown(f"There is no person {person_id}.")
    return found[0]


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
        compartments=_compartments(conn, found.id),
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
    )
