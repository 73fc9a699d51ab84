"""Desired state of one room on one relay, and how it changes. Pure; hub and relay run the same functions.

The hub owns the state, the relay converges to it. ``app`` is an opaque string of the hub, returned unchanged when the
relay registers with a hub that has forgotten everything.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from media.errors import DanglingReference, RevisionMismatch

MediaKind = Literal["audio", "video"]
ObjectId = Annotated[str, Field(min_length=1, max_length=64)]
Ssrc = Annotated[int, Field(ge=1, le=0xFFFFFFFF)]
App = Annotated[str, Field(max_length=1024)]
SrtpKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{37}[AQgw]==$")]  # base64 of 28 bytes
RtpParametersJson = dict[str, JsonValue]
SpecT = TypeVar("SpecT")


class Model(BaseModel):
    """Base of everything on the control channel: immutable, and unknown fields are an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fingerprint(Model):
    """Hash of a DTLS certificate, RFC 8122 §5, value as ``AA:BB:…``."""

    algorithm: str = Field(pattern=r"^[A-Za-z0-9-]{1,16}$")
    value: str = Field(pattern=r"^[0-9A-Fa-f:]{2,200}$")


class DtlsSpec(Model):
    """What the peer announced: its role (``server`` makes the relay the DTLS client) and its certificates."""

    role: Literal["auto", "client", "server"] = "auto"
    fingerprints: tuple[Fingerprint, ...] = Field(min_length=1, max_length=8)


class Spec(Model):
    """Base of the objects of a room. Their digests are kept, so that a change costs no more than what it changes."""

    id: ObjectId

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 over the canonical JSON of the object: sorted keys, no spaces, UTF-8."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).digest()

    def __copy__(self) -> Self:
        """A copy is about to be changed by model_copy(): it computes a digest of its own."""
        copied = super().__copy__()
        copied.__dict__.pop("digest", None)
        return copied


class Candidate(Model):
    """Where the relay can be reached. Every transport of the relay shares its candidates."""

    ip: str
    port: int = Field(ge=1, le=65535)
    protocol: Literal["udp", "tcp"] = "udp"


class TransportSpec(Spec):
    """One ICE-lite transport. ``dtls`` stays None until the page has connected it."""

    ufrag: str = Field(min_length=4, max_length=256)
    pwd: str = Field(min_length=22, max_length=256, repr=False)
    remote_ufrag: str | None = Field(default=None, min_length=4, max_length=256)
    dtls: DtlsSpec | None = None
    app: App = ""


class PipeSpec(Spec):
    """What a room has in common with the same room on another relay: its part in the link between the two.

    All pipes of a ``link`` carry the same values but for ``id`` and ``app``. ``ufrag``, ``pwd`` and ``send_key`` are of
    this end. The active end has the other's UDP candidates in ``check``, the passive end has none. Keys are those of
    AEAD_AES_128_GCM (RFC 7714 §12): 16 bytes of key and 12 of salt.
    """

    link: ObjectId
    ufrag: str = Field(min_length=4, max_length=256)
    pwd: str = Field(min_length=22, max_length=256, repr=False)
    remote_ufrag: str = Field(min_length=4, max_length=256)
    remote_pwd: str = Field(min_length=22, max_length=256, repr=False)
    check: tuple[Candidate, ...] = Field(default=(), max_length=64)
    send_key: SrtpKey = Field(repr=False)
    receive_key: SrtpKey = Field(repr=False)
    app: App = ""


class ProducerSpec(Spec):
    """One source of audio or video that a peer sends; ``rtp_parameters`` are ORTC as mediasoup has it.

    ``transport_id`` names a transport, or the pipe by which it comes from the relay that has its sender.
    """

    transport_id: ObjectId
    kind: MediaKind
    rtp_parameters: RtpParametersJson
    paused: bool = False
    app: App = ""


class View(Model):
    """How somebody looks at a source: the size of its tile in device pixels, 0 by 0 while it is not drawn.

    ``rank`` says who keeps quality when there is not enough for everybody, 0 first; equal ones share.
    """

    width: int = Field(ge=0, le=16384)
    height: int = Field(ge=0, le=16384)
    rank: int = Field(default=100, ge=0, le=255)


class ConsumerSpec(Spec):
    """One producer forwarded to one transport or pipe, under the SSRCs and the mid that the hub minted.

    Without a ``view`` the source is wanted as good as it can be had. With an ``encoding`` it is that one of the
    producer's encodings and never another, with all its temporal layers.
    """

    transport_id: ObjectId
    producer_id: ObjectId
    ssrc: Ssrc
    rtx_ssrc: Ssrc | None = None
    mid: str = Field(min_length=1, max_length=16)
    rtp_parameters: RtpParametersJson
    paused: bool = False
    view: View | None = None
    encoding: int | None = Field(default=None, ge=0, le=3)
    app: App = ""


class RoomState(Model):
    """Everything the relay shall do for one room. ``revision`` counts the changes."""

    revision: int = Field(default=0, ge=0)
    transports: dict[ObjectId, TransportSpec] = Field(default_factory=dict)
    pipes: dict[ObjectId, PipeSpec] = Field(default_factory=dict)
    producers: dict[ObjectId, ProducerSpec] = Field(default_factory=dict)
    consumers: dict[ObjectId, ConsumerSpec] = Field(default_factory=dict)


