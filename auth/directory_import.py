"""What importing a file would do, row by row, and doing exactly that.

The plan is a pure function of the file, the directory and the options. Its digest covers everything that it says, old
values included: who confirms a digest confirms what was shown, and a directory that changed meanwhile has another one.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection

from auth.accounts import Details, Rights, details_of, rights_of
from auth.directory import Person, check_roles, list_people
from auth.directory_cells import BadCell, clearance_of, email_of, line_of, locale_of, roles_of, username_of
from auth.directory_csv import Column, CsvDirectory, CsvRow
from auth.errors import RoleConflict
from auth.model import Label, OrgRole, PersonId
from auth.places import Places, load_places, plain_name

DEFAULT_ROLES = frozenset({OrgRole.MEMBER})


class Act(StrEnum):
    """What happens to a row."""

    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Options:
    """``by`` is who imports; ``ceiling`` the highest label of the deployment; new accounts get ``locale``."""

    by: PersonId
    ceiling: Label
    locale: str
    create_units: bool = False
    create_sites: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as readers see it; ``old`` is None in a new account."""

    field: Column
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row asks for; unit and site are by name, since they may have to be made first."""

    details: Details
    rights: Rights
    unit: str
    site: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the plan. ``reason`` is a stable word, and ``cell`` what it is about, where a row is refused."""

    number: int
    username: str
    name: str
    act: Act
    changes: tuple[FieldChange, ...] = ()
    reason: str | None = None
    cell: str = ""
    person_id: PersonId | None = None
    wanted: Wanted | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """``new_units`` and ``new_sites`` are made first."""

    rows: tuple[PlannedRow, ...]
    new_units: tuple[str, ...]
    new_sites: tuple[str, ...]
    ignored: tuple[str, ...]

    def count(self, act: Act) -> int:
        return sum(row.act is act for row in self.rows)

    @property
    def digest(self) -> str:
        """What a confirmation is bound to: the hex SHA-256 of all that the plan says."""
        said = [
            [row.number, row.username, row.act, row.reason, [[one.field, one.old, one.new] for one in row.changes]]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps([said, self.new_units, self.new_sites]).encode()).hexdigest()


def plan_import(conn: Connection, file: CsvDirectory, options: Options) -> ImportPlan:
    """Return what importing the file would do; nothing is written."""
    people = {one.username: one for one in list_people(conn, include_disabled=True)}
    return make_plan(file, people, load_places(conn), options)


def make_plan(file: CsvDirectory, people: Mapping[str, Person], places: Places, options: Options) -> ImportPlan:
    """Return the plan for a directory that holds these people (by user name) and places."""
    planner = _Planner(people, places, options, Counter(_key(row) for row in file.rows))
    rows = tuple(planner.plan(row) for row in file.rows)
    return ImportPlan(rows, tuple(planner.new_units.values()), tuple(planner.new_sites.values()), file.ignored)


def _key(row: CsvRow) -> str:
    try:
        return username_of(row.cells.get(Column.USERNAME, ""))
    except BadCell:
        return f"row {row.number}"


