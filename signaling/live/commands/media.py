"""Joining the room's media and speaking to its relay."""

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection as Database

from auth.audit.entry import Action
from auth.directory import get_person, list_sites
from auth.model import OrgRole
from auth.permissions import Permission
from media.ortc import ROUTER_CAPABILITIES
from meetings.model import MeetingId
from signaling.access import access_meeting
from signaling.audit_entries import entry
from signaling.errors import NoSuchMediaObject
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.live.endpoint import Endpoint, EndpointIdentity
from signaling.live.room import Room, new_endpoint_id
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire import live

_DIRECTIONS: tuple[Literal["send"], Literal["recv"]] = ("send", "recv")


class _Here(NamedTuple):
    room: Room
    endpoint: Endpoint


async def _check(services: Services, connection: Connection, message: live.Request, permission: Permission) -> None:
    """Decide anew at every step: rights may have changed since the room was joined."""
    meeting_id = MeetingId(message.meeting_id)  # type: ignore[attr-defined]

    def run(conn: Database, now: datetime) -> None:
        access_meeting(conn, connection.subject, meeting_id, permission, now)

    await services.read(connection.subject, run)


async def _here(services: Services, connection: Connection, message: live.Request, permission: Permission) -> _Here:
    await _check(services, connection, message, permission)
    return _Here(*services.rooms.of_holder(message.meeting_id, connection))  # type: ignore[attr-defined]


async def join(
    services: Services, connection: Connection, message: live.JoinMedia, permission: Permission
) -> live.MediaJoined:
    """Open this session's endpoint, or find it again after a reconnect."""
    meeting_id = MeetingId(message.meeting_id)

    def identify(conn: Database, now: datetime) -> EndpointIdentity:
        access_meeting(conn, connection.subject, meeting_id, permission, now)
        return _identity(conn, connection)

    identity = await services.read(connection.subject, identify)
    endpoint, resumed = services.rooms.join(
        meeting_id, identity, connection, resume=message.endpoint_id, take_over=message.take_over
    )
    if not resumed:
        endpoint_id = endpoint.identity.id

        def record(tx: Transaction) -> None:
            tx.audit(entry(Action.MEDIA_JOIN, tx.now, tx.subject, "meeting", meeting_id, endpoint=endpoint_id))

        await services.write(connection.subject, record)
    room, _ = services.rooms.of_holder(meeting_id, connection)
    return live.MediaJoined(
        endpoint_id=endpoint.identity.id,
        resumed=resumed,
        router_rtp_capabilities=dict(ROUTER_CAPABILITIES),
        ice_servers=[],
        transports=_transports(room, endpoint) if message.transports else None,
        room=live.RoomState(endpoints=room.wire()),
    )


def _transports(room: Room, endpoint: Endpoint) -> live.Transports:
    send, recv = (room.create_transport(endpoint, direction) for direction in _DIRECTIONS)
    return live.Transports.model_validate({"send": send, "recv": recv})


def _identity(conn: Database, connection: Connection) -> EndpointIdentity:
    """A new endpoint's id is never the client's choice: it could name somebody else's."""
    person = get_person(conn, connection.subject.person_id)
    sites = {site.id: site.name for site in list_sites(conn)}
    return EndpointIdentity(
        id=new_endpoint_id(),
        kind="room" if OrgRole.ROOM in person.roles else "personal",
        name=person.name,
        owner_id=person.id,
        site_id=person.site_id,
        site_name=sites.get(person.site_id) if person.site_id else None,
    )


async def create_transport(
    services: Services, connection: Connection, message: live.CreateTransport, permission: Permission
) -> live.TransportParameters:
    """Open a transport in one direction."""
    room, endpoint = await _here(services, connection, message, permission)
    parameters = room.create_transport(endpoint, message.direction)
    return live.TransportParameters.model_validate(parameters)


async def connect_transport(
    services: Services, connection: Connection, message: live.ConnectTransport, permission: Permission
) -> None:
    """Tell the relay the page's DTLS parameters."""
    room, endpoint = await _here(services, connection, message, permission)
    room.connect_transport(endpoint, message.transport_id, message.dtls_parameters)