class Put(Model):
    """Objects to add, or to replace when their id exists."""

    transports: tuple[TransportSpec, ...] = ()
    pipes: tuple[PipeSpec, ...] = ()
    producers: tuple[ProducerSpec, ...] = ()
    consumers: tuple[ConsumerSpec, ...] = ()


class Remove(Model):
    """Ids to remove; unknown ones are ignored. What stands on a removed object goes with it."""

    transports: tuple[ObjectId, ...] = ()
    pipes: tuple[ObjectId, ...] = ()
    producers: tuple[ObjectId, ...] = ()
    consumers: tuple[ObjectId, ...] = ()


class StateChange(Model):
    """From ``base_revision`` to ``revision``; ``hash`` is that of the result. Removals come first."""

    revision: int = Field(ge=1)
    base_revision: int = Field(ge=0)
    put: Put = Put()
    remove: Remove = Remove()
    hash: str = Field(min_length=64, max_length=64)


def state_hash(state: RoomState) -> str:
    """SHA-256 (hex) over the revision and, by kind, the digests of the objects in the order of their ids."""
    total = hashlib.sha256(str(state.revision).encode())
    kinds: tuple[Mapping[str, Spec], ...] = (state.transports, state.pipes, state.producers, state.consumers)
    for objects in kinds:
        total.update(b"|" + b"".join(objects[key].digest for key in sorted(objects)))
    return total.hexdigest()


def apply(state: RoomState, change: StateChange) -> RoomState:
    """The state after ``change``.

    Raises RevisionMismatch if the change is for another revision or its hash differs from the result's, and
    DanglingReference if the result names objects that do not exist. The input is never changed.
    """
    if change.base_revision != state.revision:
        raise RevisionMismatch(f"have revision {state.revision}, change is for {change.base_revision}")
    result = combine(state, change.put, change.remove, change.revision)
    if state_hash(result) != change.hash:
        raise RevisionMismatch(f"hash differs at revision {change.revision}")
    return result


def combine(state: RoomState, put: Put, remove: Remove, revision: int) -> RoomState:
    """Remove with everything that depends on it, then put, then check references (DanglingReference)."""
    transports = _without(state.transports, remove.transports)
    pipes = _without(state.pipes, remove.pipes)
    ways = transports.keys() | pipes.keys()
    producers = {
        key: value for key, value in _without(state.producers, remove.producers).items() if value.transport_id in ways
    }
    consumers = {
        key: value
        for key, value in _without(state.consumers, remove.consumers).items()
        if value.transport_id in ways and value.producer_id in producers
    }
    result = RoomState.model_construct(
        revision=revision,
        transports=transports | {spec.id: spec for spec in put.transports},
        pipes=pipes | {spec.id: spec for spec in put.pipes},
        producers=producers | {spec.id: spec for spec in put.producers},
        consumers=consumers | {spec.id: spec for spec in put.consumers},
    )
    check_references(result)
    return result


def change(
    state: RoomState,
    *,
    put_transports: Iterable[TransportSpec] = (),
    put_pipes: Iterable[PipeSpec] = (),
    put_producers: Iterable[ProducerSpec] = (),
    put_consumers: Iterable[ConsumerSpec] = (),
    remove_transports: Iterable[str] = (),
    remove_pipes: Iterable[str] = (),
    remove_producers: Iterable[str] = (),
    remove_consumers: Iterable[str] = (),
) -> tuple[StateChange, RoomState]:
    """The next change of ``state`` and its result; for the hub. Raises DanglingReference."""
    put = Put(
        transports=tuple(put_transports),
        pipes=tuple(put_pipes),
        producers=tuple(put_producers),
        consumers=tuple(put_consumers),
    )
    remove = Remove(
        transports=tuple(remove_transports),
        pipes=tuple(remove_pipes),
        producers=tuple(remove_producers),
        consumers=tuple(remove_consumers),
    )
    result = combine(state, put, remove, state.revision + 1)
    step = StateChange(
        revision=result.revision, base_revision=state.revision, put=put, remove=remove, hash=state_hash(result)
    )
    return step, result


def check_references(state: RoomState) -> None:
    """Raise DanglingReference unless every producer has its transport or pipe, and every consumer both its ends."""
    for producer in state.producers.values():
        if producer.transport_id not in state.transports and producer.transport_id not in state.pipes:
            raise DanglingReference(f"producer {producer.id} names transport {producer.transport_id}")
    for consumer in state.consumers.values():
        if consumer.transport_id not in state.transports and consumer.transport_id not in state.pipes:
            raise DanglingReference(f"consumer {consumer.id} names transport {consumer.transport_id}")
        if consumer.producer_id not in state.producers:
            raise DanglingReference(f"consumer {consumer.id} names producer {consumer.producer_id}")


def _without(objects: Mapping[str, SpecT], ids: Iterable[str]) -> dict[str, SpecT]:
    gone = frozenset(ids)
    return {key: value for key, value in objects.items() if key not in gone}
