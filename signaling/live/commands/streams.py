"""Following a meeting, and the ephemeral lane."""

import time
from datetime import datetime
from typing import NamedTuple, get_args

from sqlalchemy import Connection as Database

from auth.permissions import Permission
from meetings.model import ItemState, MeetingId
from signaling.access import Access, access_meeting
from signaling.errors import BadRequest, NotSubscribed, RevisionUnknown
from signaling.live.commands.base import Handler, Handlers
from signaling.live.commands.presenting import present
from signaling.live.connection import Connection
from signaling.live.keep_alive import keep_alive
from signaling.live.room import Room
from signaling.live.subscription import Subscription
from signaling.projection.roster import Rosters
from signaling.projection.snapshot import snapshot
from signaling.projection.viewer import Viewer
from signaling.services import Services
from signaling.store.streams import events_after, last_revision
from signaling.store.transaction import StoredEvent, meeting_stream
from signaling.usecases.view_meeting import record_view
from signaling.wire import live
from signaling.wire.media import ActiveSpeaker, RoomChanged
from signaling.wire.meeting import Snapshot

MAX_REPLAY = 500


async def subscribe(
    services: Services, connection: Connection, message: live.Subscribe, permission: Permission
) -> live.Subscribed:
    """Answer with a snapshot, or replay what came after a known revision; live events follow either."""
    meeting_id = MeetingId(message.meeting_id)
    await connection.begin_subscribing(meeting_id)
    try:
        subscription, found = await _follow(services, connection, message, permission)
    except BaseException:
        connection.end_subscribing(meeting_id, answered=False)
        raise
    connection.after_reply(lambda: connection.end_subscribing(meeting_id, answered=True))
    connection.after_reply(lambda: subscription.start(found.revision, found.replay))
    if (room := services.rooms.get(meeting_id)) is not None:
        connection.after_reply(lambda: _show_room(connection, room))
    connection.after_reply(lambda: services.sockets.presentations.greet(meeting_id, connection))
    connection.after_reply(lambda: services.sockets.qualities.greet(meeting_id, connection))
    return live.Subscribed(revision=found.revision, snapshot=found.snapshot)


async def _follow(
    services: Services, connection: Connection, message: live.Subscribe, permission: Permission
) -> tuple[Subscription, "_CaughtUp"]:
    """Register, and read what the client does not know. Nothing is awaited once both are known to belong together."""
    meeting_id = MeetingId(message.meeting_id)

    def check(conn: Database, now: datetime) -> Access:
        return access_meeting(conn, connection.subject, meeting_id, permission, now)

    def catch_up(conn: Database, now: datetime) -> _CaughtUp:
        return _catch_up(conn, check(conn, now), message.after, services.rosters, now)

    access = await services.read(connection.subject, check)
    await record_view(services, connection.subject, meeting_id)
    try:
        while True:
            subscription = services.sockets.follow(connection, meeting_id, access.viewer)
            found = await services.read(connection.subject, catch_up)
            if connection.subscriptions.get(meeting_id) is subscription and found.viewer == subscription.viewer:
                return subscription, found
            access = await services.read(connection.subject, check)  # the viewer's rights changed between the two reads
    except BaseException:
        services.sockets.unfollow(connection, meeting_id)
        raise


def _show_room(connection: Connection, room: Room) -> None:
    connection.send(RoomChanged(meeting_id=room.id, endpoints=room.wire()))
    connection.send(ActiveSpeaker(meeting_id=room.id, endpoint_id=room.speaker))


class _CaughtUp(NamedTuple):
    """What a subscriber starts from: a snapshot, or the events after the revision that it knows."""

    viewer: Viewer
    revision: int
    snapshot: Snapshot | None
    replay: list[StoredEvent]


def _catch_up(conn: Database, access: Access, after: int | None, rosters: Rosters, now: datetime) -> _CaughtUp:
    meeting_id = access.meeting.id
    last = last_revision(conn, meeting_stream(meeting_id))
    if after is not None and after > last:
        raise RevisionUnknown
    replay = _replay(conn, meeting_id, after, last)
    if after is None or replay is None or any(_concerns(one, access) for one in replay):
        return _CaughtUp(access.viewer, last, snapshot(conn, access, rosters, now), [])
    return _CaughtUp(access.viewer, after, None, replay)


def _replay(conn: Database, meeting_id: MeetingId, after: int | None, last: int) -> list[StoredEvent] | None:
    """Return what came after a revision, None if that is too much or nothing is known yet."""
    if after is None or last - after > MAX_REPLAY:
        return None
    return events_after(conn, meeting_stream(meeting_id), after)


def _concerns(event: StoredEvent, access: Access) -> bool:
    """Whether an event may have changed what this viewer sees of everything else, so that only a snapshot is right."""
    me = access.participant.person_id
    match event.body["type"]:
        case "participant":
            return bool(event.body["participant"]["personId"] == me)
        case "participant_removed":
            return bool(event.body["personId"] == me)
        case "item":  # its readers change only while it is pending
            return bool(event.body["item"]["state"] == ItemState.PENDING)
        case _:
            return False


async def unsubscribe(
    services: Services, connection: Connection, message: live.Unsubscribe, permission: Permission
) -> None:
    """Stop following."""
    services.sockets.unfollow(connection, MeetingId(message.meeting_id))


async def ping(services: Services, connection: Connection, message: live.Ping, permission: Permission) -> live.Pong:
    """Tell the hub's time, from which the page learns its offset."""
    await keep_alive(services, connection)
    return live.Pong(server_time_ms=round(time.time() * 1000))


async def ephemeral(
    services: Services, connection: Connection, message: live.SendEphemeral, permission: Permission
) -> None:
    """Pass a latest value on to whoever follows the meeting."""
    if MeetingId(message.meeting_id) not in connection.subscriptions:
        raise NotSubscribed("subscribe to the meeting first")
    if message.key == "page":
        await present(services, connection, MeetingId(message.meeting_id), message.value)
        return
    if message.key == "follow":
        following = message.value is not None
        services.sockets.presentations.follow(MeetingId(message.meeting_id), connection, following)
        return
    quality = next((one for one in get_args(live.Quality) if one == message.value), None)
    if quality is None:  # a line of its own would pass the chat and its rules by
        raise BadRequest("value", "this is no quality of a connection")
    services.sockets.qualities.say(MeetingId(message.meeting_id), connection, quality)


HANDLERS: Handlers = {
    live.Subscribe: Handler(Permission.MEETING_READ, subscribe),
    live.Unsubscribe: Handler(Permission.SESSION_OWN, unsubscribe),
    live.Ping: Handler(Permission.SESSION_OWN, ping),
    live.SendEphemeral: Handler(Permission.MEETING_READ, ephemeral),
}
