"""The WebSocket ``/api/v1/live``: requests of the client, and what the hub sends.

A request has an ``id`` of the client's choosing and is answered by exactly one ``reply`` or ``error`` with that id.
What the requests of an area look like stands in its own module; here is what belongs to all, and the two unions.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from signaling.wire.base import Created, ErrorBody, Id, Request, Wire
from signaling.wire.events import EventEnvelope
from signaling.wire.floor import (
    Attend,
    Depart,
    EndFloor,
    GrantFloor,
    PauseFloor,
    RequestFloor,
    ResumeFloor,
    RollCall,
    SetItemState,
    WithdrawFloor,
)
from signaling.wire.media import (
    ActiveSpeaker,
    AskToUnmute,
    CloseConsumer,
    CloseProducer,
    ConnectTransport,
    Consume,
    Consumed,
    CreateTransport,
    EndpointClosed,
    GetIceServers,
    IceParameters,
    IceServers,
    JoinMedia,
    LeaveMedia,
    MediaJoined,
    Moderated,
    MuteMedia,
    Probe,
    ProbeMedia,
    Produce,
    Produced,
    RestartIce,
    RoomChanged,
    SetConsumer,
    SetProducer,
    TransportParameters,
)
from signaling.wire.media_view import LayersWanted, ViewMedia
from signaling.wire.meeting import Snapshot
from signaling.wire.polls import (
    AnnulPoll,
    CastBallot,
    ClosePoll,
    CreatePoll,
    DeletePoll,
    EditPoll,
    ExtendPoll,
    OpenPoll,
    RecastPoll,
    Receipt,
)
from signaling.wire.table import Announce, RemoveChat, SendChat, SetSitting, WithdrawAnnouncement

EphemeralKey = Literal["page", "follow", "quality"]
Quality = Literal["good", "weak", "bad"]


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
    | GetIceServers
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
    | ViewMedia
    | SendChat
    | RemoveChat
    | SetSitting
    | Announce
    | WithdrawAnnouncement
    | PauseFloor
    | ResumeFloor
    | EditPoll
    | RecastPoll
    | DeletePoll
    | AnnulPoll
    | ExtendPoll
    | SendEphemeral,
    Field(discriminator="type"),
]


# --- hub to client ---


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
        | IceServers
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
    | LayersWanted
    | Ephemeral
    | SessionEnded,
    Field(discriminator="type"),
]
