"""What the hub makes and signs: the convened agenda, the minutes; and whether a signed file still holds."""

import asyncio
from datetime import UTC, datetime

from aiohttp import web
from sqlalchemy import Connection

from auth.audit.entry import Action, AuditEntry, Outcome
from auth.audit.query import AuditQuery, search
from auth.permissions import Permission
from documents import repository as papers
from documents.acceptance import verify_pdf
from documents.errors import NotAccepted, RecordNotFound
from documents.model import Record, RecordId, RecordKind, Signature
from documents.trust import Trust
from meetings import minutes_store, participant_store, poll_store
from meetings.meeting_store import item_states
from meetings.model import MeetingId, MeetingState, MinutesState
from meetings.records import Minutes
from signaling.access import Access, MeetingDenied, access_meeting, unreadable_items
from signaling.audit_entries import entry
from signaling.errors import NotFound
from signaling.http.papers import disposition, pdf_response
from signaling.http.pipeline import FRESH
from signaling.http.route import Call, Route
from signaling.projection import meeting as make
from signaling.projection.meeting import Names
from signaling.store.transaction import Transaction
from signaling.usecases import convene as convening
from signaling.usecases import minutes as minute_taking
from signaling.wire import http as wire
from signaling.wire.base import Wire
from signaling.wire.meeting import AgendaVersion

VERIFY_TIMEOUT_S = 60


# --- agenda ---


async def checklist(call: Call[Wire]) -> wire.Checklist:
    """Return what is still missing before convening."""

    def run(conn: Connection, now: datetime) -> wire.Checklist:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, now)
        people = participant_store.participants(conn, call.meeting_id)
        wanted = {
            "items": bool(item_states(conn, call.meeting_id)),
            "chair": any(one.role.value == "chair" for one in people),
            "members": any(one.entitled for one in people),
            "future": access.meeting.details.ends_at > now,
        }
        return wire.Checklist(missing=[name for name, there in wanted.items() if not there])

    return await call.services.read(call.subject, run)


async def convene(call: Call[Wire]) -> AgendaVersion:
    """Freeze, sign and announce the agenda."""
    return await convening.convene(call.services, call.subject, call.meeting_id)


async def agenda_pdf(call: Call[Wire]) -> web.Response:
    """Return the signed agenda."""
    record, data = await _load(call, RecordKind.AGENDA_PDF, call.number("version"))
    return pdf_response(call.request, data, f"agenda-v{record.version}.pdf", download=_download(call))


async def agenda_manifest(call: Call[Wire]) -> web.Response:
    """Return the signed manifest of the agenda."""
    record, data = await _load(call, RecordKind.AGENDA_MANIFEST, call.number("version"))
    headers = FRESH | {"Content-Disposition": disposition(f"agenda-v{record.version}.jws", download=True)}
    return web.Response(body=data, content_type="application/jose", headers=headers)


async def verify_agenda(call: Call[Wire]) -> wire.Verification:
    """Check the signed agenda."""
    return await _verify(call, RecordKind.AGENDA_PDF, call.number("version"))


def _download(call: Call[Wire]) -> bool:
    return call.request.query.get("download") == "1"


# --- minutes ---


async def read_minutes(call: Call[Wire]) -> wire.Minutes:
    """Return the minutes; a secretary's first look after adjourning drafts them."""

    def state(conn: Connection, now: datetime) -> tuple[Access, bool]:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.MINUTES_READ, now)
        return access, minutes_store.find_minutes(conn, call.meeting_id) is not None

    access, exists = await call.services.read(call.subject, state)
    if not exists:
        if access.meeting.state is not MeetingState.ADJOURNED:
            raise NotFound
        await minute_taking.draft(call.services, call.subject, call.meeting_id)
    return await _minutes(call)


