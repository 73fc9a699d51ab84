"""Polls: making, opening, casting, closing."""

from auth.audit.entry import Action
from auth.permissions import Permission
from meetings import poll_store
from meetings.model import BallotId, ItemId, MeetingId, PollId
from meetings.records import PollDetails, PollOption
from signaling.access import Access, access_item, access_meeting
from signaling.audit_entries import entry
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.projection.meeting import procedure
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.usecases.close_poll import close_poll as close_and_publish
from signaling.wire import live
from signaling.wire.base import Created


async def create_poll(
    services: Services, connection: Connection, message: live.CreatePoll, permission: Permission
) -> Created:
    """Make a draft; the meeting's rules of procedure hold unless the request brings its own."""
    meeting_id = MeetingId(message.meeting_id)

    def run(tx: Transaction) -> str:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        if message.item_id is not None:
            access_item(tx.conn, access, ItemId(message.item_id))
        details = PollDetails(
            title=message.title,
            rules=procedure(message.rules) if message.rules else access.meeting.details.rules,
            question=message.question,
            item_id=ItemId(message.item_id) if message.item_id else None,
            kind=message.kind,
            method=message.method,
            options=tuple(PollOption(str(n), text) for n, text in enumerate(message.options, start=1)),
        )
        changes = poll_store.create_poll(tx.conn, meeting_id, details, connection.subject.person_id, tx.now)
        tx.changed(meeting_id, changes)
        return changes[0].id

    return Created(id=await services.write(connection.subject, run))


async def open_poll(services: Services, connection: Connection, message: live.OpenPoll, permission: Permission) -> None:
    """Open a draft; its electorate is frozen now."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        _access_poll(tx, access, poll_id)
        tx.changed(meeting_id, poll_store.open_poll(tx.conn, meeting_id, poll_id, tx.now))
        tx.audit(entry(Action.POLL_OPEN, tx.now, connection.subject, "poll", poll_id))

    await services.write(connection.subject, run)


async def cast_ballot(
    services: Services, connection: Connection, message: live.CastBallot, permission: Permission
) -> live.Receipt:
    """Store a ballot once; the receipt leaves only when the ballot is on disk."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> str:
        me = connection.subject
        access = access_meeting(tx.conn, me, meeting_id, permission, tx.now)
        item_id = poll_store.restricted_item(tx.conn, meeting_id, poll_id)
        if item_id is not None:
            access_item(tx.conn, access, item_id)
        ballot, changes = poll_store.cast_ballot(
            tx.conn,
            meeting_id,
            poll_id,
            me.person_id,
            ballot_id=BallotId(message.ballot_id),
            option_id=message.option_id,
            now=tx.now,
        )
        tx.changed(meeting_id, changes)
        if changes:
            tx.audit(entry(Action.POLL_CAST, tx.now, me, "poll", poll_id))
        return ballot.receipt

    return live.Receipt(receipt=await services.write(connection.subject, run))


async def close_poll(
    services: Services, connection: Connection, message: live.ClosePoll, permission: Permission
) -> None:
    """Close and publish."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        _access_poll(tx, access, poll_id)
        close_and_publish(tx, meeting_id, poll_id)

    await services.write(connection.subject, run)


def _access_poll(tx: Transaction, access: Access, poll_id: PollId) -> None:
    """A poll on a restricted item is run by those who may read the item. Raises MeetingDenied and NoSuchPoll."""
    item_id = poll_store.load_poll(tx.conn, access.meeting.id, poll_id).details.item_id
    if item_id is not None:
        access_item(tx.conn, access, item_id)


HANDLERS: Handlers = {
    live.CreatePoll: Handler(Permission.POLL_MANAGE, create_poll),
    live.OpenPoll: Handler(Permission.POLL_MANAGE, open_poll),
    live.CastBallot: Handler(Permission.POLL_CAST, cast_ballot),
    live.ClosePoll: Handler(Permission.POLL_MANAGE, close_poll),
}
