"""Beside an endpoint of one's own: trying the way to the relay, and quiet in the room."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection as Database

from auth.audit.entry import Action
from auth.directory import get_person
from auth.permissions import Permission
from media.ortc import ROUTER_CAPABILITIES
from meetings.model import MeetingId
from signaling.access import access_meeting
from signaling.audit_entries import entry
from signaling.errors import NoSuchMediaObject
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.live.endpoint import Endpoint
from signaling.live.room import Room
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire import media as wire

_HEARD = frozenset({"microphone", "screen_audio"})


async def probe(
    services: Services, connection: Connection, message: wire.ProbeMedia, permission: Permission
) -> wire.Probe:
    """Open a transport on the relay that the meeting has or would get; it carries nothing and ends by itself."""
    meeting_id = MeetingId(message.meeting_id)

    def check(conn: Database, now: datetime) -> None:
        access_meeting(conn, connection.subject, meeting_id, permission, now)

    await services.read(connection.subject, check)
    link = services.rooms.place(meeting_id)
    return wire.Probe(
        router_rtp_capabilities=dict(ROUTER_CAPABILITIES),
        ice_servers=services.turn.ice_servers(connection.subject.person_id, services.db.clock.now()),
        transport=wire.TransportParameters.model_validate(services.probes.open(connection, link)),
    )


async def mute(services: Services, connection: Connection, message: wire.MuteMedia, permission: Permission) -> None:
    """Mute others and tell them who did; the log has each of them before it happens."""
    name = await _moderator(services, connection, message.meeting_id, permission)
    room, wanted = _endpoints(services, connection, message.meeting_id, message.endpoint_ids)
    muted = [one for one in wanted if _heard(room, one)]

    def record(tx: Transaction) -> None:
        for one in muted:
            owner = one.identity.owner_id
            tx.audit(entry(Action.MEDIA_MUTE, tx.now, tx.subject, "meeting", message.meeting_id, person=owner))

    if muted:
        await services.write(connection.subject, record)
    for one in muted:
        _quieten(room, one)
        _tell(one, wire.Moderated(meeting_id=message.meeting_id, action="muted", by=name))


async def ask_unmute(
    services: Services, connection: Connection, message: wire.AskToUnmute, permission: Permission
) -> None:
    """Ask others to turn their microphone on."""
    name = await _moderator(services, connection, message.meeting_id, permission)
    _, wanted = _endpoints(services, connection, message.meeting_id, message.endpoint_ids)
    for one in wanted:
        _tell(one, wire.Moderated(meeting_id=message.meeting_id, action="unmute_wanted", by=name))


async def _moderator(services: Services, connection: Connection, meeting_id: str, permission: Permission) -> str:
    """Return the name of who asks, once it is decided that they may."""

    def check(conn: Database, now: datetime) -> str:
        access_meeting(conn, connection.subject, MeetingId(meeting_id), permission, now)
        return get_person(conn, connection.subject.person_id).name

    return await services.read(connection.subject, check)


def _endpoints(
    services: Services, connection: Connection, meeting_id: str, endpoint_ids: Sequence[str]
) -> tuple[Room, list[Endpoint]]:
    """Return those that are still there and somebody else's. Raises NoSuchMediaObject when the room is empty."""
    if (room := services.rooms.get(meeting_id)) is None:
        raise NoSuchMediaObject
    found = [room.endpoints[one] for one in dict.fromkeys(endpoint_ids) if one in room.endpoints]
    return room, [one for one in found if one.identity.owner_id != connection.subject.person_id]


def _heard(room: Room, endpoint: Endpoint) -> list[str]:
    """Return the producers that are heard of an endpoint, which may have gone meanwhile."""
    specs = room.state.producers
    sounds = [one for one, source in endpoint.producers.items() if source in _HEARD]
    return [one for one in sounds if one in specs and not specs[one].paused]


def _quieten(room: Room, endpoint: Endpoint) -> None:
    for producer_id in _heard(room, endpoint):
        room.set_producer(producer_id, paused=True)


def _tell(endpoint: Endpoint, message: wire.Moderated) -> None:
    if isinstance(endpoint.holder, Connection):
        endpoint.holder.send(message)


HANDLERS: Handlers = {
    wire.ProbeMedia: Handler(Permission.MEDIA_JOIN, probe),
    wire.MuteMedia: Handler(Permission.MEDIA_MUTE_OTHERS, mute),
    wire.AskToUnmute: Handler(Permission.MEDIA_MUTE_OTHERS, ask_unmute),
}
