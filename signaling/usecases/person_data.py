"""Everything that directory and log hold on one person, readable: for the request that the law gives everybody."""

import json
import zipfile
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy import Connection, select

from auth.audit.query import AuditQuery, entries_at, matching
from auth.directory import Person, get_person, list_sites, list_units
from auth.model import PersonId
from auth.tables import compartment_grant, session
from signaling.projection.officer import OfficerView

CHUNK = 500


@dataclass(frozen=True, slots=True)
class PersonData:
    """What is held on somebody, before it is written."""

    person: Person
    indexes: list[int]


def find_person_data(conn: Connection, person_id: PersonId, size: int) -> PersonData:
    """Return whose data it is and which entries tell of them. Raises PersonUnknown."""
    return PersonData(get_person(conn, person_id), matching(conn, AuditQuery(person=person_id), size))


def write_person_data(conn: Connection, data: PersonData, out: IO[bytes]) -> None:
    """Write a ZIP of JSON files with an explanation."""
    person = data.person
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("READ-ME.txt", READ_ME.format(name=person.name, username=person.username))
        bundle.writestr("account.json", _json(_account(conn, person)))
        bundle.writestr("sessions.json", _json(_sessions(conn, person.id)))
        with bundle.open("log.jsonl", "w", force_zip64=True) as rows:
            view = OfficerView(conn)
            for start in range(0, len(data.indexes), CHUNK):
                found = entries_at(conn, data.indexes[start : start + CHUNK])
                view.load(one.entry for one in found)
                rows.writelines(f"{view.row(one).model_dump_json(by_alias=True)}\n".encode() for one in found)


def _account(conn: Connection, person: Person) -> dict[str, Any]:
    units = {unit.id: unit.name for unit in list_units(conn)}
    sites = {site.id: site.name for site in list_sites(conn)}
    named = select(compartment_grant.c.compartment).where(compartment_grant.c.person_id == person.id)
    return {
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "title": person.title,
        "email": person.email,
        "unit": units.get(person.unit_id) if person.unit_id else None,
        "site": sites.get(person.site_id) if person.site_id else None,
        "clearance": person.clearance.name.lower(),
        "compartments": sorted(conn.execute(named).scalars()),
        "roles": sorted(role.value for role in person.roles),
        "locale": person.locale,
        "created": person.created_at.isoformat(),
        "disabled": person.disabled_at.isoformat() if person.disabled_at else None,
    }


def _sessions(conn: Connection, person_id: PersonId) -> list[dict[str, Any]]:
    columns = session.c
    rows = conn.execute(select(session).where(columns.person_id == person_id).order_by(columns.created_at))
    return [
        {
            "id": row.id,
            "began": row.created_at.isoformat(),
            "last_seen": row.last_seen_at.isoformat(),
            "ended": row.revoked_at.isoformat() if row.revoked_at else None,
            "address": row.ip,
            "browser": row.user_agent,
        }
        for row in rows
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


READ_ME = """\
Personal data of {name} ({username})

account.json   the account in the directory: name, title, e-mail, unit, site, roles, clearance
sessions.json  sign-ins that are still on record: when, from which address, with which browser
log.jsonl      every entry of the audit log that this person made or that names this person, one a line

Passwords and second factors are kept as one-way or sealed values and are not part of this. Titles of meetings and
papers above the label "internal" are left out, because the security officer who made this file is not cleared for
them. What meetings themselves hold (minutes, votes, contributions) is part of their record.
"""
