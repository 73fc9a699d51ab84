"""Doing what an import plan says, in one unit of work."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from auth.accounts import Details, rights_of, write_all_details, write_all_rights
from auth.directory import Person, Site, Unit, add_people, add_site, add_unit, get_people
from auth.directory_csv import CsvDirectory
from auth.directory_import import Act, ImportPlan, Options, Wanted, plan_import
from auth.errors import ImportStale
from auth.model import PersonId, SessionId, opaque_id
from auth.places import Places, load_places


@dataclass(slots=True)
class Applied:
    """What was done; ``ended`` are the sessions of people whose rights shrank."""

    created: list[Person] = field(default_factory=list)
    changed: list[PersonId] = field(default_factory=list)
    refused: int = 0
    units: list[Unit] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    ended: list[SessionId] = field(default_factory=list)


def apply_import(conn: Connection, file: CsvDirectory, options: Options, digest: str, now: datetime) -> Applied:
    """Do what the plan with this digest said; refused rows are left out.

    Raises ImportStale when the file, the options or the directory make another plan by now.
    """
    plan = plan_import(conn, file, options)
    if plan.digest != digest:
        raise ImportStale
    return _apply(conn, plan, now)


def _apply(conn: Connection, plan: ImportPlan, now: datetime) -> Applied:
    done = Applied(
        units=[add_unit(conn, name) for name in plan.new_units],
        sites=[add_site(conn, name) for name in plan.new_sites],
        refused=plan.count(Act.REFUSED),
    )
    finder = _Finder(load_places(conn))
    done.created = [
        _person(finder, row.wanted, now) for row in plan.rows if row.act is Act.CREATE and row.wanted is not None
    ]
    add_people(conn, done.created)
    wanted = {
        row.person_id: row.wanted
        for row in plan.rows
        if row.act is Act.CHANGE and row.person_id is not None and row.wanted is not None
    }
    done.changed = list(wanted)
    before = get_people(conn, done.changed)
    write_all_details(conn, {one: finder.details(row) for one, row in wanted.items()})
    rights = {one: row.rights for one, row in wanted.items() if row.rights != rights_of(before[one])}
    done.ended = write_all_rights(conn, before, rights, now)
    return done


class _Finder:
    """Units and sites by their names as the directory writes them."""

    def __init__(self, places: Places) -> None:
        self._units = {one.name: one.id for one in places.units}
        self._sites = {one.name: one.id for one in places.sites}

    def details(self, wanted: Wanted) -> Details:
        """Return the details with the ids of unit and site."""
        unit_id = self._units[wanted.unit] if wanted.unit else None
        site_id = self._sites[wanted.site] if wanted.site else None
        return replace(wanted.details, unit_id=unit_id, site_id=site_id)


def _person(finder: _Finder, wanted: Wanted, now: datetime) -> Person:
    details = finder.details(wanted)
    return Person(
        id=PersonId(opaque_id()),
        username=details.username,
        name=details.name,
        title=details.title,
        email=details.email,
        unit_id=details.unit_id,
        site_id=details.site_id,
        clearance=wanted.rights.clearance,
        locale=details.locale,
        roles=wanted.rights.roles,
        disabled_at=None,
        created_at=now,
    )
