"""Administrators' routes on the directory as a file: dry run, import, export, template."""

import asyncio
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from auth import welcome
from auth.accounts import details_of, rights_of
from auth.audit.entry import Action
from auth.directory import Person, get_people, get_person, list_people
from auth.directory_csv import Column, CsvDirectory, read_csv, write_csv
from auth.directory_import import ImportPlan, Options, export_rows, plan_import
from auth.import_apply import Applied, apply_import
from auth.model import PersonId
from auth.permissions import Permission
from auth.places import load_places
from signaling.audit_entries import entry
from signaling.http.administration import audit_created, audit_details, audit_rights, end_sessions, link_wire
from signaling.http.pipeline import FRESH
from signaling.http.receive import receive_upload
from signaling.http.route import Call, Route
from signaling.store.transaction import Transaction
from signaling.wire import administration as wire
from signaling.wire.base import Wire

MAX_BYTES = 5 * 2**20
TEMPLATE = (
    ("hoa.tran", "Trần Hoa", "Giám đốc", "hoa.tran@example.org", "Văn phòng", "Trụ sở", "member", "internal", "vi", ""),
    ("thu.ky", "Lê Minh", "Thư ký", "", "Văn phòng", "Trụ sở", "member; secretary", "internal", "vi", ""),
    ("hoi-truong-1", "Hội trường 1", "", "", "", "Trụ sở", "room", "internal", "vi", ""),
)


async def _receive(call: Call[Wire]) -> tuple[CsvDirectory, bool, bool, str]:
    """Return the file, whether units and sites may be made, and the digest that is confirmed."""
    async with call.services.fair_use.uploads.hold(call.subject.session_id):
        received = await receive_upload(call, MAX_BYTES)
        file = await asyncio.to_thread(read_csv, received.data)
    given = received.fields
    return file, given.get("units") == "1", given.get("sites") == "1", given.get("digest", "")


def _options(conn: Connection, call: Call[Wire], *, units: bool, sites: bool) -> Options:
    me = get_person(conn, call.subject.person_id)
    ceiling = call.services.settings.label_ceiling
    return Options(by=me.id, ceiling=ceiling, locale=me.locale, create_units=units, create_sites=sites)


async def plan(call: Call[Wire]) -> wire.ImportPlan:
    """Return what importing the file would do; nothing is written."""
    file, units, sites, _ = await _receive(call)

    def run(conn: Connection, _: datetime) -> wire.ImportPlan:
        return _plan(plan_import(conn, file, _options(conn, call, units=units, sites=sites)))

    return await call.services.read(call.subject, run)


def _plan(of: ImportPlan) -> wire.ImportPlan:
    rows = [
        wire.ImportRow(
            number=row.number,
            username=row.username,
            name=row.name,
            act=row.act,
            changes=[wire.ImportField(field=one.field, old=one.old, new=one.new) for one in row.changes],
            reason=row.reason,
            cell=row.cell,
        )
        for row in of.rows
    ]
    return wire.ImportPlan(
        digest=of.digest,
        rows=rows,
        new_units=list(of.new_units),
        new_sites=list(of.new_sites),
        ignored=list(of.ignored),
    )


async def apply(call: Call[Wire]) -> wire.ImportDone:
    """Do what the confirmed plan said, all or nothing. Raises auth.errors.ImportStale for another plan."""
    file, units, sites, digest = await _receive(call)

    def run(tx: Transaction) -> wire.ImportDone:
        options = _options(tx.conn, call, units=units, sites=sites)
        before = {one.id: one for one in list_people(tx.conn, include_disabled=True)}
        done = apply_import(tx.conn, file, options, digest, tx.now)
        _record(tx, call, done, before)
        tokens = welcome.make_links(tx.conn, [one.id for one in done.created], tx.now, welcome.NEW_ACCOUNT)
        until = tx.now + welcome.NEW_ACCOUNT
        return wire.ImportDone(
            created=len(done.created),
            changed=len(done.changed),
            refused=done.refused,
            links=[link_wire(one, tokens[one.id], until) for one in done.created],
        )

    return await call.services.write(call.subject, run)


def _record(tx: Transaction, call: Call[Wire], done: Applied, before: dict[PersonId, Person]) -> None:
    for unit in done.units:
        tx.audit(entry(Action.UNIT_CHANGE, tx.now, call.subject, "unit", unit.id, new=unit.name))
    for site in done.sites:
        tx.audit(entry(Action.SITE_CHANGE, tx.now, call.subject, "site", site.id, new=site.name))
    for made in done.created:
        audit_created(tx, made, welcome_link=True)
    for after in get_people(tx.conn, done.changed).values():
        old = before[after.id]
        audit_details(tx, old, details_of(after))
        audit_rights(tx, after.id, rights_of(old), rights_of(after))
    counts = {"created": len(done.created), "changed": len(done.changed), "refused": done.refused}
    tx.audit(entry(Action.DIRECTORY_IMPORT, tx.now, call.subject, "directory", None, **counts))
    end_sessions(tx, call, done.ended)


async def export(call: Call[Wire]) -> web.Response:
    """Return the directory as a file that can be imported again."""

    def run(tx: Transaction) -> list[list[str]]:
        people = list_people(tx.conn, include_disabled=True)
        tx.audit(entry(Action.DIRECTORY_EXPORT, tx.now, call.subject, "directory", None, people=len(people)))
        return export_rows(people, load_places(tx.conn))

    rows = await call.services.write(call.subject, run)
    return _file(await asyncio.to_thread(write_csv, list(Column), rows), "directory.csv")


async def template(call: Call[Wire]) -> web.Response:
    """Return a file to begin with: the columns, and three rows that show how they are filled."""
    return _file(write_csv(list(Column), TEMPLATE), "directory-template.csv")


def _file(data: bytes, name: str) -> web.Response:
    headers = FRESH | {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=data, content_type="text/csv", charset="utf-8", headers=headers)


_ROOT = "/administration/directory"
ROUTES = [
    Route("POST", _ROOT + "/plan", Permission.DIRECTORY_REVIEW, plan, "Dry run of an import", answers=wire.ImportPlan),
    Route("POST", _ROOT, Permission.DIRECTORY_MANAGE, apply, "Import a confirmed plan", answers=wire.ImportDone),
    Route("GET", _ROOT, Permission.DIRECTORY_MANAGE, export, "Export the directory", media_types=("text/csv",)),
    Route(
        "GET",
        _ROOT + "/template",
        Permission.DIRECTORY_REVIEW,
        template,
        "A file to begin with",
        media_types=("text/csv",),
    ),
]
