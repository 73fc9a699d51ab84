"""Presenting a paper: the ephemeral keys ``page`` and ``follow``."""

from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Connection as Database

from auth.audit.entry import Action
from auth.permissions import Permission
from documents import repository as papers
from documents.model import PaperId
from meetings import agenda_store, speaker_store, speakers
from meetings.chat import SECRETARIAT
from meetings.model import MeetingId
from signaling.access import Access, MeetingDenied, access_item, access_meeting, readers_of
from signaling.audit_entries import entry
from signaling.errors import BadRequest, NotFound
from signaling.live.connection import Connection
from signaling.live.presenting import Occasion, Readers
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire.table import Shown


async def present(services: Services, connection: Connection, meeting_id: MeetingId, value: str | None) -> None:
    """Show a place of a paper to everybody, or end it. Raises MeetingDenied, NotFound and BadRequest."""
    if value is None:
        await _stop(services, connection, meeting_id)
        return
    shown = _parse(value)

    def check(conn: Database, now: datetime) -> Occasion:
        access = access_meeting(conn, connection.subject, meeting_id, Permission.PAPER_PRESENT, now)
        _require_turn(conn, access)
        return Occasion(access.meeting.current_item_id, _readers(conn, access, connection, shown, now))

    occasion = await services.read(connection.subject, check)
    if meeting_id not in connection.subscriptions:
        return
    if services.sockets.presentations.show(meeting_id, connection, shown, value, occasion):
        await _record(services, connection, shown)


def _parse(value: str) -> Shown:
    try:
        return Shown.model_validate_json(value)
    except ValidationError as error:
        raise BadRequest("value", "this is no place of a paper") from error


def _require_turn(conn: Database, access: Access) -> None:
    """Chair and secretary may always; others while they present the item or have the floor. Raises MeetingDenied."""
    if access.role in SECRETARIAT:
        return
    meeting, me = access.meeting, access.participant.person_id
    if meeting.current_item_id is not None:
        item = agenda_store.load_item(conn, meeting.id, meeting.current_item_id)
        if item.details.presenter_id == me:
            return
    speaking = speakers.speaking(speaker_store.entries(conn, meeting.id))
    if speaking is None or speaking.person_id != me:
        raise MeetingDenied("not_your_turn", Permission.PAPER_PRESENT, meeting.id, unseen=False)


def _readers(conn: Database, access: Access, connection: Connection, shown: Shown, now: datetime) -> Readers:
    """Return for whom the paper is; nobody presents what they may not read. Raises NotFound and MeetingDenied."""
    meeting_id = access.meeting.id
    access_meeting(conn, connection.subject, meeting_id, Permission.PAPER_READ, now)
    paper = papers.get_paper(conn, PaperId(shown.paper_id))
    if paper.meeting_id != meeting_id or connection.subject.clearance < paper.label:
        raise NotFound
    papers.get_paper_version(conn, paper.paper_id, shown.version)
    return None if paper.item_id is None else readers_of(access_item(conn, access, paper.item_id))


async def _stop(services: Services, connection: Connection, meeting_id: MeetingId) -> None:
    """Who presents ends it, and so do chair and secretary. Raises MeetingDenied."""
    presentations = services.sockets.presentations
    now = presentations.of(meeting_id)
    if now is None:
        return

    def check(conn: Database, at: datetime) -> None:
        access = access_meeting(conn, connection.subject, meeting_id, Permission.PAPER_PRESENT, at)
        if now.person_id != connection.subject.person_id and access.role not in SECRETARIAT:
            raise MeetingDenied("not_presenting", Permission.PAPER_PRESENT, meeting_id, unseen=False)

    await services.read(connection.subject, check)
    presentations.stop(meeting_id)


async def _record(services: Services, connection: Connection, shown: Shown) -> None:
    def run(tx: Transaction) -> None:
        seen = f"{shown.paper_id}:{shown.version}"
        tx.audit(entry(Action.PAPER_PRESENT, tx.now, connection.subject, "paper", seen))

    await services.write(connection.subject, run)
