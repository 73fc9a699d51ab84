"""What the hub makes and signs: the convened agenda and the minutes."""

from collections.abc import Collection
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from auth.audit.entry import Action
from auth.permissions import Permission
from documents import repository as papers
from documents.model import RecordKind, Signature
from meetings import minutes_store, participant_store, poll_store
from meetings.model import MeetingState, MinutesState, PollState
from meetings.records import Minutes
from signaling.access import Access, MeetingDenied, access_meeting
from signaling.audit_entries import entry
from signaling.errors import NotFound
from signaling.http.files import SealedFile, send_file
from signaling.http.reading import find_record, open_record, wants_download
from signaling.http.route import Call, Route
from signaling.http.verification import verify
from signaling.projection import meeting as make
from signaling.projection.meeting import Names
from signaling.store.transaction import Transaction
from signaling.usecases import convene as convening
from signaling.usecases import minutes as minute_taking
from signaling.wire import http as wire
from signaling.wire.base import Wire
from signaling.wire.meeting import AgendaVersion

# --- agenda ---


async def convene(call: Call[Wire]) -> AgendaVersion:
    """Freeze, sign and announce the agenda."""
    return await convening.convene(call.services, call.subject, call.meeting_id)


async def agenda_pdf(call: Call[Wire]) -> web.StreamResponse:
    """Return the signed agenda."""
    number = call.number("version")
    return await _send(call, RecordKind.AGENDA_PDF, number, f"agenda-v{number}.pdf", download=wants_download(call))


async def agenda_manifest(call: Call[Wire]) -> web.StreamResponse:
    """Return the signed manifest of the agenda."""
    number = call.number("version")
    name, jose = f"agenda-v{number}.jws", "application/jose"
    return await _send(call, RecordKind.AGENDA_MANIFEST, number, name, download=True, content_type=jose)


async def verify_agenda(call: Call[Wire]) -> wire.Verification:
    """Check the signed agenda."""
    return await verify(call, RecordKind.AGENDA_PDF, call.number("version"))


async def _send(
    call: Call[Wire],
    kind: RecordKind,
    version: int,
    name: str,
    *,
    download: bool,
    content_type: str = "application/pdf",
) -> web.StreamResponse:
    """Send a record. Raises TooManyRequests."""
    async with call.services.fair_use.downloads.hold(call.subject.session_id):
        access, record = await open_record(call, kind, version)
        label = access.meeting.details.label
        file = SealedFile(record.blob, record.record_id, record.version, label, name, content_type)
        return await send_file(call.request, call.services.blobs, file, download=download)


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
        found, withheld = minutes_store.load_minutes(conn, call.meeting_id), minute_taking.withheld_items(conn, access)
        record = find_record(conn, call.meeting_id, RecordKind.MINUTES_PDF, 1)
        names = Names(conn)
        signatures = papers.signatures_of(conn, record.record_id) if record else []
        polls = {
            poll.id: wire.MinutesPoll(
                poll_id=poll.id,
                title=poll.details.title,
                verdict=poll.result.outcome.verdict if poll.result else None,
                result=make.result(poll.result) if poll.result else None,
                annulled=poll.state_reason if poll.state is PollState.ANNULLED else None,
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
                if section.item_id not in withheld
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
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MINUTES_EDIT, tx.now)
        texts = {section.id: section.text for section in body.sections}
        _refuse_withheld(tx.conn, access, texts)
        tx.changed(call.meeting_id, minutes_store.edit_minutes(tx.conn, call.meeting_id, texts, body.revision, tx.now))
        tx.audit(entry(Action.MINUTES_EDIT, tx.now, call.subject, "meeting", call.meeting_id, sections=len(texts)))

    await call.services.write(call.subject, run)
    return await _minutes(call)


def _refuse_withheld(conn: Connection, access: Access, sections: Collection[str]) -> None:
    """Nobody writes into a section that he may not read. Raises MeetingDenied, which looks like absence."""
    withheld, found = minute_taking.withheld_items(conn, access), minutes_store.load_minutes(conn, access.meeting.id)
    if any(one.id in sections and one.item_id in withheld for one in found.sections):
        raise MeetingDenied("not_named", Permission.MINUTES_EDIT, access.meeting.id, unseen=True)


async def review_minutes(call: Call[Wire]) -> wire.Minutes:
    """End editing and make the PDF that will be signed."""
    await minute_taking.freeze(call.services, call.subject, call.meeting_id)
    return await _minutes(call)


async def sign_minutes(call: Call[Wire]) -> wire.Minutes:
    """Sign as secretary, then as chair."""
    await minute_taking.sign_minutes(call.services, call.subject, call.meeting_id)
    return await _minutes(call)


async def minutes_pdf(call: Call[Wire]) -> web.StreamResponse:
    """Return the minutes as PDF."""
    return await _send(call, RecordKind.MINUTES_PDF, 1, "minutes.pdf", download=wants_download(call))


async def verify_minutes(call: Call[Wire]) -> wire.Verification:
    """Check the signed minutes."""
    return await verify(call, RecordKind.MINUTES_PDF, 1)


def _record_routes() -> list[Route]:
    agenda, minutes = "/meetings/{meeting}/agenda/{version}", "/meetings/{meeting}/minutes"
    read, check = Permission.RECORD_READ, Permission.RECORD_VERIFY
    pdf, jose = "application/pdf", "application/jose"
    return [
        Route("GET", f"{agenda}/pdf", read, agenda_pdf, "Signed agenda", media_types=(pdf,)),
        Route("GET", f"{agenda}/manifest", read, agenda_manifest, "Signed manifest", media_types=(jose,)),
        Route("GET", f"{agenda}/verification", check, verify_agenda, "Check the agenda", answers=wire.Verification),
        Route("GET", f"{minutes}/pdf", read, minutes_pdf, "Minutes as PDF", media_types=(pdf,)),
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
