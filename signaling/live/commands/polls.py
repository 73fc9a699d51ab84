"""Polls: making, opening, casting, closing, annulling, repeating."""

from auth.audit.entry import Action, Detail
from auth.permissions import Permission
from meetings import poll_store
from meetings.model import BallotId, ItemId, MeetingId, PollId
from meetings.records import Poll, PollDetails, PollOption
from meetings.rules import RulesOfProcedure
from signaling.access import Access, access_item, access_meeting
from signaling.audit_entries import entry
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.projection.meeting import procedure
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.usecases.close_poll import close_poll as close_and_publish
from signaling.wire import polls as wire
from signaling.wire.base import Created


async def create_poll(
    services: Services, connection: Connection, message: wire.CreatePoll, permission: Permission
) -> Created:
    """Make a draft; the meeting's rules of procedure hold unless the request brings its own."""
    meeting_id = MeetingId(message.meeting_id)

    def run(tx: Transaction) -> str:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        if message.item_id is not None:
            access_item(tx.conn, access, ItemId(message.item_id))
        details = _details(message, access.meeting.details.rules)
        changes = poll_store.create_poll(tx.conn, meeting_id, details, connection.subject.person_id, tx.now)
        tx.changed(meeting_id, changes)
        _log(tx, connection, Action.POLL_CREATE, PollId(changes[0].id))
        return changes[0].id

    return Created(id=await services.write(connection.subject, run))


async def edit_poll(services: Services, connection: Connection, message: wire.EditPoll, permission: Permission) -> None:
    """Replace what a draft puts to the vote."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        before = _access_poll(tx, access, poll_id)
        if message.item_id is not None:
            access_item(tx.conn, access, ItemId(message.item_id))
        details = _details(message, before.details.rules)
        tx.changed(meeting_id, poll_store.edit_poll(tx.conn, meeting_id, poll_id, details, tx.now))
        _log(tx, connection, Action.POLL_EDIT, poll_id)

    await services.write(connection.subject, run)


async def recast_poll(
    services: Services, connection: Connection, message: wire.RecastPoll, permission: Permission
) -> Created:
    """Make a draft that repeats a poll which has ended."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> str:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        _access_poll(tx, access, poll_id)
        changes = poll_store.recast_poll(tx.conn, meeting_id, poll_id, connection.subject.person_id, tx.now)
        tx.changed(meeting_id, changes)
        _log(tx, connection, Action.POLL_RECAST, PollId(changes[0].id), of=poll_id)
        return changes[0].id

    return Created(id=await services.write(connection.subject, run))


async def delete_poll(
    services: Services, connection: Connection, message: wire.DeletePoll, permission: Permission
) -> None:
    """Delete a draft."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        _access_poll(tx, access, poll_id)
        tx.changed(meeting_id, poll_store.delete_poll(tx.conn, meeting_id, poll_id))
        _log(tx, connection, Action.POLL_DELETE, poll_id)

    await services.write(connection.subject, run)


async def annul_poll(
    services: Services, connection: Connection, message: wire.AnnulPoll, permission: Permission
) -> None:
    """End an open poll without a result; why is told to the meeting and kept in the log."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        turnout = len(_access_poll(tx, access, poll_id).voted)
        tx.changed(meeting_id, poll_store.annul_poll(tx.conn, meeting_id, poll_id, message.reason, tx.now))
        _log(tx, connection, Action.POLL_ANNUL, poll_id, reason=message.reason, turnout=turnout)

    await services.write(connection.subject, run)


async def extend_poll(
    services: Services, connection: Connection, message: wire.ExtendPoll, permission: Permission
) -> None:
    """Give an open poll more time."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        _access_poll(tx, access, poll_id)
        tx.changed(meeting_id, poll_store.extend_poll(tx.conn, meeting_id, poll_id, message.seconds, tx.now))
        _log(tx, connection, Action.POLL_EXTEND, poll_id, seconds=message.seconds)

    await services.write(connection.subject, run)


async def open_poll(services: Services, connection: Connection, message: wire.OpenPoll, permission: Permission) -> None:
    """Open a draft; its electorate is frozen now."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        _access_poll(tx, access, poll_id)
        tx.changed(meeting_id, poll_store.open_poll(tx.conn, meeting_id, poll_id, tx.now, message.seconds))
        tx.audit(entry(Action.POLL_OPEN, tx.now, connection.subject, "poll", poll_id))

    await services.write(connection.subject, run)


async def cast_ballot(
    services: Services, connection: Connection, message: wire.CastBallot, permission: Permission
) -> wire.Receipt:
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
            tx.after_commit(services.counters.ballot)
        return ballot.receipt

    return wire.Receipt(receipt=await services.write(connection.subject, run))


async def close_poll(
    services: Services, connection: Connection, message: wire.ClosePoll, permission: Permission
) -> None:
    """Close and publish."""
    meeting_id, poll_id = MeetingId(message.meeting_id), PollId(message.poll_id)

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        _access_poll(tx, access, poll_id)
        close_and_publish(tx, meeting_id, poll_id)

    await services.write(connection.subject, run)


def _access_poll(tx: Transaction, access: Access, poll_id: PollId) -> Poll:
    """Return a poll; one on a restricted item is for those who may read the item. Raises MeetingDenied, NoSuchPoll."""
    found = poll_store.load_poll(tx.conn, access.meeting.id, poll_id)
    if found.details.item_id is not None:
        access_item(tx.conn, access, found.details.item_id)
    return found


def _details(message: wire.Proposal, otherwise: RulesOfProcedure) -> PollDetails:
    return PollDetails(
        title=message.title,
        rules=procedure(message.rules) if message.rules else otherwise,
        question=message.question,
        item_id=ItemId(message.item_id) if message.item_id else None,
        kind=message.kind,
        method=message.method,
        options=tuple(PollOption(str(n), text) for n, text in enumerate(message.options, start=1)),
    )


def _log(tx: Transaction, connection: Connection, action: Action, poll_id: PollId, **details: Detail) -> None:
    tx.audit(entry(action, tx.now, connection.subject, "poll", poll_id, **details))


HANDLERS: Handlers = {
    wire.CreatePoll: Handler(Permission.POLL_MANAGE, create_poll),
    wire.OpenPoll: Handler(Permission.POLL_MANAGE, open_poll),
    wire.CastBallot: Handler(Permission.POLL_CAST, cast_ballot),
    wire.ClosePoll: Handler(Permission.POLL_MANAGE, close_poll),
    wire.EditPoll: Handler(Permission.POLL_MANAGE, edit_poll),
    wire.DeletePoll: Handler(Permission.POLL_MANAGE, delete_poll),
    wire.RecastPoll: Handler(Permission.POLL_MANAGE, recast_poll),
    wire.AnnulPoll: Handler(Permission.POLL_MANAGE, annul_poll),
    wire.ExtendPoll: Handler(Permission.POLL_MANAGE, extend_poll),
}
