"""The messages between hub and relay: JSON over one WebSocket that the relay opens. See ``media/README.md``."""

import json
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from media.control.change import StateChange
from media.control.state import Candidate, Model, ObjectId, RoomState, state_hash
from media.errors import ControlError

PROTOCOL_VERSION = 1
MAX_MESSAGE_BYTES = 64 * 1024 * 1024  # a full registration: some 30,000 consumers

TransportState = Literal["new", "connecting", "connected", "disconnected", "failed"]
RoomId = ObjectId
Reason = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]  # it becomes a label of the operator's graphs


class Capabilities(Model):
    """What this relay can do; ``dataplane`` names the data plane that runs."""

    dataplane: str


# ---- relay to hub


class Register(Model):
    """First message: who the relay is and its actual full state, which a restarted hub adopts.

    ``instance`` is new at each start of the relay: under another one, the transports known before are gone. ``local``
    is where the relay can be reached by others on its own machine or site, beside ``candidates``.
    """

    type: Literal["register"] = "register"
    protocol_versions: tuple[int, ...] = (PROTOCOL_VERSION,)
    relay_id: str = Field(min_length=1, max_length=64)
    instance: str = Field(default="", max_length=64)
    fingerprint: str
    candidates: tuple[Candidate, ...]
    local: tuple[Candidate, ...] = ()
    capabilities: Capabilities
    rooms: dict[RoomId, RoomState] = Field(default_factory=dict)

    @property
    def for_relays(self) -> tuple[Candidate, ...]:
        """Where another relay may reach this one. Behind a NAT its outer address is of no use on the inside."""
        return tuple(dict.fromkeys(one for one in (*self.candidates, *self.local) if one.protocol == "udp"))


class Applied(Model):
    """The relay has taken over this revision."""

    type: Literal["applied"] = "applied"
    room: RoomId
    revision: int
    hash: str


class Failed(Model):
    """``reason`` is the code of an error in ``media.errors``; ``resync`` asks for a snapshot.

    With an ``object_id`` only that object is out of service; the revision as such was applied.
    """

    type: Literal["failed"] = "failed"
    room: RoomId
    revision: int
    object_id: str | None = None
    reason: str


class TransportStateChanged(Model):
    """ICE and DTLS of one transport, as one state."""

    type: Literal["transport_state"] = "transport_state"
    room: RoomId
    transport_id: ObjectId
    state: TransportState


class AudioLevels(Model):
    """Loudness in dBov (−127 to 0, RFC 6464) of the producers that send audio, and who speaks."""

    type: Literal["audio_levels"] = "audio_levels"
    room: RoomId
    levels: dict[ObjectId, int]
    speaker: ObjectId | None = None


class Draining(Model):
    """The relay is about to end: it wants nothing new, and everybody moved within ``seconds`` if there is where to."""

    type: Literal["draining"] = "draining"
    seconds: float = Field(ge=0)


class LayersWanted(Model):
    """The highest encoding that any receiver wants of each simulcast producer, −1 for none: the rest may be paused."""

    type: Literal["layers_wanted"] = "layers_wanted"
    room: RoomId
    layers: dict[ObjectId, int]


class TransportStatistics(Model):
    """One transport over the last interval. ``in`` is from the peer to the relay."""

    rtt_ms: float | None = None
    loss_in: float = 0.0
    loss_out: float = 0.0
    bitrate_in_bps: int = 0
    bitrate_out_bps: int = 0
    available_bps: int | None = None


class RelayCounters(Model):
    """What a relay has done since its start, for an operator's graphs; nothing in it names a room or a person.

    ``expected_in`` counts by sequence number, ``dropped`` by reason. ``transports``, ``links``, ``producers``,
    ``consumers``, ``tcp_connections`` and ``memory_bytes`` are what is now; ``tick_lag_seconds`` is by how much the
    relay's clock was late at worst since the last report. What goes by links is counted as what goes by transports.
    """

    packets_in: int = 0
    bytes_in: int = 0
    packets_out: int = 0
    bytes_out: int = 0
    expected_in: int = 0
    received_in: int = 0
    recovered_in: int = 0
    resent_out: int = 0
    rejected: int = 0
    unknown: int = 0
    nacks_sent: int = 0
    nacks_received: int = 0
    keyframe_requests_sent: int = 0
    keyframe_requests_received: int = 0
    keyframes: int = 0
    dropped: dict[Reason, int] = Field(default_factory=dict, max_length=64)
    transports: dict[TransportState, int] = Field(default_factory=dict)
    links: dict[TransportState, int] = Field(default_factory=dict)
    producers: int = 0
    consumers: int = 0
    tcp_connections: int = 0
    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    tick_lag_seconds: float = 0.0


class Statistics(Model):
    """About every 2 s, for all rooms and the relay as a whole."""

    type: Literal["statistics"] = "statistics"
    rooms: dict[RoomId, dict[ObjectId, TransportStatistics]] = Field(default_factory=dict)
    relay: RelayCounters | None = None


# ---- hub to relay


class Welcome(Model):
    """Answer to Register with the version both speak."""

    type: Literal["welcome"] = "welcome"
    version: int


class Snapshot(Model):
    """Replace the whole state of a room."""

    type: Literal["snapshot"] = "snapshot"
    room: RoomId
    state: RoomState


class Delta(StateChange):
    """Change the state of a room."""

    type: Literal["delta"] = "delta"
    room: RoomId


class Drop(Model):
    """Forget a room and close everything in it."""

    type: Literal["drop"] = "drop"
    room: RoomId


RelayMessage = Annotated[
    Register | Applied | Failed | TransportStateChanged | AudioLevels | LayersWanted | Statistics | Draining,
    Field(discriminator="type"),
]
HubMessage = Annotated[Welcome | Snapshot | Delta | Drop, Field(discriminator="type")]

#: Values are ids that do not come again: pydantic would keep the last 16,384 of them.
_PARSING: Final = ConfigDict(cache_strings="keys")
_relay_messages: TypeAdapter[RelayMessage] = TypeAdapter(RelayMessage, config=_PARSING)
_hub_messages: TypeAdapter[HubMessage] = TypeAdapter(HubMessage, config=_PARSING)


def parse_relay_message(data: str | bytes) -> RelayMessage:
    """For the hub. Raises ControlError."""
    try:
        return _relay_messages.validate_json(data)
    except ValidationError as error:
        raise ControlError(f"not a message of a relay: {error.error_count()} errors") from error


def parse_hub_message(data: str | bytes) -> HubMessage:
    """For the relay. Raises ControlError."""
    try:
        return _hub_messages.validate_json(data)
    except ValidationError as error:
        raise ControlError(f"not a message of a hub: {error.error_count()} errors") from error


def room_named_in(data: str | bytes) -> str | None:
    """The room that an unreadable snapshot or delta is for, if at least that can be read."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return None
    room = message.get("room") if isinstance(message, dict) and message.get("type") in {"snapshot", "delta"} else None
    return room if isinstance(room, str) and 0 < len(room) <= 64 else None


def encode(message: Model) -> str:
    """The message as it goes over the channel."""
    return message.model_dump_json()


def delta(room: str, step: StateChange) -> Delta:
    """The change of a room as a message."""
    return Delta(
        room=room,
        revision=step.revision,
        base_revision=step.base_revision,
        put=step.put,
        remove=step.remove,
        hash=step.hash,
    )


def applied(room: str, state: RoomState) -> Applied:
    """The relay's confirmation of a state."""
    return Applied(room=room, revision=state.revision, hash=state_hash(state))
