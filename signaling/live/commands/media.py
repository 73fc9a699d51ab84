"""Joining the room's media and speaking to its relay."""

import time
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection as Database

from auth.audit.entry import Action
from auth.directory import get_person, list_sites
from auth.model import OrgRole
from auth.permissions import Permission
from media.control.state import ConsumerSpec, MediaKind
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
from signaling.wire import media as wire
from signaling.wire.base import Request

_DIRECTIONS: tuple[Literal["send"], Literal["recv"]] = ("send", "recv")


class _Here(NamedTuple):
    room: Room
    endpoint: Endpoint


async def _check(services: Services, connection: Connection, message: Request, permission: Permission) -> None:
    """Decide anew at every step: rights may have changed since the room was joined."""
    meeting_id = MeetingId(message.meeting_id)  # type: ignore[attr-defined]

    def run(conn: Database, now: datetime) -> None:
        access_meeting(conn, connection.subject, meeting_id, permission, now)

    await services.read(connection.subject, run)


async def _here(services: Services, connection: Connection, message: Request, permission: Permission) -> _Here:
    await _check(services, connection, message, permission)
    return _Here(*services.rooms.of_holder(message.meeting_id, connection))  # type: ignore[attr-defined]


async def join(
    services: Services, connection: Connection, message: wire.JoinMedia, permission: Permission
) -> wire.MediaJoined:
    """Open this session's endpoint, or find it again after a reconnect."""
    connection.media_pace.take(time.monotonic())
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
    if resumed:
        connection.after_reply(lambda: services.rooms.tell_layers(room, endpoint))
    transports = _transports(room, endpoint) if message.transports else None
    return wire.MediaJoined(
        endpoint_id=endpoint.identity.id,
        resumed=resumed,
        pictures=services.settings.pictures,
        router_rtp_capabilities=dict(ROUTER_CAPABILITIES),
        ice_servers=_ice_servers(services, connection),
        transports=transports,
        consumers=_consumers(room, endpoint, transports, message.rtp_capabilities, services.settings.pictures),
        room=wire.RoomState(endpoints=room.wire()),
    )


def _transports(room: Room, endpoint: Endpoint) -> wire.Transports:
    send, recv = (room.create_transport(endpoint, direction) for direction in _DIRECTIONS)
    return wire.Transports.model_validate({"send": send, "recv": recv})


def _consumers(
    room: Room,
    endpoint: Endpoint,
    transports: wire.Transports | None,
    capabilities: wire.Json | None,
    pictures: int,
) -> list[wire.Consumed]:
    if transports is None or capabilities is None:
        return []
    made = room.consume_all(endpoint, transports.recv.id, capabilities, pictures=pictures)
    return [_consumed(spec, kind) for spec, kind in made]


def _consumed(spec: ConsumerSpec, kind: MediaKind) -> wire.Consumed:
    return wire.Consumed(
        consumer_id=spec.id, producer_id=spec.producer_id, kind=kind, rtp_parameters=dict(spec.rtp_parameters)
    )


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
    services: Services, connection: Connection, message: wire.CreateTransport, permission: Permission
) -> wire.TransportParameters:
    """Open a transport in one direction."""
    connection.media_pace.take(time.monotonic())
    room, endpoint = await _here(services, connection, message, permission)
    parameters = room.create_transport(endpoint, message.direction)
    return wire.TransportParameters.model_validate(parameters)


async def connect_transport(
    services: Services, connection: Connection, message: wire.ConnectTransport, permission: Permission
) -> None:
    """Tell the relay the page's DTLS parameters."""
    room, endpoint = await _here(services, connection, message, permission)
    room.connect_transport(endpoint, message.transport_id, message.dtls_parameters)


async def restart_ice(
    services: Services, connection: Connection, message: wire.RestartIce, permission: Permission
) -> wire.IceParameters:
    """New ICE credentials after a change of network."""
    room, endpoint = await _here(services, connection, message, permission)
    parameters = room.restart_ice(endpoint, message.transport_id)
    return wire.IceParameters(ice_parameters=parameters, ice_servers=_ice_servers(services, connection))


