"""What the table takes, and what is announced to it."""

from auth.audit.entry import Action, Detail
from auth.permissions import Permission
from meetings import sitting_store
from meetings.model import MeetingId
from signaling.access import access_meeting
from signaling.audit_entries import entry
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire.table import Announce, SetSitting, WithdrawAnnouncement


async def set_sitting(services: Services, connection: Connection, message: SetSitting, permission: Permission) -> None:
    """Open or close the chat and the speakers' list."""
    meeting_id = MeetingId(message.meeting_id)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        changes = sitting_store.set_sitting(
            tx.conn, meeting_id, chat_open=message.chat_open, floor_open=message.floor_open
        )
        tx.changed(meeting_id, changes)
        if changes:
            told: dict[str, Detail] = {"chat_open": message.chat_open, "floor_open": message.floor_open}
            tx.audit(entry(Action.SITTING_CHANGE, tx.now, connection.subject, "meeting", meeting_id, **told))

    await services.write(connection.subject, run)


async def announce(services: Services, connection: Connection, message: Announce, permission: Permission) -> None:
    """Say something on every screen."""
    meeting_id = MeetingId(message.meeting_id)

    def run(tx: Transaction) -> None:
        me = connection.subject
        access_meeting(tx.conn, me, meeting_id, permission, tx.now)
        tx.changed(meeting_id, sitting_store.announce(tx.conn, meeting_id, message.text, me.person_id, tx.now))
        tx.audit(entry(Action.ANNOUNCEMENT_MAKE, tx.now, me, "meeting", meeting_id, text=message.text))

    await services.write(connection.subject, run)


async def withdraw(
    services: Services, connection: Connection, message: WithdrawAnnouncement, permission: Permission
) -> None:
    """Take the announcement from the screens."""
    meeting_id = MeetingId(message.meeting_id)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        changes = sitting_store.withdraw_announcement(tx.conn, meeting_id, tx.now)
        tx.changed(meeting_id, changes)
        if changes:
            tx.audit(entry(Action.ANNOUNCEMENT_WITHDRAW, tx.now, connection.subject, "meeting", meeting_id))

    await services.write(connection.subject, run)


HANDLERS: Handlers = {
    SetSitting: Handler(Permission.SITTING_MANAGE, set_sitting),
    Announce: Handler(Permission.SITTING_MANAGE, announce),
    WithdrawAnnouncement: Handler(Permission.SITTING_MANAGE, withdraw),
}
