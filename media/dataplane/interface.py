"""What the rest of the relay asks of a data plane.

The data plane owns everything that happens for every packet: unprotecting, finding the stream, tracking loss and
arrival, rewriting, protecting, sending, and the history for retransmissions. Everything rare (STUN, DTLS, RTCP, the
control channel) stays outside and talks to it in the terms below. It holds only live things: a peer exists from the
end of its DTLS handshake on, routes are added after their peers; a route may name a producer that is not there yet.

Time is an argument in seconds on one monotonic clock. No method raises for anything a peer sends.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from media.path import Path
from media.rtcp import ReportBlock, SenderReport
from media.srtp import SrtpKeys

#: Sends a datagram at once or drops it. The buffer is valid during the call only.
Transmit = Callable[[bytes | memoryview, Path], None]


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """One encoding of a producer, known by its SSRC or by its rid."""

    ssrc: int | None = None
    rid: str | None = None
    rtx_ssrc: int | None = None


@dataclass(frozen=True, slots=True)
class ProducerRoute:
    """Where packets come from. Payload types and extension ids (by URI) are the sender's own."""

    id: str
    peer: str
    kind: Literal["audio", "video"]
    mime: str
    clock_rate: int
    payload_type: int
    rtx_payload_type: int | None = None
    mid: str | None = None
    streams: tuple[StreamSpec, ...] = ()
    extension_ids: Mapping[str, int] = field(default_factory=dict)
    nack: bool = True
    transport_cc: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class ConsumerRoute:
    """Where packets of a producer go, and as what."""

    id: str
    peer: str
    producer: str
    kind: Literal["audio", "video"]
    clock_rate: int
    ssrc: int
    payload_type: int
    mid: str
    rtx_ssrc: int | None = None
    rtx_payload_type: int | None = None
    extension_ids: Mapping[str, int] = field(default_factory=dict)
    paused: bool = False


@dataclass(slots=True)
class PeerStatistics:
    """Counters of one peer since it was added. ``expected_in`` counts by sequence number."""

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


class DataPlane(Protocol):
    """See the module's text."""

    name: str

    def add_peer(self, peer: str, keys: SrtpKeys, address: Path) -> None:
        """Accept SRTP from a peer, and send to it at ``address``."""

    def move_peer(self, peer: str, address: Path | None) -> None:
        """Send to another address from now on; None sends nothing, as consent has expired."""

    def remove_peer(self, peer: str) -> None:
        """Forget a peer with its producers and routes. Idempotent."""

    def add_producer(self, route: ProducerRoute, now: float) -> None:
        """Accept a producer from its peer; one of the same id is replaced."""

    def remove_producer(self, producer: str) -> None:
        """Drop its packets from now on. Routes stay and wait. Idempotent."""

    def route(self, route: ConsumerRoute, now: float) -> None:
        """Forward a producer to a peer; a route of the same id is replaced."""

    def unroute(self, consumer: str) -> None:
        """Stop forwarding. Idempotent."""

    def pause(self, route: str, paused: bool, now: float) -> None:
        """Drop the packets of a producer (for everybody) or a consumer, or let them pass again from a keyframe on."""

    def receive(self, peer: str, datagram: bytes, now: float) -> None:
        """An SRTP datagram from a validated address of the peer."""

    def resend(self, peer: str, ssrc: int, sequences: Iterable[int], now: float) -> None:
        """A peer asks for packets that were sent to it under ``ssrc``."""

    def request_keyframe(self, peer: str, ssrc: int, now: float) -> None:
        """A peer asks for a keyframe of what it receives under ``ssrc``."""

    def sender_reports(self, peer: str, report: SenderReport, now: float) -> Sequence[tuple[str, str, SenderReport]]:
        """Note a peer's report; give it on as (peer, consumer, report) in the terms of each consumer."""

    def take_losses(self, peer: str, now: float) -> Sequence[tuple[int, Sequence[int]]]:
        """What to NACK at this peer now: SSRC and sequence numbers."""

    def take_keyframe_requests(self, now: float) -> Sequence[tuple[str, int]]:
        """Where to ask for keyframes now: peer and SSRC."""

    def take_arrivals(self, peer: str) -> Sequence[bytes]:
        """transport-cc feedback packets due to this peer."""

    def take_levels(self) -> Mapping[str, int]:
        """The loudest level in dBov of each unpaused audio producer since the last call."""

    def receptions(self, peer: str, now: float) -> Sequence[ReportBlock]:
        """Blocks for the receiver report to this peer."""

    def stats(self) -> Mapping[str, PeerStatistics]:
        """Counters by peer."""