async def _minutes(call: Call[Wire] | Call[wire.MinutesEdit]) -> wire.Minutes:
    def run(conn: Connection, now: datetime) -> wire.Minutes:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.MINUTES_READ, now)
        found, unreadable = minutes_store.load_minutes(conn, call.meeting_id), unreadable_items(conn, access)
        record = _find_record(conn, call.meeting_id, RecordKind.MINUTES_PDF, 1)
        names = Names(conn)
        signatures = papers.signatures_of(conn, record.record_id) if record else []
        polls = {
            poll.id: wire.MinutesPoll(
                poll_id=poll.id,
                title=poll.details.title,
                verdict=poll.result.outcome.verdict if poll.result else None,
                result=make.result(poll.result) if poll.result else None,
            )
            for poll in poll_store.polls(conn, call.meeting_id)
        }
        return wire.Minutes(
            state=found.state,
            revision=found.revision,
            sections=[
                wire.MinutesSection(
                    id=section.id,
                    kind=section.kind.value,
                    item_id=section.item_id,
                    title=section.title,
                    text=section.text,
                    polls=[polls[one] for one in section.poll_ids if one in polls],
                )
                for section in found.sections
                if section.item_id not in unreadable
            ],
            sha256=record.blob.sha256 if record else None,
            signatures=[_signature(one, names) for one in signatures],
            next_signer=_next_signer(conn, call, found),
        )

    return await call.services.read(call.subject, run)


def _signature(of: Signature, names: Names) -> wire.SignatureInfo:
    return wire.SignatureInfo(
        role=of.role.value,
        person_id=of.person_id,
        name=names.person(of.person_id).name,
        signed_at=of.signed_at,
        factor=of.factor,
    )


def _next_signer(conn: Connection, call: Call[Wire] | Call[wire.MinutesEdit], found: Minutes) -> str | None:
    if found.state is not MinutesState.REVIEW:
        return None
    due = "chair" if found.secretary_signed_at else "secretary"
    people = participant_store.participants(conn, call.meeting_id)
    return next((one.person_id for one in people if one.role.value == due), None)


async def edit_minutes(call: Call[wire.MinutesEdit]) -> wire.Minutes:
    """Replace texts; a stale revision is refused and the editor keeps what was typed."""
    body = call.body

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MINUTES_EDIT, tx.now)
        texts = {section.id: section.text for section in body.sections}
        tx.changed(call.meeting_id, minutes_store.edit_minutes(tx.conn, call.meeting_id, texts, body.revision, tx.now))
        tx.audit(entry(Action.MINUTES_EDIT, tx.now, call.subject, "meeting", call.meeting_id, sections=len(texts)))

    await call.services.write(call.subject, run)
    return await _minutes(call)


async def review_minutes(call: Call[Wire]) -> wire.Minutes:
    """End editing and make the PDF that will be signed."""
    await minute_taking.freeze(call.services, call.subject, call.meeting_id)
    return await _minutes(call)


async def sign_minutes(call: Call[Wire]) -> wire.Minutes:
    """Sign as secretary, then as chair."""
    await minute_taking.sign_minutes(call.services, call.subject, call.meeting_id)
    return await _minutes(call)


async def minutes_pdf(call: Call[Wire]) -> web.Response:
    """Return the minutes as PDF."""
    _, data = await _load(call, RecordKind.MINUTES_PDF, 1)
    return pdf_response(call.request, data, "minutes.pdf", download=_download(call))


async def verify_minutes(call: Call[Wire]) -> wire.Verification:
    """Check the signed minutes."""
    return await _verify(call, RecordKind.MINUTES_PDF, 1)


# --- files and their verification ---


def _find_record(conn: Connection, meeting_id: str, kind: RecordKind, version: int) -> Record | None:
    found = papers.records_of_meeting(conn, MeetingId(meeting_id))
    return next((one for one in found if one.kind is kind and one.version == version), None)


async def _load(call: Call[Wire], kind: RecordKind, version: int) -> tuple[Record, bytes]:
    """Return a record's bytes; reading is logged."""

    def run(tx: Transaction) -> tuple[Access, Record]:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.RECORD_READ, tx.now)
        if kind is RecordKind.MINUTES_PDF:
            access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MINUTES_READ, tx.now)
            _refuse_restricted(tx.conn, access)
        record = _find_record(tx.conn, call.meeting_id, kind, version)
        if record is None:
            raise RecordNotFound(f"the meeting has no {kind.value} in version {version}")
        action = Action.PAPER_DOWNLOAD if _download(call) else Action.PAPER_VIEW
        tx.audit(entry(action, tx.now, call.subject, "record", record.record_id, kind=kind.value))
        return access, record

    access, record = await call.services.write(call.subject, run)
    label = access.meeting.details.label
    data = await asyncio.to_thread(call.services.blobs.get, record.blob, record.record_id, record.version, label)
    return record, data


