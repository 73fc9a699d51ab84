"""The chat: sending and removing messages."""

from auth.audit.entry import Action
from auth.model import PersonId
from auth.permissions import Permission
from meetings import chat_store
from meetings.model import Audience, MeetingId, MessageId
from signaling.access import access_meeting
from signaling.audit_entries import entry
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.services import Services
from signaling.store.streams import blank_chat
from signaling.store.transaction import Transaction, meeting_stream
from signaling.wire.base import Created
from signaling.wire.table import RemoveChat, SendChat


async def send_chat(services: Services, connection: Connection, message: SendChat, permission: Permission) -> Created:
    """Store a message once; it is answered when it is on disk."""
    meeting_id = MeetingId(message.meeting_id)

    def run(tx: Transaction) -> None:
        me = connection.subject
        access_meeting(tx.conn, me, meeting_id, permission, tx.now)
        if message.audience is Audience.EVERYONE:
            access_meeting(tx.conn, me, meeting_id, Permission.CHAT_EVERYONE, tx.now)
        changes = chat_store.send(
            tx.conn,
            meeting_id,
            me.person_id,
            message_id=MessageId(message.message_id),
            audience=message.audience,
            recipient_id=PersonId(message.recipient_id) if message.recipient_id else None,
            text=message.text,
            now=tx.now,
        )
        tx.changed(meeting_id, changes)
        if changes:
            told = {"message": message.message_id, "audience": message.audience.value}
            tx.audit(entry(Action.CHAT_SEND, tx.now, me, "meeting", meeting_id, **told))

    await services.write(connection.subject, run)
    return Created(id=message.message_id)


async def remove_chat(services: Services, connection: Connection, message: RemoveChat, permission: Permission) -> None:
    """Take a message's words away, from the record of events as well."""
    meeting_id, message_id = MeetingId(message.meeting_id), MessageId(message.message_id)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        me = connection.subject
        changes = chat_store.remove(tx.conn, meeting_id, message_id, me.person_id, tx.now)
        if not changes:
            return
        blank_chat(tx.conn, meeting_stream(meeting_id), message_id)
        tx.changed(meeting_id, changes)
        author = chat_store.load_message(tx.conn, meeting_id, message_id).author_id
        tx.audit(entry(Action.CHAT_REMOVE, tx.now, me, "meeting", meeting_id, message=message_id, author=author))

    await services.write(connection.subject, run)


HANDLERS: Handlers = {
    SendChat: Handler(Permission.CHAT_SECRETARIAT, send_chat),
    RemoveChat: Handler(Permission.CHAT_MANAGE, remove_chat),
}
