"""Desired state of one room on one relay; ``change.py`` says how it changes. Pure.

The hub owns the state, the relay converges to it. ``app`` is an opaque string of the hub, returned unchanged when the
relay registers with a hub that has forgotten everything.
"""

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from media.control.objects import Objects
from media.errors import DanglingReference

MediaKind = Literal["audio", "video"]
ObjectId = Annotated[str, Field(min_length=1, max_length=64)]
Ssrc = Annotated[int, Field(ge=1, le=0xFFFFFFFF)]
App = Annotated[str, Field(max_length=1024)]
SrtpKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{37}[AQgw]==$")]  # base64 of 28 bytes
RtpParametersJson = dict[str, JsonValue]
DIGESTS: Final = 2**256  # so many there are


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


class Digested(Model):
    """Base of what keeps its ``digest``, a cached property, so that a change costs no more than what it changes."""

    def __copy__(self) -> Self:
        """A copy is about to be changed by model_copy(): it computes a digest of its own."""
        copied = super().__copy__()
        copied.__dict__.pop("digest", None)
        return copied


class Spec(Digested):
    """Base of the objects of a room, whose ids differ, whatever they are."""

    KIND: ClassVar[str]
    id: ObjectId

    @cached_property
    def digest(self) -> int:
        """SHA-256 over the kind and the canonical JSON of the object: sorted keys, no spaces, UTF-8."""
        text = json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return int.from_bytes(hashlib.sha256((self.KIND + text).encode()).digest(), "big")


class Candidate(Model):
    """Where the relay can be reached. Every transport of the relay shares its candidates."""

    ip: str
    port: int = Field(ge=1, le=65535)
    protocol: Literal["udp", "tcp"] = "udp"


class TransportSpec(Spec):
    """One ICE-lite transport. ``dtls`` stays None until the page has connected it."""

    KIND = "transport"
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

    KIND = "pipe"
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

    KIND = "producer"
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

    KIND = "consumer"
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


AnySpec = TransportSpec | PipeSpec | ProducerSpec | ConsumerSpec


class RoomState(Digested):
    """Everything the relay shall do for one room. ``revision`` counts the changes."""

    revision: int = Field(default=0, ge=0)
    transports: Objects[TransportSpec] = Field(default_factory=Objects)
    pipes: Objects[PipeSpec] = Field(default_factory=Objects)
    producers: Objects[ProducerSpec] = Field(default_factory=Objects)
    consumers: Objects[ConsumerSpec] = Field(default_factory=Objects)

    @cached_property
    def digest(self) -> int:
        """The sum of the objects' digests. A change computes it from the one before, see ``change.py``."""
        return sum(spec.digest for spec in self.specs()) % DIGESTS

    def specs(self) -> Iterable[AnySpec]:
        """All objects, each after those that it stands on."""
        yield from self.transports.values()
        yield from self.pipes.values()
        yield from self.producers.values()
        yield from self.consumers.values()

    def require_ways(self, specs: Iterable[AnySpec]) -> None:
        """Raise DanglingReference unless these have here what they name: a transport or pipe, and a producer."""
        for spec in specs:
            if isinstance(spec, TransportSpec | PipeSpec):
                continue
            if spec.transport_id not in self.transports and spec.transport_id not in self.pipes:
                raise DanglingReference(f"{spec.KIND} {spec.id} names transport {spec.transport_id}")
            if isinstance(spec, ConsumerSpec) and spec.producer_id not in self.producers:
                raise DanglingReference(f"consumer {spec.id} names producer {spec.producer_id}")


def state_hash(state: RoomState) -> str:
    """SHA-256 (hex) over the revision and the sum of the objects' digests.

    It finds that two ends which trust each other have drifted apart. It is no commitment: who may choose the objects
    can find two rooms with one sum.
    """
    return hashlib.sha256(f"{state.revision} {state.digest:064x}".encode()).hexdigest()


def check_references(state: RoomState) -> None:
    """Raise DanglingReference unless every producer has its transport or pipe, and every consumer both its ends."""
    state.require_ways(state.specs())
