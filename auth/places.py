"""Units and sites as an administrator keeps them: names are unique, and what is in use stays."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Table, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from auth.directory import Site, Unit, add_site, add_unit, canonical_ranges, list_sites, list_units
from auth.errors import PlaceInItself, PlaceInUse, PlaceNameTaken, PlaceUnknown
from auth.model import SiteId, UnitId
from auth.tables import person, site, unit

Place = TypeVar("Place", Unit, Site)


@dataclass(frozen=True, slots=True)
class Places:
    """All units and sites, found by id or by name."""

    units: tuple[Unit, ...]
    sites: tuple[Site, ...]

    def unit_named(self, name: str) -> Unit | None:
        return next((one for one in self.units if same_name(one.name, name)), None)

    def site_named(self, name: str) -> Site | None:
        return next((one for one in self.sites if same_name(one.name, name)), None)


def same_name(one: str, other: str) -> bool:
    """Whether two names look the same to a reader."""
    return plain_name(one) == plain_name(other)


def plain_name(name: str) -> str:
    """Return the spelling by which names are compared: composed, one space between words, without case."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def load_places(conn: Connection) -> Places:
    return Places(tuple(list_units(conn)), tuple(list_sites(conn)))


def create_unit(conn: Connection, name: str, parent_id: UnitId | None = None) -> Unit:
    """Add a unit. Raises PlaceNameTaken, PlaceUnknown for the one above."""
    _check_unit(load_places(conn), None, name, parent_id)
    return add_unit(conn, name, parent_id)


def change_unit(conn: Connection, unit_id: UnitId, name: str, parent_id: UnitId | None) -> Unit:
    """Rename or move a unit; return it as it was. Raises PlaceUnknown, PlaceNameTaken, PlaceInItself."""
    places = load_places(conn)
    before = _find(places.units, unit_id)
    _check_unit(places, unit_id, name, parent_id)
    conn.execute(update(unit).where(unit.c.id == unit_id).values(name=name, parent_id=parent_id))
    return before


def _check_unit(places: Places, unit_id: UnitId | None, name: str, parent_id: UnitId | None) -> None:
    taken = places.unit_named(name)
    if taken is not None and taken.id != unit_id:
        raise PlaceNameTaken(f"There is a unit named {name} already.")
    above = parent_id
    while above is not None:
        if above == unit_id:
            raise PlaceInItself("A unit cannot be below itself.")
        above = _find(places.units, above).parent_id


def remove_unit(conn: Connection, unit_id: UnitId) -> Unit:
    """Remove a unit to which nothing belongs; return it. Raises PlaceUnknown, PlaceInUse."""
    before = _find(load_places(conn).units, unit_id)
    _remove(conn, unit, unit_id)
    return before


def create_site(conn: Connection, name: str, unit_id: UnitId | None = None, address_ranges: Sequence[str] = ()) -> Site:
    """Add a site. Raises PlaceNameTaken, PlaceUnknown for its unit, AddressRangeInvalid."""
    _check_site(load_places(conn), None, name, unit_id)
    return add_site(conn, name, unit_id, address_ranges)


def change_site(
    conn: Connection, site_id: SiteId, name: str, unit_id: UnitId | None, address_ranges: Sequence[str] = ()
) -> tuple[Site, Site]:
    """Change a site; return before and after. Raises PlaceUnknown, PlaceNameTaken, AddressRangeInvalid."""
    places = load_places(conn)
    before = _find(places.sites, site_id)
    _check_site(places, site_id, name, unit_id)
    after = Site(site_id, name, unit_id, canonical_ranges(address_ranges))
    values = {"name": name, "unit_id": unit_id, "address_ranges": " ".join(after.address_ranges)}
    conn.execute(update(site).where(site.c.id == site_id).values(**values))
    return before, after


def _check_site(places: Places, site_id: SiteId | None, name: str, unit_id: UnitId | None) -> None:
    taken = places.site_named(name)
    if taken is not None and taken.id != site_id:
        raise PlaceNameTaken(f"There is a site named {name} already.")
    if unit_id is not None:
        _find(places.units, unit_id)


def remove_site(conn: Connection, site_id: SiteId) -> Site:
    """Remove a site to which nobody belongs and where nobody was present. Raises PlaceUnknown, PlaceInUse."""
    before = _find(load_places(conn).sites, site_id)
    _remove(conn, site, site_id)
    return before


def _remove(conn: Connection, table: Table, place_id: str) -> None:
    try:
        conn.execute(delete(table).where(table.c.id == place_id))
    except IntegrityError as error:  # whatever refers to it, in this folder or above, has a foreign key
        raise PlaceInUse("Something belongs to it.") from error


def _find(among: Iterable[Place], place_id: str) -> Place:
    found = next((one for one in among if one.id == place_id), None)
    if found is None:
        raise PlaceUnknown("There is no such unit or site.")
    return found


def people_by_place(conn: Connection) -> dict[str, int]:
    """Return how many accounts, disabled ones included, belong to each unit and site, by its id."""
    counts: dict[str, int] = {}
    for column in (person.c.unit_id, person.c.site_id):
        rows = conn.execute(select(column, func.count()).where(column.is_not(None)).group_by(column))
        counts |= {str(place): int(count) for place, count in rows}
    return counts
