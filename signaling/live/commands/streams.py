"""Following a meeting, and the ephemeral lane."""

import time
from datetime import datetime

from sqlalchemy import Connection as Database

from auth.permissions import Permission
from meetings.model import MeetingId
from signaling.access import Access, access_meeting
from signaling.errors import NotSubscribed, RevisionUnknown
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.live.keep_alive import keep_alive
from signaling.projection.snapshot import snapshot
from signaling.services import Services
from signaling.store.streams import events_after, last_revision
from signaling.store.transaction import StoredEvent, meeting_stream
from signaling.wire import live
from signaling.wire.meeting import Snapshot

MAX_REPLAY = 500


async def subscribe(
    services: Services, connection: Connection, message: live.Subscribe, permission: Permission
) -> live.Subscribed:
    """Answer with a snapshot, or replay what came after a known revision; live events follow either."""
    meeting_id = MeetingId(message.meeting_id)

    def check(conn: Database, now: datetime) -> Access:
        return access_meeting(conn, connection.subject, meeting_id, permission, now)

    def catch_up(conn: Database, now: datetime) -> tuple[int, Snapshot | None, list[StoredEvent]]:
        access = check(conn, now)
        last = last_revision(conn, meeting_stream(meeting_id))
        if message.after is not None and message.after > last:
            raise RevisionUnknown
        replay = _replay(conn, meeting_id, message.after, last)
        if message.after is None or replay is None or any(_concerns(one, access) for one in replay):
            return last, snapshot(conn, access, now), []
        return message.after, None, replay

    access = await services.read(connection.subject, check)
    subscription = services.sockets.follow(connection, meeting_id, access.viewer)
    try:
        revision, whole, replay = await services.read(connection.subject, catch_up)
    except Exception:
        services.sockets.unfollow(connection, meeting_id)
        raise
    connection.after_reply(lambda: subscription.start(revision, replay))
    if (room := services.rooms.get(meeting_id)) is not None:
        connection.after_reply(lambda: connection.send(live.RoomChanged(meeting_id=meeting_id, endpoints=room.wire())))
    return live.Subscribed(revision=revision, snapshot=whole)


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
        case "item":
            return "_readers" in event.body
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
    out = live.Ephemeral(
        meeting_id=message.meeting_id,
        person_id=connection.subject.person_id,
        key=message.key,
        value=message.value,
    )
    services.sockets.tell(message.meeting_id, out, but=connection)


HANDLERS: Handlers = {
    live.Subscribe: Handler(Permission.MEETING_READ, subscribe),
    live.Unsubscribe: Handler(Permission.SESSION_OWN, unsubscribe),
    live.Ping: Handler(Permission.SESSION_OWN, ping),
    live.SendEphemeral: Handler(Permission.MEETING_READ, ephemeral),
}
