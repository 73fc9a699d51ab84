"""The speakers' list: asking for the floor, giving and taking it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection as Database

from auth.audit.entry import Action
from auth.permissions import Permission
from meetings import speaker_store
from meetings.changes import Change
from meetings.model import MeetingId, SpeakerId
from signaling.access import MeetingDenied, access_meeting
from signaling.audit_entries import entry
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire import floor as wire
from signaling.wire.base import Created


async def request_floor(
    services: Services, connection: Connection, message: wire.RequestFloor, permission: Permission
) -> Created:
    """Put oneself on the list."""
    meeting_id = MeetingId(message.meeting_id)

    def run(tx: Transaction) -> str:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        me = connection.subject
        changes = speaker_store.request_floor(tx.conn, meeting_id, me.person_id, message.kind, tx.now)
        tx.changed(meeting_id, changes)
        tx.audit(entry(Action.FLOOR_REQUEST, tx.now, me, "meeting", meeting_id, kind=message.kind.value))
        return changes[0].id

    return Created(id=await services.write(connection.subject, run))


async def withdraw_floor(
    services: Services, connection: Connection, message: wire.WithdrawFloor, permission: Permission
) -> None:
    """Take an own entry off the list."""
    meeting_id, entry_id = MeetingId(message.meeting_id), SpeakerId(message.speaker_id)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        found = speaker_store.load_entry(tx.conn, meeting_id, entry_id)
        if found.person_id != connection.subject.person_id:
            raise MeetingDenied("not_own_entry", permission, meeting_id, unseen=False)
        tx.changed(meeting_id, speaker_store.withdraw_request(tx.conn, meeting_id, entry_id, tx.now))
        tx.audit(entry(Action.FLOOR_WITHDRAW, tx.now, connection.subject, "meeting", meeting_id))

    await services.write(connection.subject, run)


async def grant_floor(
    services: Services, connection: Connection, message: wire.GrantFloor, permission: Permission
) -> None:
    """Give the floor to who waits; the previous speaker's turn ends, or is interrupted by a point of order."""
    meeting_id, entry_id = MeetingId(message.meeting_id), SpeakerId(message.speaker_id)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        limit_ms = None if message.seconds is None else message.seconds * 1000
        tx.changed(meeting_id, speaker_store.make_way(tx.conn, meeting_id, entry_id, tx.now))
        tx.changed(meeting_id, speaker_store.grant_floor(tx.conn, meeting_id, entry_id, limit_ms, tx.now))
        speaker = speaker_store.load_entry(tx.conn, meeting_id, entry_id)
        tx.audit(entry(Action.FLOOR_GRANT, tx.now, connection.subject, "meeting", meeting_id, person=speaker.person_id))

    await services.write(connection.subject, run)


async def pause_floor(
    services: Services, connection: Connection, message: wire.PauseFloor, permission: Permission
) -> None:
    """Interrupt the speaker; the clock stops."""
    await _turn(services, connection, message, permission, speaker_store.pause_speaker, Action.FLOOR_PAUSE)


async def resume_floor(
    services: Services, connection: Connection, message: wire.ResumeFloor, permission: Permission
) -> None:
    """Give the floor back to who was interrupted."""
    await _turn(services, connection, message, permission, speaker_store.resume_speaker, Action.FLOOR_RESUME)


async def _turn(  # noqa: PLR0917
    services: Services,
    connection: Connection,
    message: wire.PauseFloor | wire.ResumeFloor,
    permission: Permission,
    step: Callable[[Database, MeetingId, SpeakerId, datetime], list[Change]],
    action: Action,
) -> None:
    meeting_id, entry_id = MeetingId(message.meeting_id), SpeakerId(message.speaker_id)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        tx.changed(meeting_id, step(tx.conn, meeting_id, entry_id, tx.now))
        speaker = speaker_store.load_entry(tx.conn, meeting_id, entry_id)
        tx.audit(entry(action, tx.now, connection.subject, "meeting", meeting_id, person=speaker.person_id))

    await services.write(connection.subject, run)


async def end_floor(services: Services, connection: Connection, message: wire.EndFloor, permission: Permission) -> None:
    """End a turn: the chair's right, and the speaker's own."""
    meeting_id, entry_id = MeetingId(message.meeting_id), SpeakerId(message.speaker_id)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        found = speaker_store.load_entry(tx.conn, meeting_id, entry_id)
        if found.person_id != connection.subject.person_id:
            access_meeting(tx.conn, connection.subject, meeting_id, Permission.FLOOR_GRANT, tx.now)
        tx.changed(meeting_id, speaker_store.end_speaker(tx.conn, meeting_id, entry_id, tx.now))
        tx.audit(entry(Action.FLOOR_END, tx.now, connection.subject, "meeting", meeting_id))

    await services.write(connection.subject, run)


HANDLERS: Handlers = {
    wire.RequestFloor: Handler(Permission.FLOOR_REQUEST, request_floor),
    wire.WithdrawFloor: Handler(Permission.FLOOR_REQUEST, withdraw_floor),
    wire.GrantFloor: Handler(Permission.FLOOR_GRANT, grant_floor),
    wire.PauseFloor: Handler(Permission.FLOOR_GRANT, pause_floor),
    wire.ResumeFloor: Handler(Permission.FLOOR_GRANT, resume_floor),
    wire.EndFloor: Handler(Permission.FLOOR_REQUEST, end_floor),
}
