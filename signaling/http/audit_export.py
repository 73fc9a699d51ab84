"""Exports for security officers: events, messages, entries with proof, one person's data. Each is logged first."""

import asyncio
import tempfile
from collections.abc import Callable
from functools import partial
from typing import IO, Any

from aiohttp import web
from sqlalchemy import Connection

from auth.audit.checkpoints import split_notes
from auth.audit.entry import Action
from auth.audit.note import open_checkpoint
from auth.audit.ocsf import Product
from auth.audit.proof import MAX_PROVED
from auth.audit.query import matching
from auth.errors import ProofTooLong
from auth.model import PersonId
from auth.permissions import Permission
from signaling.errors import BadRequest
from signaling.http.audit_query import number_of, query_of, record
from signaling.http.files import disposition
from signaling.http.pipeline import FRESH
from signaling.http.route import Call, Route
from signaling.services import Services
from signaling.usecases.export_log import CHUNK, ExportFormat, Signed, lines, write_proof
from signaling.usecases.person_data import find_person_data, write_person_data
from signaling.version import VERSION
from signaling.wire import audit as wire
from signaling.wire.base import Wire

PIECE = 256 * 1024
WRITE_TIMEOUT_S = 60.0
NAMES = {
    ExportFormat.OCSF: ("audit-ocsf.jsonl", "application/x-ndjson"),
    ExportFormat.SYSLOG: ("audit-syslog.log", "text/plain"),
}


async def preview(call: Call[Wire]) -> wire.ExportPreview:
    """Tell how much an export would hold; the page asks before it starts the download."""
    query = query_of(call.request)
    await record(call, Action.AUDIT_READ, "log", None, view="export")
    size = call.services.log.size
    found = await call.services.db.read(lambda conn: len(matching(conn, query, size)))
    return wire.ExportPreview(count=found, provable=found <= MAX_PROVED)


async def export(call: Call[Wire]) -> web.StreamResponse:
    """Stream what a search finds, as OCSF events or syslog messages, or as a ZIP with proof."""
    try:
        form = ExportFormat(call.request.query.get("format", ExportFormat.OCSF.value))
    except ValueError as error:
        raise BadRequest("format", "ocsf, syslog or proof") from error
    services, query = call.services, query_of(call.request)
    size = services.log.size
    async with services.fair_use.downloads.hold(call.subject.session_id):
        indexes = await services.db.read(lambda conn: matching(conn, query, size))
        if form is ExportFormat.PROOF and len(indexes) > MAX_PROVED:
            raise ProofTooLong(f"Proof is given for {MAX_PROVED} entries at once. Narrow the search.")
        await record(call, Action.AUDIT_EXPORT, "log", None, count=len(indexes), size=size)
        if form is ExportFormat.PROOF:
            return await _proof(call, indexes)
        return await _stream(call, indexes, form)


async def _stream(call: Call[Wire], indexes: list[int], form: ExportFormat) -> web.StreamResponse:
    name, content_type = NAMES[form]
    product = Product(VERSION, call.services.settings.name)
    response = await _begin(call, name, content_type)
    for start in range(0, len(indexes), CHUNK):
        render = partial(lines, indexes=indexes[start : start + CHUNK], form=form, product=product)
        await _write(response, await call.services.db.read(render))
    await response.write_eof()
    return response


async def _proof(call: Call[Wire], indexes: list[int]) -> web.StreamResponse:
    log = call.services.log
    notes = await asyncio.to_thread(call.services.settings.checkpoint_file.read_text, "utf-8")
    note = split_notes(notes)[-1]
    signed = Signed(open_checkpoint(note, log.verifier), note, log.vkey, number_of(call.request, "kept"))

    def fill(conn: Connection, out: IO[bytes]) -> None:
        write_proof(conn, indexes, signed, out)

    return await _send_zip(call, "audit-proof.zip", fill)


async def person(call: Call[Wire]) -> web.StreamResponse:
    """Return everything that directory and log hold on one person."""
    services, person_id = call.services, PersonId(call.part("person"))
    size = services.log.size
    async with services.fair_use.downloads.hold(call.subject.session_id):
        data = await services.db.read(lambda conn: find_person_data(conn, person_id, size))
        await record(call, Action.AUDIT_EXPORT, "person", person_id, count=len(data.indexes))

        def fill(conn: Connection, out: IO[bytes]) -> None:
            write_person_data(conn, data, out)

        return await _send_zip(call, f"{data.person.username}.zip", fill)


async def _send_zip(call: Call[Wire], name: str, fill: Callable[[Connection, IO[bytes]], None]) -> web.StreamResponse:
    """Make a ZIP in an unnamed file below the data folder, and send it. What ``fill`` raises comes before any byte."""
    file = await asyncio.to_thread(_unnamed, call.services)
    try:
        await call.services.db.read(lambda conn: fill(conn, file))
        await asyncio.to_thread(file.seek, 0)
        response = await _begin(call, name, "application/zip")
        while piece := await asyncio.to_thread(file.read, PIECE):
            await _write(response, piece)
        await response.write_eof()
        return response
    finally:
        file.close()  # not in a thread: a handler that is being cancelled would leave it behind


def _unnamed(services: Services) -> IO[bytes]:
    return tempfile.TemporaryFile(dir=services.settings.data)


async def _begin(call: Call[Wire], name: str, content_type: str) -> web.StreamResponse:
    headers = FRESH | {"Content-Disposition": disposition(name, download=True)}
    response = web.StreamResponse(headers=headers)
    response.content_type = content_type
    await response.prepare(call.request)
    return response


async def _write(response: web.StreamResponse, data: bytes) -> None:
    async with asyncio.timeout(WRITE_TIMEOUT_S):
        await response.write(data)


def _file(path: str, handler: Any, permission: Permission, summary: str, media_type: str) -> Route:
    return Route("GET", path, permission, handler, summary, media_types=(media_type,))


ROUTES = [
    Route(
        "GET",
        "/audit/export/preview",
        Permission.AUDIT_EXPORT,
        preview,
        "How much an export would hold",
        answers=wire.ExportPreview,
    ),
    _file(
        "/audit/export",
        export,
        Permission.AUDIT_EXPORT,
        "Export of a search: ?format=ocsf, syslog or proof",
        "application/x-ndjson",
    ),
    _file(
        "/audit/people/{person}/data",
        person,
        Permission.AUDIT_PERSON,
        "Everything held on one person",
        "application/zip",
    ),
]