async def ice_servers(
    services: Services, connection: Connection, message: wire.GetIceServers, permission: Permission
) -> wire.IceServers:
    """New credentials for the TURN servers, before the last ones end."""
    await _here(services, connection, message, permission)
    return wire.IceServers(ice_servers=_ice_servers(services, connection))


def _ice_servers(services: Services, connection: Connection) -> list[dict[str, object]]:
    return services.turn.ice_servers(connection.subject.person_id, services.db.clock.now())


async def produce(
    services: Services, connection: Connection, message: wire.Produce, permission: Permission
) -> wire.Produced:
    """Start a source."""
    connection.media_pace.take(time.monotonic())
    room, endpoint = await _here(services, connection, message, permission)
    producer_id = room.produce(
        endpoint, message.transport_id, message.kind, message.source, message.rtp_parameters, message.paused
    )
    return wire.Produced(producer_id=producer_id)


async def set_producer(
    services: Services, connection: Connection, message: wire.SetProducer, permission: Permission
) -> None:
    """Mute or unmute oneself. Others are muted by ``media.mute``, which tells them; nobody unmutes them."""
    room, endpoint = await _here(services, connection, message, permission)
    if message.producer_id not in endpoint.producers:
        raise NoSuchMediaObject
    if not message.paused:
        await _check(services, connection, message, Permission.MEDIA_PRODUCE)
    room.set_producer(message.producer_id, message.paused)


async def close_producer(
    services: Services, connection: Connection, message: wire.CloseProducer, permission: Permission
) -> None:
    """End an own source."""
    room, endpoint = await _here(services, connection, message, permission)
    room.close_producer(endpoint, message.producer_id)


async def consume(
    services: Services, connection: Connection, message: wire.Consume, permission: Permission
) -> wire.Consumed:
    """Receive a source; answered when the relay is ready for it."""
    room, endpoint = await _here(services, connection, message, permission)
    spec, kind = await room.consume(
        endpoint,
        message.transport_id,
        message.producer_id,
        message.rtp_capabilities,
        pictures=services.settings.pictures,
    )
    return _consumed(spec, kind)


async def set_consumer(
    services: Services, connection: Connection, message: wire.SetConsumer, permission: Permission
) -> None:
    """Stop or go on receiving a source."""
    room, endpoint = await _here(services, connection, message, permission)
    room.set_consumer(endpoint, message.consumer_id, message.paused)


async def close_consumer(
    services: Services, connection: Connection, message: wire.CloseConsumer, permission: Permission
) -> None:
    """Receive a source no longer."""
    room, endpoint = await _here(services, connection, message, permission)
    room.close_consumer(endpoint, message.consumer_id)


async def leave(services: Services, connection: Connection, message: wire.LeaveMedia, permission: Permission) -> None:
    """Close this session's endpoint."""
    services.rooms.leave(message.meeting_id, connection)

    def record(tx: Transaction) -> None:
        tx.audit(entry(Action.MEDIA_LEAVE, tx.now, tx.subject, "meeting", message.meeting_id))

    await services.write(connection.subject, record)


HANDLERS: Handlers = {
    wire.JoinMedia: Handler(Permission.MEDIA_JOIN, join),
    wire.CreateTransport: Handler(Permission.MEDIA_JOIN, create_transport),
    wire.ConnectTransport: Handler(Permission.MEDIA_JOIN, connect_transport),
    wire.RestartIce: Handler(Permission.MEDIA_JOIN, restart_ice),
    wire.GetIceServers: Handler(Permission.MEDIA_JOIN, ice_servers),
    wire.Produce: Handler(Permission.MEDIA_PRODUCE, produce),
    wire.SetProducer: Handler(Permission.MEDIA_JOIN, set_producer),
    wire.CloseProducer: Handler(Permission.MEDIA_JOIN, close_producer),
    wire.Consume: Handler(Permission.MEDIA_JOIN, consume),
    wire.SetConsumer: Handler(Permission.MEDIA_JOIN, set_consumer),
    wire.CloseConsumer: Handler(Permission.MEDIA_JOIN, close_consumer),
    wire.LeaveMedia: Handler(Permission.SESSION_OWN, leave),
}
