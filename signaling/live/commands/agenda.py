"""Running the agenda."""

from auth.audit.entry import Action
from auth.permissions import Permission
from meetings import agenda_store, sitting_store
from meetings.model import ItemId, ItemState, MeetingId
from signaling.access import access_item, access_meeting
from signaling.audit_entries import entry
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire import floor as wire


async def set_item_state(
    services: Services, connection: Connection, message: wire.SetItemState, permission: Permission
) -> None:
    """Take an item up, put it back, or conclude it with its outcome in words."""
    meeting_id, item_id = MeetingId(message.meeting_id), ItemId(message.item_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        access_item(tx.conn, access, item_id)
        match message.to:
            case ItemState.UNDER_DISCUSSION:
                changes = agenda_store.start_item(tx.conn, meeting_id, item_id, tx.now)
            case ItemState.PENDING:
                changes = agenda_store.put_back_item(tx.conn, meeting_id, item_id, tx.now)
            case _:
                changes = agenda_store.conclude_item(
                    tx.conn, meeting_id, item_id, message.to, outcome=message.outcome, now=tx.now
                )
        tx.changed(meeting_id, changes)
        if message.to is ItemState.UNDER_DISCUSSION:
            tx.changed(meeting_id, sitting_store.set_sitting(tx.conn, meeting_id, floor_open=True))
        action = Action.ITEM_OPEN if message.to is ItemState.UNDER_DISCUSSION else Action.ITEM_CLOSE
        tx.audit(entry(action, tx.now, connection.subject, "item", item_id, to=message.to.value))

    await services.write(connection.subject, run)


HANDLERS: Handlers = {wire.SetItemState: Handler(Permission.ITEM_RUN, set_item_state)}
