"""Media in the room: endpoints and what they carry, the requests of mediasoup-client, and what the hub tells of it."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from signaling.wire.base import Id, Request, Wire

Kind = Literal["audio", "video"]
Source = Literal["microphone", "camera", "screen", "screen_audio"]
KINDS: Final[dict[Source, Kind]] = {
    "microphone": "audio",
    "camera": "video",
    "screen": "video",
    "screen_audio": "audio",
}
Json = dict[str, Any]  # ORTC parameters as mediasoup-client speaks them; checked by the relay's own validators


class Producer(Wire):
    id: Id
    kind: Kind
    source: Source
    paused: bool


class Endpoint(Wire):
    """Something that sends and receives media in the room: a person's page, or the hall of a hall's account."""

    id: Id
    kind: Literal["personal", "room"]
    name: str
    person_id: Id | None
    hall_id: Id | None
    site_id: Id | None
    site_name: str | None
    connection: Literal["connecting", "connected", "disconnected"]
    producers: list[Producer]


class RoomState(Wire):
    endpoints: list[Endpoint]


class JoinMedia(Request):
    """Open (or, after a reconnect, find again) this session's endpoint in the room.

    ``endpoint_id`` is the one a reconnecting page held before; when the relay still carries it, ``resumed`` is true and
    its transports, producers and consumers stand. ``take_over`` closes the person's endpoint in another tab. A page
    that has no transports, or none any more, asks for both of them with ``transports``, which saves a round trip; with
    ``rtp_capabilities`` it is given consumers of what the others send as well, which saves another.
    """

    type: Literal["media.join"] = "media.join"
    meeting_id: Id
    endpoint_id: Id | None = None
    take_over: bool = False
    transports: bool = False
    rtp_capabilities: Json | None = None


class TransportParameters(Wire):
    id: Id
    ice_parameters: Json
    ice_candidates: list[Json]
    dtls_parameters: Json


class Transports(Wire):
    send: TransportParameters
    recv: TransportParameters


class Consumed(Wire):
    consumer_id: Id
    producer_id: Id
    kind: Kind
    rtp_parameters: Json


class MediaJoined(Wire):
    """``transports`` are null unless the page asked for them; older ones of the endpoint are gone then.

    ``consumers`` are not paused: nothing flows before their transport is connected. For what of the others is not among
    them the page asks one by one.

    ``pictures`` is how many of the others' pictures a page may receive at once.
    """

    endpoint_id: Id
    resumed: bool
    pictures: int
    router_rtp_capabilities: Json
    ice_servers: list[Json]
    transports: Transports | None
    consumers: list[Consumed]
    room: RoomState


class CreateTransport(Request):
    type: Literal["media.create_transport"] = "media.create_transport"
    meeting_id: Id
    direction: Literal["send", "recv"]


class ConnectTransport(Request):
    type: Literal["media.connect_transport"] = "media.connect_transport"
    meeting_id: Id
    transport_id: Id
    dtls_parameters: Json


class RestartIce(Request):
    type: Literal["media.restart_ice"] = "media.restart_ice"
    meeting_id: Id
    transport_id: Id


class IceParameters(Wire):
    """With the TURN servers' newest credentials, for the candidates that the page gathers now."""

    ice_parameters: Json
    ice_servers: list[Json]


class GetIceServers(Request):
    """New credentials for the TURN servers: those of a join end after an hour."""

    type: Literal["media.ice_servers"] = "media.ice_servers"
    meeting_id: Id


class IceServers(Wire):
    ice_servers: list[Json]


class Produce(Request):
    """A source is of its own kind: a voice that is called a camera could not be muted as one."""

    type: Literal["media.produce"] = "media.produce"
    meeting_id: Id
    transport_id: Id
    kind: Kind
    source: Source
    rtp_parameters: Json
    paused: bool = False

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> Self:
        if KINDS[self.source] != self.kind:
            raise ValueError("a source of another kind")
        return self


class Produced(Wire):
    producer_id: Id


class SetProducer(Request):
    """Mute or unmute an own producer. A chair or secretary may mute anybody's (never unmute)."""

    type: Literal["media.set_producer"] = "media.set_producer"
    meeting_id: Id
    producer_id: Id
    paused: bool


class CloseProducer(Request):
    type: Literal["media.close_producer"] = "media.close_producer"
    meeting_id: Id
    producer_id: Id


class Consume(Request):
    """The consumer starts paused; the page resumes it once its track is attached."""

    type: Literal["media.consume"] = "media.consume"
    meeting_id: Id
    transport_id: Id
    producer_id: Id
    rtp_capabilities: Json


class SetConsumer(Request):
    type: Literal["media.set_consumer"] = "media.set_consumer"
    meeting_id: Id
    consumer_id: Id
    paused: bool


class CloseConsumer(Request):
    type: Literal["media.close_consumer"] = "media.close_consumer"
    meeting_id: Id
    consumer_id: Id


class LeaveMedia(Request):
    """Close this session's endpoint and everything on it."""

    type: Literal["media.leave"] = "media.leave"
    meeting_id: Id


class ProbeMedia(Request):
    """Try the way to the relay before joining: a transport outside of any room that answers ICE checks for 10 seconds.

    A socket has one at a time.
    """

    type: Literal["media.probe"] = "media.probe"
    meeting_id: Id


class Probe(Wire):
    router_rtp_capabilities: Json
    ice_servers: list[Json]
    transport: TransportParameters


class MuteMedia(Request):
    """Mute endpoints of others; each is told by whom. Nobody is ever unmuted by others."""

    type: Literal["media.mute"] = "media.mute"
    meeting_id: Id
    endpoint_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class AskToUnmute(Request):
    """Ask endpoints of others to turn their microphone on; it is theirs to do so."""

    type: Literal["media.ask_unmute"] = "media.ask_unmute"
    meeting_id: Id
    endpoint_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]


class RoomChanged(Wire):
    """The whole live state of the room's media; latest value only."""

    type: Literal["room"] = "room"
    meeting_id: Id
    endpoints: list[Endpoint]


class EndpointClosed(Wire):
    """The endpoint is gone: ``taken_over`` by another tab, ``lost`` with its relay, …; join again if wanted.

    ``moved``: its relay is about to end, and another carries the room from now on; join again at once.
    """

    type: Literal["endpoint_closed"] = "endpoint_closed"
    meeting_id: Id
    endpoint_id: Id
    reason: Literal["taken_over", "lost", "moved", "ended", "removed"]


class Moderated(Wire):
    """Somebody who runs the meeting muted this page's microphone, or asks to turn it on."""

    type: Literal["moderated"] = "moderated"
    meeting_id: Id
    action: Literal["muted", "unmute_wanted"]
    by: str


class ActiveSpeaker(Wire):
    type: Literal["active_speaker"] = "active_speaker"
    meeting_id: Id
    endpoint_id: Id | None
