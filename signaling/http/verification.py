"""Whether a signed file still holds: the composite acceptance rule, against the digest that the log recorded.

A check takes seconds of a worker. So each session has one under way, all of them are made one after the other, and what
a check found holds for a short time.
"""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import Connection

from auth.audit.entry import Action, AuditEntry, Outcome
from auth.audit.query import AuditQuery, search
from auth.permissions import Permission
from documents import repository as papers
from documents.acceptance import verify_pdf
from documents.errors import NotAccepted
from documents.model import Record, RecordId, RecordKind
from documents.trust import Trust
from signaling.access import Access, access_meeting
from signaling.fair_use import Verified
from signaling.http.reading import find_record, open_record
from signaling.http.route import Call
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire import http as wire
from signaling.wire.base import Wire

VERIFY_TIMEOUT_S = 60


async def verify(call: Call[Wire], kind: RecordKind, version: int) -> wire.Verification:
    """Check a signed record; the check is logged, like the reading that it is. Raises TooManyRequests."""
    async with call.services.fair_use.verifications.hold(call.subject.session_id):
        return await _verify(call, kind, version)


async def _verify(call: Call[Wire], kind: RecordKind, version: int) -> wire.Verification:
    def expected(conn: Connection, now: datetime) -> str | None:
        access_meeting(conn, call.subject, call.meeting_id, Permission.RECORD_VERIFY, now)
        record = find_record(conn, call.meeting_id, kind, version)
        return _logged_digest(conn, record.record_id) if record else None

    logged = await call.services.read(call.subject, expected)
    access, record = await open_record(call, kind, version)
    found = await call.services.fair_use.verified.get(
        (record.record_id, record.blob.sha256, logged), lambda: _check(call.services, access, record, logged or "")
    )
    await call.services.write(call.subject, lambda tx: _log(tx, record.record_id, found.reason))
    signatures = await call.services.read(call.subject, lambda conn, _: papers.signatures_of(conn, record.record_id))
    roles = {one.field: one.role.value for one in signatures}
    return wire.Verification(
        accepted=found.reason is None,
        reason=found.reason,
        sha256=record.blob.sha256,
        expected_sha256=logged,
        signatures=[
            wire.SignatureCheck(
                signer=report.signer,
                role=roles.get(report.field, report.field),
                signed_at=report.signed_at,
                covers_whole_file=report.covers_whole_file,
            )
            for report in found.reports
        ],
    )


async def _check(services: Services, access: Access, record: Record, logged: str) -> Verified:
    label, now = access.meeting.details.label, datetime.now(UTC)
    data = await asyncio.to_thread(services.blobs.get, record.blob, record.record_id, record.version, label)
    trust = await asyncio.to_thread(Trust.of, services.authority, now)
    try:
        reports = await services.workers.run(verify_pdf, data, trust, logged, now, timeout=VERIFY_TIMEOUT_S)
    except NotAccepted as refusal:
        return Verified((), refusal.reason)
    return Verified(tuple(reports), None)


def _logged_digest(conn: Connection, record_id: RecordId) -> str | None:
    found = search(conn, AuditQuery(object_id=record_id, action=Action.DOCUMENT_SIGN, limit=1))
    return str(found[0].entry.details.get("sha256")) if found else None


def _log(tx: Transaction, record_id: RecordId, reason: str | None) -> None:
    subject = tx.subject
    tx.audit(
        AuditEntry(
            action=Action.DOCUMENT_VERIFY,
            at=tx.now,
            outcome=Outcome.SUCCESS if reason is None else Outcome.FAILURE,
            actor=subject.person_id if subject else None,
            object_type="record",
            object_id=record_id,
            session=subject.session_id if subject else None,
            details={"reason": reason},
        )
    )
