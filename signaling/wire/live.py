"""The WebSocket ``/api/v1/live``: requests of the client, and what the hub sends.

A request has an ``id`` of the client's choosing and is answered by exactly one ``reply`` or ``error`` with that id.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from meetings.model import ItemState, PollKind, PollMethod, PresenceMode, PresenceStatus, SpeakerKind
from signaling.wire.base import Created, ErrorBody, Id, Line, Text, Wire
from signaling.wire.base import Request as Request  # noqa: PLC0414 - others know it from here
from signaling.wire.events import EventEnvelope
from signaling.wire.meeting import Rules, Snapshot
from signaling.wire.table import (
    Announce,
    AnnulPoll,
    EditPoll,
    ExtendPoll,
    PauseFloor,
    RecastPoll,
    RemoveChat,
    ResumeFloor,
    Seconds,
    SendChat,
    SetSitting,
    WithdrawAnnouncement,
)

Kind = Literal["audio", "video"]
Source = Literal["microphone", "camera", "screen", "screen_audio"]
EphemeralKey = Literal["page", "follow", "quality"]
Quality = Literal["good", "weak", "bad"]
Json = dict[str, Any]  # ORTC parameters as mediasoup-client speaks them; checked by the relay's own validators


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
    """``seconds`` limits the speaking time. A point of order interrupts who speaks; for others that turn ends."""

    type: Literal["floor.grant"] = "floor.grant"
    meeting_id: Id
    speaker_id: Id
    seconds: Seconds | None = None


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
        list[Line],
        Field(max_length=50, default_factory=list),
    ]
    rules: Rules | None = None


class OpenPoll(Request):
    """``seconds`` announces how long the poll is to stay open; it is closed by the chair, never by the clock."""

    type: Literal["poll.open"] = "poll.open"
    meeting_id: Id
    poll_id: Id
    seconds: Seconds | None = None


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
    its transports, producers and consumers stand. ``take_over`` closes the person's endpoint in another tab. A page
    that has no transports, or none any more, asks for both of them with ``transports``, which saves a round trip.
    """

    type: Literal["media.join"] = "media.join"
    meeting_id: Id
    endpoint_id: Id | None = None
    take_over: bool = False
    transports: bool = False


class Transports(Wire):
    send: "TransportParameters"
    recv: "TransportParameters"


class MediaJoined(Wire):
    """``transports`` are null unless the page asked for them; older ones of the endpoint are gone then."""

    endpoint_id: Id
    resumed: bool
    router_rtp_capabilities: Json
    ice_servers: list[Json]
    transports: Transports | None
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


class LeaveMedia(Request):
    """Close this session's endpoint and everything on it."""

    type: Literal["media.leave"] = "media.leave"
    meeting_id: Id


# --- ephemeral lane ---


class SendEphemeral(Request):
    """Latest value only, never stored: a presenter's place, who follows it, how good the sender's connection is."""

    type: Literal["ephemeral"] = "ephemeral"
    meeting_id: Id
    key: EphemeralKey
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
    | ProbeMedia
    | MuteMedia
    | AskToUnmute
    | LeaveMedia
    | SendChat
    | RemoveChat
    | SetSitting
    | Announce
    | WithdrawAnnouncement
    | PauseFloor
    | ResumeFloor
    | EditPoll
    | RecastPoll
    | AnnulPoll
    | ExtendPoll
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
        | Probe
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


class Ephemeral(Wire):
    type: Literal["ephemeral"] = "ephemeral"
    meeting_id: Id
    person_id: Id
    key: EphemeralKey
    value: str | None


class SessionEnded(Wire):
    """The session was signed out, expired or disabled; the socket closes next."""

    type: Literal["session_ended"] = "session_ended"
    reason: str


HubMessage = Annotated[
    Reply
    | Error
    | EventEnvelope
    | Resync
    | RoomChanged
    | EndpointClosed
    | Moderated
    | ActiveSpeaker
    | Ephemeral
    | SessionEnded,
    Field(discriminator="type"),
]

MediaJoined.model_rebuild()
