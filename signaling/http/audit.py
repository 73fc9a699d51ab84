"""The security officer's console: search, checkpoint, verification; every read is itself an entry."""

import asyncio
import base64
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from aiohttp import web
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from auth.audit.checkpoints import split_notes
from auth.audit.entry import Action, Outcome
from auth.audit.query import AuditQuery, LoggedEntry, search
from auth.audit.verify import verify_log
from auth.errors import LogAltered
from auth.permissions import Permission
from signaling.audit_entries import entry
from signaling.errors import BadRequest
from signaling.http.pipeline import FRESH
from signaling.http.route import Call, Route
from signaling.projection.meeting import Names
from signaling.store.transaction import Transaction
from signaling.wire import http as wire
from signaling.wire.base import Timestamp, Wire

PAGE = 100
Member = TypeVar("Member", bound=StrEnum)
_TIME: TypeAdapter[datetime] = TypeAdapter(Timestamp)


def _query(request: web.Request) -> AuditQuery:
    """Return the search of a request's query string. Raises BadRequest naming the part that cannot be read."""
    given = request.query
    limit, before = _number(given.get("limit"), "limit"), _number(given.get("before"), "before")
    return AuditQuery(
        actor=given.get("actor") or None,
        object_id=given.get("object") or None,
        action=_one_of(Action, given.get("action"), "action"),
        outcome=_one_of(Outcome, given.get("outcome"), "outcome"),
        since=_time(given.get("since"), "since"),
        until=_time(given.get("until"), "until"),
        limit=min(limit or PAGE, 1000),
        before_index=before,
    )


def _number(text: str | None, field: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadRequest(field, "a whole number is needed")
    return int(text)


def _one_of(kind: type[Member], text: str | None, field: str) -> Member | None:
    try:
        return kind(text) if text else None
    except ValueError as error:
        raise BadRequest(field, "not one of the known values") from error


def _time(text: str | None, field: str) -> datetime | None:
    try:
        return _TIME.validate_python(text) if text else None
    except ValidationError as error:
        raise BadRequest(field, "a time with its zone is needed") from error


async def read(call: Call[Wire]) -> wire.AuditPage:
    """Search the log. The read is recorded before its result leaves."""
    query = _query(call.request)

    def record(tx: Transaction) -> None:
        given = {key: value[:200] for key, value in call.request.query.items() if key.isascii() and len(key) < 20}
        tx.audit(entry(Action.AUDIT_READ, tx.now, call.subject, "log", None, **{f"q_{k}": v for k, v in given.items()}))

    await call.services.write(call.subject, record)

    def run(conn: Connection, _: datetime) -> wire.AuditPage:
        found, names = search(conn, query), Names(conn)
        names.load_everybody()
        return wire.AuditPage(
            rows=[_row(one, names) for one in found],
            size=call.services.log.size,
            next_before=found[-1].index if len(found) == query.limit and found[-1].index > 0 else None,
        )

    return await call.services.read(call.subject, run)


def _row(of: LoggedEntry, names: Names) -> wire.AuditRow:
    made = of.entry
    actor = names.known_person(made.actor)
    return wire.AuditRow(
        index=of.index,
        at=made.at,
        action=made.action.value,
        outcome=made.outcome.value,
        actor_id=made.actor,
        actor_name=actor.name if actor else None,
        object_type=made.object_type,
        object_id=made.object_id,
        details=dict(made.details),
    )


async def checkpoint(call: Call[Wire]) -> web.Response:
    """Return the newest signed checkpoint with the key that checks it, to be kept elsewhere."""

    def record(tx: Transaction) -> None:
        tx.audit(entry(Action.AUDIT_CHECKPOINT, tx.now, call.subject, "log", None))

    await call.services.write(call.subject, record)
    notes = await asyncio.to_thread(call.services.settings.checkpoint_file.read_text, "utf-8")
    headers = FRESH | {
        "Content-Disposition": 'attachment; filename="checkpoint.txt"',
        "X-Plenum-Vkey": call.services.log.vkey,
    }
    return web.Response(text=split_notes(notes)[-1], content_type="text/plain", headers=headers)


async def verify(call: Call[Wire]) -> wire.AuditCheck:
    """Compute the whole tree again and compare it with every checkpoint kept outside the database."""

    def record(tx: Transaction) -> None:
        tx.audit(entry(Action.AUDIT_VERIFY, tx.now, call.subject, "log", None))

    await call.services.write(call.subject, record)
    notes = await asyncio.to_thread(call.services.settings.checkpoint_file.read_text, "utf-8")

    def run(conn: Connection, _: datetime) -> wire.AuditCheck:
        try:
            found = verify_log(conn, notes, call.services.log.verifier)
        except LogAltered as error:
            size = call.services.log.size
            return wire.AuditCheck(ok=False, size=size, root="", reason=error.code, index=error.index)
        root = base64.b64encode(found.root).decode()
        return wire.AuditCheck(ok=True, size=found.size, root=root, reason=None, index=None)

    return await call.services.read(call.subject, run)


ROUTES = [
    Route("GET", "/audit", Permission.AUDIT_READ, read, "Search the log", answers=wire.AuditPage),
    Route(
        "GET",
        "/audit/checkpoint",
        Permission.AUDIT_CHECKPOINT,
        checkpoint,
        "Newest signed checkpoint",
        media_type="text/plain",
    ),
    Route(
        "POST",
        "/audit/verification",
        Permission.AUDIT_VERIFY,
        verify,
        "Verify the log",
        answers=wire.AuditCheck,
    ),
]