def _refuse_restricted(conn: Connection, access: Access) -> None:
    """The minutes are one file: who is not named in one of its items does not get it. Raises MeetingDenied."""
    if unreadable_items(conn, access):
        raise MeetingDenied("not_named", Permission.MINUTES_READ, access.meeting.id, unseen=True)


async def _verify(call: Call[Wire], kind: RecordKind, version: int) -> wire.Verification:
    """Apply the composite acceptance rule; the digest must be the one that the audit log recorded at signing."""

    def expected(conn: Connection, now: datetime) -> str | None:
        access_meeting(conn, call.subject, call.meeting_id, Permission.RECORD_VERIFY, now)
        record = _find_record(conn, call.meeting_id, kind, version)
        return _logged_digest(conn, record.record_id) if record else None

    logged = await call.services.read(call.subject, expected)
    record, data = await _load(call, kind, version)
    now = datetime.now(UTC)
    trust = Trust.of(call.services.authority, now)
    try:
        reports = await call.services.workers.run(verify_pdf, data, trust, logged or "", now, timeout=VERIFY_TIMEOUT_S)
        reason = None
    except NotAccepted as refusal:
        reports, reason = [], refusal.reason
    await call.services.write(call.subject, lambda tx: _log_verification(tx, record.record_id, reason))
    signatures = await call.services.read(call.subject, lambda conn, _: papers.signatures_of(conn, record.record_id))
    roles = {one.field: one.role.value for one in signatures}
    return wire.Verification(
        accepted=reason is None,
        reason=reason,
        sha256=record.blob.sha256,
        expected_sha256=logged,
        signatures=[
            wire.SignatureCheck(
                signer=report.signer,
                role=roles.get(report.field, report.field),
                signed_at=report.signed_at,
                covers_whole_file=report.covers_whole_file,
            )
            for report in reports
        ],
    )


def _logged_digest(conn: Connection, record_id: RecordId) -> str | None:
    found = search(conn, AuditQuery(object_id=record_id, action=Action.DOCUMENT_SIGN, limit=1))
    return str(found[0].entry.details.get("sha256")) if found else None


def _log_verification(tx: Transaction, record_id: RecordId, reason: str | None) -> None:
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


def _record_routes() -> list[Route]:
    agenda, minutes = "/meetings/{meeting}/agenda/{version}", "/meetings/{meeting}/minutes"
    read, check = Permission.RECORD_READ, Permission.RECORD_VERIFY
    pdf, jose = "application/pdf", "application/jose"
    return [
        Route("GET", f"{agenda}/pdf", read, agenda_pdf, "Signed agenda", media_type=pdf),
        Route("GET", f"{agenda}/manifest", read, agenda_manifest, "Signed manifest", media_type=jose),
        Route("GET", f"{agenda}/verification", check, verify_agenda, "Check the agenda", answers=wire.Verification),
        Route("GET", f"{minutes}/pdf", read, minutes_pdf, "Minutes as PDF", media_type=pdf),
        Route("GET", f"{minutes}/verification", check, verify_minutes, "Check minutes", answers=wire.Verification),
    ]


def _minutes_routes() -> list[Route]:
    path, edit = "/meetings/{meeting}/minutes", Permission.MINUTES_EDIT
    return [
        Route("GET", path, Permission.MINUTES_READ, read_minutes, "Minutes", answers=wire.Minutes),
        Route("PUT", path, edit, edit_minutes, "Edit minutes", wire.MinutesEdit, wire.Minutes),
        Route("POST", f"{path}/review", edit, review_minutes, "End editing", answers=wire.Minutes),
        Route("POST", f"{path}/signatures", Permission.MINUTES_SIGN, sign_minutes, "Sign", answers=wire.Minutes),
    ]


ROUTES = [
    Route(
        "GET",
        "/meetings/{meeting}/checklist",
        Permission.MEETING_EDIT,
        checklist,
        "What is missing before convening",
        answers=wire.Checklist,
    ),
    Route(
        "POST",
        "/meetings/{meeting}/convene",
        Permission.MEETING_CONVENE,
        convene,
        "Convene",
        answers=AgendaVersion,
    ),
    *_record_routes(),
    *_minutes_routes(),
]
