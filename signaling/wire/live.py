"""The WebSocket ``/api/v1/live``: requests of the client, and what the hub sends.

A request has an ``id`` of the client's choosing and is answered by exactly one ``reply`` or ``error`` with that id.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from meetings.model import ItemState, PollKind, PollMethod, PresenceMode, PresenceStatus, SpeakerKind
from signaling.wire.base import Created, ErrorBody, Id, Line, Text, Wire
from signaling.wire.events import EventEnvelope
from signaling.wire.meeting import Rules, Snapshot

Kind = Literal["audio", "video"]
Source = Literal["microphone", "camera", "screen", "screen_audio"]
Json = dict[str, Any]  # ORTC parameters as mediasoup-client speaks them; checked by the relay's own validators


class Request(Wire):
    """Base of all client requests."""

    id: Annotated[int, Field(ge=1, le=2**53)]


# --- streams ---


class Subscribe(Request):
    """Follow a meeting. With ``after`` the hub replays what came later, or sends a fresh snapshot if it cannot."""

    type: Literal["subscribe"] = "subscribe"
    meeting_id: Id
    after: Annotated[int, Field(ge=0)] | None = None


class Subscribed(Wire):
    """``snapshot`` is null when the events after the given revision follow instead."""

    revision: int
    snapshot: Snapshot | None


class Unsubscribe(Request):
    type: Literal["unsubscribe"] = "unsubscribe"
    meeting_id: Id


class Ping(Request):
    type: Literal["ping"] = "ping"


class Pong(Wire):
    server_time_ms: int


# --- presence, agenda, floor ---


class Attend(Request):
    """Check in as present. ``via`` names a room endpoint when the person sits in that hall."""

    type: Literal["attend"] = "attend"
    meeting_id: Id
    mode: PresenceMode
    site_id: Id | None = None
    via: Id | None = None


class Depart(Request):
    """Leave on purpose: presence ends now, without the grace time of a lost connection."""

    type: Literal["depart"] = "depart"
    meeting_id: Id


class RollCall(Request):
    type: Literal["roll_call"] = "roll_call"
    meeting_id: Id
    person_id: Id
    status: PresenceStatus
    mode: PresenceMode = PresenceMode.IN_PERSON


class SetItemState(Request):
    type: Literal["item.state"] = "item.state"
    meeting_id: Id
    item_id: Id
    to: ItemState
    outcome: Text = ""


class RequestFloor(Request):
    type: Literal["floor.request"] = "floor.request"
    meeting_id: Id
    kind: SpeakerKind = SpeakerKind.TURN


class WithdrawFloor(Request):
    type: Literal["floor.withdraw"] = "floor.withdraw"
    meeting_id: Id
    speaker_id: Id


class GrantFloor(Request):
    type: Literal["floor.grant"] = "floor.grant"
    meeting_id: Id
    speaker_id: Id


class EndFloor(Request):
    type: Literal["floor.end"] = "floor.end"
    meeting_id: Id
    speaker_id: Id


# --- polls ---


class CreatePoll(Request):
    """``rules`` overrides the meeting's rules of procedure for this poll; ``options`` only for ``one_of``."""

    type: Literal["poll.create"] = "poll.create"
    meeting_id: Id
    item_id: Id | None
    title: Line
    question: Text = ""
    kind: PollKind = PollKind.NAMED
    method: PollMethod = PollMethod.YES_NO_ABSTAIN
    options: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=200)]],
        Field(max_length=50, default_factory=list),
    ]
    rules: Rules | None = None


class OpenPoll(Request):
    type: Literal["poll.open"] = "poll.open"
    meeting_id: Id
    poll_id: Id


class ClosePoll(Request):
    """Closes the poll and publishes its result to the meeting."""

    type: Literal["poll.close"] = "poll.close"
    meeting_id: Id
    poll_id: Id


class CastBallot(Request):
    """``ballot_id`` is made by the client: a retry with the same id and choice returns the same receipt."""

    type: Literal["poll.cast"] = "poll.cast"
    meeting_id: Id
    poll_id: Id
    ballot_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,40}$")]
    option_id: Id


class Receipt(Wire):
    receipt: str


# --- media ---


class JoinMedia(Request):
    """Open (or, after a reconnect, find again) this session's endpoint in the room.

    ``endpoint_id`` is the one a reconnecting page held before; when the relay still carries it, ``resumed`` is true and
    its transports, producers and consumers stand. ``take_over`` closes the person's endpoint in another tab.
    """

    type: Literal["media.join"] = "media.join"
    meeting_id: Id
    endpoint_id: Id | None = None
    take_over: bool = False