class _Planner:
    """Plans row after row; remembers which units and sites have to be made."""

    def __init__(self, people: Mapping[str, Person], places: Places, options: Options, times: Counter[str]) -> None:
        self._people = people
        self._options = options
        self._times = times
        self._units = {plain_name(one.name): one.name for one in places.units}
        self._sites = {plain_name(one.name): one.name for one in places.sites}
        self._unit_names = {one.id: one.name for one in places.units}
        self._site_names = {one.id: one.name for one in places.sites}
        self.new_units: dict[str, str] = {}
        self.new_sites: dict[str, str] = {}

    def plan(self, row: CsvRow) -> PlannedRow:
        """Return what happens to a row; it is refused as a whole or done as a whole."""
        key = _key(row)
        before = self._people.get(key)
        username, name = (row.cells.get(column, "")[:200] for column in (Column.USERNAME, Column.NAME))
        shown = PlannedRow(row.number, username, name, Act.REFUSED)
        try:
            wanted = self._wanted(row, before, key)
            changes = self._changes(before, wanted)
            if before is not None and changes:
                self._check_change(before, wanted)
        except BadCell as bad:
            return replace(shown, reason=bad.reason, cell=bad.cell[:200])
        self._make_places(wanted)
        act = Act.CREATE if before is None else Act.CHANGE if changes else Act.UNCHANGED
        return replace(
            shown,
            username=wanted.details.username,
            name=wanted.details.name,
            act=act,
            changes=changes,
            person_id=before.id if before else None,
            wanted=wanted,
        )

    def _make_places(self, wanted: Wanted) -> None:
        """Note the places that have to be made; later rows find them, in the first row's spelling."""
        for place, known, new in (
            (wanted.unit, self._units, self.new_units),
            (wanted.site, self._sites, self.new_sites),
        ):
            key = plain_name(place)
            if key and key not in known:
                known[key] = new[key] = place

    def _wanted(self, row: CsvRow, before: Person | None, key: str) -> Wanted:
        """Return what a row asks for; an empty cell keeps what is there. Raises BadCell."""
        cells = row.cells
        details = self._details(cells, before)
        if self._times[key] > 1:
            raise BadCell("username_twice", details.username)
        rights = self._rights(cells, before)
        unit = self._place(cells.get(Column.UNIT, ""), self._units, self._options.create_units, "unit_unknown")
        site = self._place(cells.get(Column.SITE, ""), self._sites, self._options.create_sites, "site_unknown")
        unit = unit or self._unit_of(before)
        site = site or self._site_of(before)
        if OrgRole.ROOM in rights.roles and not site:
            raise BadCell("hall_without_site", details.name)
        return Wanted(details, rights, unit, site)

    def _details(self, cells: Mapping[Column, str], before: Person | None) -> Details:
        username = username_of(cells.get(Column.USERNAME, ""))
        old = details_of(before) if before else Details(username, "", "", None, None, None, self._options.locale)
        name = line_of(cells.get(Column.NAME, "")) or old.name
        if not name:
            raise BadCell("name_missing", username)
        return replace(
            old,
            username=username,
            name=name,
            title=line_of(cells.get(Column.TITLE, "")) or old.title,
            email=email_of(cells.get(Column.EMAIL, "")) or old.email,
            locale=locale_of(cells.get(Column.LOCALE, "")) or old.locale,
        )

    def _rights(self, cells: Mapping[Column, str], before: Person | None) -> Rights:
        default = rights_of(before) if before else Rights(DEFAULT_ROLES, min(Label.INTERNAL, self._options.ceiling))
        roles = roles_of(cells.get(Column.ROLES, "")) or default.roles
        found = clearance_of(cells.get(Column.CLEARANCE, ""))
        clearance = default.clearance if found is None else found
        if clearance > self._options.ceiling and clearance != default.clearance:
            raise BadCell("label_above_ceiling", cells[Column.CLEARANCE])
        try:
            check_roles(roles)
        except RoleConflict as error:
            raise BadCell("role_conflict", cells.get(Column.ROLES, "")) from error
        return Rights(roles, clearance)

    def _place(self, cell: str, known: Mapping[str, str], create: bool, reason: str) -> str:
        """Return the name of the unit or site that a cell means, as it is written in the directory."""
        name = line_of(cell)
        if name and plain_name(name) not in known and not create:
            raise BadCell(reason, name)
        return known.get(plain_name(name), name)

    def _changes(self, before: Person | None, wanted: Wanted) -> tuple[FieldChange, ...]:
        new = _shown(wanted.details, wanted.rights, wanted.unit, wanted.site)
        if before is None:
            return tuple(FieldChange(field, None, text) for field, text in new.items() if text)
        old = _shown(details_of(before), rights_of(before), self._unit_of(before), self._site_of(before))
        return tuple(FieldChange(field, old[field], text) for field, text in new.items() if text != old[field])

    def _unit_of(self, of: Person | None) -> str:
        return self._unit_names[of.unit_id] if of is not None and of.unit_id else ""

    def _site_of(self, of: Person | None) -> str:
        return self._site_names[of.site_id] if of is not None and of.site_id else ""

    def _check_change(self, before: Person, wanted: Wanted) -> None:
        if before.disabled_at is not None:
            raise BadCell("account_disabled", before.username)
        if before.id == self._options.by and rights_of(before) != wanted.rights:
            raise BadCell("own_account", before.username)


def _shown(details: Details, rights: Rights, unit: str, site: str) -> dict[Column, str]:
    """Return an account's fields as text, as they are exported."""
    return {
        Column.USERNAME: details.username,
        Column.NAME: details.name,
        Column.TITLE: details.title,
        Column.EMAIL: details.email or "",
        Column.UNIT: unit,
        Column.SITE: site,
        Column.ROLES: "; ".join(sorted(rights.roles)),
        Column.CLEARANCE: rights.clearance.name.lower(),
        Column.LOCALE: details.locale,
    }


def export_rows(people: list[Person], places: Places) -> list[list[str]]:
    """Return everybody as rows of ``Column``, ready to be imported again."""
    units = {one.id: one.name for one in places.units}
    sites = {one.id: one.name for one in places.sites}
    rows = []
    for one in people:
        unit, site = units[one.unit_id] if one.unit_id else "", sites[one.site_id] if one.site_id else ""
        shown = _shown(details_of(one), rights_of(one), unit, site)
        shown[Column.STATE] = "disabled" if one.disabled_at else "active"
        rows.append([shown[column] for column in Column])
    return rows