async def restart_ice(
    services: Services, connection: Connection, message: live.RestartIce, permission: Permission
) -> live.IceParameters:
    """New ICE credentials after a change of network."""
    room, endpoint = await _here(services, connection, message, permission)
    return live.IceParameters(ice_parameters=room.restart_ice(endpoint, message.transport_id))


async def produce(
    services: Services, connection: Connection, message: live.Produce, permission: Permission
) -> live.Produced:
    """Start a source."""
    room, endpoint = await _here(services, connection, message, permission)
    producer_id = room.produce(
        endpoint, message.transport_id, message.kind, message.source, message.rtp_parameters, message.paused
    )
    return live.Produced(producer_id=producer_id)


async def set_producer(
    services: Services, connection: Connection, message: live.SetProducer, permission: Permission
) -> None:
    """Mute or unmute oneself. Others are muted by ``media.mute``, which tells them; nobody unmutes them."""
    room, endpoint = await _here(services, connection, message, permission)
    if message.producer_id not in endpoint.producers:
        raise NoSuchMediaObject
    if not message.paused:
        await _check(services, connection, message, Permission.MEDIA_PRODUCE)
    room.set_producer(message.producer_id, message.paused)


async def close_producer(
    services: Services, connection: Connection, message: live.CloseProducer, permission: Permission
) -> None:
    """End an own source."""
    room, endpoint = await _here(services, connection, message, permission)
    room.close_producer(endpoint, message.producer_id)


async def consume(
    services: Services, connection: Connection, message: live.Consume, permission: Permission
) -> live.Consumed:
    """Receive a source; answered when the relay is ready for it."""
    room, endpoint = await _here(services, connection, message, permission)
    spec, kind = await room.consume(endpoint, message.transport_id, message.producer_id, message.rtp_capabilities)
    return live.Consumed(
        consumer_id=spec.id, producer_id=spec.producer_id, kind=kind, rtp_parameters=dict(spec.rtp_parameters)
    )


async def set_consumer(
    services: Services, connection: Connection, message: live.SetConsumer, permission: Permission
) -> None:
    """Stop or go on receiving a source."""
    room, endpoint = await _here(services, connection, message, permission)
    room.set_consumer(endpoint, message.consumer_id, message.paused)


async def close_consumer(
    services: Services, connection: Connection, message: live.CloseConsumer, permission: Permission
) -> None:
    """Receive a source no longer."""
    room, endpoint = await _here(services, connection, message, permission)
    room.close_consumer(endpoint, message.consumer_id)


async def leave(services: Services, connection: Connection, message: live.LeaveMedia, permission: Permission) -> None:
    """Close this session's endpoint."""
    services.rooms.leave(message.meeting_id, connection)

    def record(tx: Transaction) -> None:
        tx.audit(entry(Action.MEDIA_LEAVE, tx.now, tx.subject, "meeting", message.meeting_id))

    await services.write(connection.subject, record)


HANDLERS: Handlers = {
    live.JoinMedia: Handler(Permission.MEDIA_JOIN, join),
    live.CreateTransport: Handler(Permission.MEDIA_JOIN, create_transport),
    live.ConnectTransport: Handler(Permission.MEDIA_JOIN, connect_transport),
    live.RestartIce: Handler(Permission.MEDIA_JOIN, restart_ice),
    live.Produce: Handler(Permission.MEDIA_PRODUCE, produce),
    live.SetProducer: Handler(Permission.MEDIA_JOIN, set_producer),
    live.CloseProducer: Handler(Permission.MEDIA_JOIN, close_producer),
    live.Consume: Handler(Permission.MEDIA_JOIN, consume),
    live.SetConsumer: Handler(Permission.MEDIA_JOIN, set_consumer),
    live.CloseConsumer: Handler(Permission.MEDIA_JOIN, close_consumer),
    live.LeaveMedia: Handler(Permission.SESSION_OWN, leave),
}