class MediaJoined(Wire):
    endpoint_id: Id
    resumed: bool
    router_rtp_capabilities: Json
    ice_servers: list[Json]
    room: "RoomState"


class CreateTransport(Request):
    type: Literal["media.create_transport"] = "media.create_transport"
    meeting_id: Id
    direction: Literal["send", "recv"]


class TransportParameters(Wire):
    id: Id
    ice_parameters: Json
    ice_candidates: list[Json]
    dtls_parameters: Json


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
    ice_parameters: Json


class Produce(Request):
    type: Literal["media.produce"] = "media.produce"
    meeting_id: Id
    transport_id: Id
    kind: Kind
    source: Source
    rtp_parameters: Json
    paused: bool = False


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


class Consumed(Wire):
    consumer_id: Id
    producer_id: Id
    kind: Kind
    rtp_parameters: Json


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


# --- ephemeral lane ---


class SendEphemeral(Request):
    """Latest value only, never stored, never audited: hand, typing, the presenter's page."""

    type: Literal["ephemeral"] = "ephemeral"
    meeting_id: Id
    key: Literal["hand", "typing", "page"]
    value: Annotated[str, StringConstraints(max_length=512)] | None


ClientMessage = Annotated[
    Subscribe
    | Unsubscribe
    | Ping
    | Attend
    | Depart
    | RollCall
    | SetItemState
    | RequestFloor
    | WithdrawFloor
    | GrantFloor
    | EndFloor
    | CreatePoll
    | OpenPoll
    | ClosePoll
    | CastBallot
    | JoinMedia
    | CreateTransport
    | ConnectTransport
    | RestartIce
    | Produce
    | SetProducer
    | CloseProducer
    | Consume
    | SetConsumer
    | CloseConsumer
    | LeaveMedia
    | SendEphemeral,
    Field(discriminator="type"),
]


# --- hub to client ---


class Producer(Wire):
    id: Id
    kind: Kind
    source: Source
    paused: bool


class Endpoint(Wire):
    """Something that sends and receives media in the room; ``person_id`` is null for a hall."""

    id: Id
    kind: Literal["personal", "room"]
    name: str
    person_id: Id | None
    site_id: Id | None
    site_name: str | None
    connection: Literal["connecting", "connected", "disconnected"]
    producers: list[Producer]


class RoomState(Wire):
    endpoints: list[Endpoint]


class Done(Wire):
    """Result of a request that has nothing to tell but success."""


class Reply(Wire):
    type: Literal["reply"] = "reply"
    id: int
    result: (
        Subscribed
        | Pong
        | Receipt
        | MediaJoined
        | TransportParameters
        | IceParameters
        | Produced
        | Consumed
        | Created
        | Done
    )


class Error(Wire):
    """``id`` is null when the message was so broken that its id could not be read; the hub then closes the socket."""

    type: Literal["error"] = "error"
    id: int | None
    error: ErrorBody


class Resync(Wire):
    """The viewer's rights changed: throw the snapshot away and subscribe again."""

    type: Literal["resync"] = "resync"
    meeting_id: Id


class RoomChanged(Wire):
    """The whole live state of the room's media; latest value only."""

    type: Literal["room"] = "room"
    meeting_id: Id
    endpoints: list[Endpoint]


class EndpointClosed(Wire):
    """The endpoint is gone: ``taken_over`` by another tab, ``lost`` with its relay, …; join again if wanted."""

    type: Literal["endpoint_closed"] = "endpoint_closed"
    meeting_id: Id
    endpoint_id: Id
    reason: Literal["taken_over", "lost", "ended", "removed"]


class ActiveSpeaker(Wire):
    type: Literal["active_speaker"] = "active_speaker"
    meeting_id: Id
    endpoint_id: Id | None


class Ephemeral(Wire):
    type: Literal["ephemeral"] = "ephemeral"
    meeting_id: Id
    person_id: Id
    key: Literal["hand", "typing", "page"]
    value: str | None


class SessionEnded(Wire):
    """The session was signed out, expired or disabled; the socket closes next."""

    type: Literal["session_ended"] = "session_ended"
    reason: str


HubMessage = Annotated[
    Reply | Error | EventEnvelope | Resync | RoomChanged | EndpointClosed | ActiveSpeaker | Ephemeral | SessionEnded,
    Field(discriminator="type"),
]

MediaJoined.model_rebuild()
