"""The security officer's console: search, timelines, checkpoint, verification; every read is itself an entry."""

import asyncio
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from auth.audit.checkpoints import split_notes
from auth.audit.entry import Action, AuditEntry, Outcome
from auth.audit.query import search
from auth.permissions import Permission
from signaling.audit_entries import entry
from signaling.errors import NotFound
from signaling.http.audit_query import MAX_ID, query_of, record
from signaling.http.pipeline import FRESH
from signaling.http.route import Call, Route
from signaling.projection.officer import OfficerView
from signaling.store.transaction import Transaction
from signaling.usecases.tell_timeline import TimelineKind, tell_timeline
from signaling.wire import audit as wire
from signaling.wire.base import Wire


async def read(call: Call[Wire]) -> wire.AuditPage:
    """Search the log. The read is recorded before its result leaves."""
    query = query_of(call.request)
    await record(call, Action.AUDIT_READ, "log", None)

    def run(conn: Connection, _: datetime) -> wire.AuditPage:
        found, view = search(conn, query), OfficerView(conn)
        view.load(one.entry for one in found)
        return wire.AuditPage(
            rows=[view.row(one) for one in found],
            size=call.services.log.size,
            next_before=found[-1].index if len(found) == query.limit and found[-1].index > 0 else None,
        )

    return await call.services.read(call.subject, run)


async def timeline(call: Call[Wire]) -> wire.Timeline:
    """Tell what happened to a person, meeting, paper or session."""
    try:
        kind = TimelineKind(call.part("kind"))
    except ValueError as error:
        raise NotFound from error
    query, of = query_of(call.request), call.part("id")
    if len(of) > MAX_ID:
        raise NotFound
    await record(call, Action.AUDIT_READ, kind.value, of, view="timeline")
    return await call.services.read(call.subject, lambda conn, _: tell_timeline(conn, kind, of, query))


async def checkpoint(call: Call[Wire]) -> web.Response:
    """Return the newest signed checkpoint with the key that checks it, to be kept elsewhere."""
    await record(call, Action.AUDIT_CHECKPOINT, "log", None)
    headers = FRESH | {
        "Content-Disposition": 'attachment; filename="checkpoint.txt"',
        "X-Plenum-Vkey": call.services.log.vkey,
    }
    return web.Response(text=split_notes(await _notes(call))[-1], content_type="text/plain", headers=headers)


async def _notes(call: Call[Wire]) -> str:
    return await asyncio.to_thread(call.services.settings.checkpoint_file.read_text, "utf-8")


async def verify(call: Call[Wire]) -> wire.AuditCheck:
    """Compute the whole tree again and compare it with every checkpoint kept outside the database."""
    await record(call, Action.AUDIT_VERIFY, "log", None)
    return await _checked(call, await _notes(call))


async def compare(call: Call[wire.Comparison]) -> wire.AuditCheck:
    """Compute the whole tree again and compare it with a checkpoint that was kept elsewhere."""
    await record(call, Action.AUDIT_VERIFY, "log", None, against="checkpoint")  # type: ignore[arg-type]
    return await _checked(call, call.body.checkpoint.replace("\r\n", "\n").strip("\n") + "\n")


async def _checked(call: Call[Wire] | Call[wire.Comparison], notes: str) -> wire.AuditCheck:
    services = call.services
    log, file = services.log, services.settings.database_file
    check = await services.log_checks.run(file, notes, log.verifier, log.size)
    if not check.ok and check.reason != "note_invalid":
        await services.write(call.subject, lambda tx: tx.audit(_failed(tx, check)))
    return check


def _failed(tx: Transaction, check: wire.AuditCheck) -> AuditEntry:
    made = entry(Action.AUDIT_VERIFY, tx.now, tx.subject, "log", None, reason=check.reason, index=check.index)
    return AuditEntry(
        action=made.action,
        at=made.at,
        actor=made.actor,
        object_type=made.object_type,
        outcome=Outcome.FAILURE,
        session=made.session,
        site=made.site,
        details=made.details,
    )


async def progress(call: Call[Wire]) -> wire.AuditProgress:
    """Tell how far the running verification has come."""
    return call.services.log_checks.progress


ROUTES = [
    Route("GET", "/audit", Permission.AUDIT_READ, read, "Search the log", answers=wire.AuditPage),
    Route(
        "GET",
        "/audit/timelines/{kind}/{id}",
        Permission.AUDIT_READ,
        timeline,
        "Timeline of a person, meeting, paper or session",
        answers=wire.Timeline,
    ),
    Route(
        "GET",
        "/audit/checkpoint",
        Permission.AUDIT_CHECKPOINT,
        checkpoint,
        "Newest signed checkpoint",
        media_types=("text/plain",),
    ),
    Route("POST", "/audit/verification", Permission.AUDIT_VERIFY, verify, "Verify the log", answers=wire.AuditCheck),
    Route(
        "GET",
        "/audit/verification",
        Permission.AUDIT_VERIFY,
        progress,
        "How far the verification has come",
        answers=wire.AuditProgress,
        passive=True,
    ),
    Route(
        "POST",
        "/audit/comparison",
        Permission.AUDIT_VERIFY,
        compare,
        "Verify the log against a checkpoint that was kept elsewhere",
        wire.Comparison,
        wire.AuditCheck,
    ),
]
