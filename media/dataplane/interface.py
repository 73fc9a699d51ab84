"""What the rest of the relay asks of a data plane.

The data plane owns everything that happens for every packet: unprotecting, finding the stream, tracking loss and
arrival, rewriting, protecting, sending, and the history for retransmissions. Everything rare (STUN, DTLS, RTCP, the
control channel) stays outside and talks to it in the terms below. It holds only live things: a peer exists from the
end of its DTLS handshake on, routes are added after their peers; a route may name a producer that is not there yet.

Time is an argument in seconds on one monotonic clock. No method raises for anything a peer sends.

**Layers.** A producer has up to four encodings (simulcast, lowest first), each with up to four temporal layers (VP8:
the TID of its payload descriptor; other codecs have one). An encoding is *live* from its first new packet on until it
has sent nothing for 1.5 s, or for 0.25 s in which another one of the producer has begun four frames (it was turned off,
and is not a picture that stands still); take_losses() notices. Nobody is asked any longer for keyframes of an encoding
that fell silent while another one is live. Each consumer has an aim, and from it a *target*:

1. none if its spatial aim is −1, else the highest live encoding that is not above it, else the lowest live one;
2. if none is live, the former target where that is still a stream of the producer, else the lowest encoding that is
   known.

A consumer with an ``encoding`` has the stream of that one as its target as soon as it is known, live or not, and none
if its spatial aim is −1. Its requests for keyframes are served as those of one that has no picture, since who stands
behind it has thinned them out.

Targets follow whenever an encoding becomes known, live or silent, an aim changes, or a producer is added. The switch is
made at the first packet of a keyframe of the target; the encoding that was forwarded goes on until then, on the way
down with its lowest temporal layer alone: that is mostly for want of room, and sound needs what there is. A consumer
whose target is not what it gets wants a keyframe of it: as one that has no picture if it has none or if it goes down,
as any other if it goes up. Keyframes are counted and asked for by encoding.

**Dropping temporal layers.** The fate of a frame (all packets of one timestamp) is decided when the first packet of it
comes that is newer than all before. It is dropped if its TID is above the aim, or above what is forwarded now and it is
no layer synchronization point (Y bit); what is forwarded now is the aim after a keyframe and whenever the aim is lower,
and rises with each such frame that passes. A frame before whose first packet others are missing is only dropped if that
packet starts it (S bit, partition 0), since what is missing could else be of the same frame, whose fate would be
unknown. Numbers close up over what was dropped: sequence numbers over each packet and each missing one between two
packets of the same dropped frame, picture ids over each frame. All other missing packets keep their numbers free: who
comes late passes, whatever its TID, with the numbers that stood at its place, except that the late rest of a dropped
frame is replaced by a packet without payload and marker. What is late for a place of a dropped packet, or older than
the last 64 changes between passing and dropping, is dropped.

**Redundant sound** (RFC 2198) ends here. Of a packet of the producer's ``red_payload_type`` its own block goes on, as
if it had come alone. Before it, the oldest first, go those that it repeats and that are missing: the block before its
own is of the packet with the number before, and so on; the time is the block's, and there is no marker and no
extension. Each counts as recovered. A malformed packet has come, and is of no further use.

**Sound has a limit**, as no receiver's path holds it back: of each producer of it 64,000 octets pass in a second, and
as many at once. A datagram counts with its length and 40 octets, and each packet that a redundant one restores with 40.
What comes when they are used up is rejected before anything is made of it: it is not acknowledged, and as good as lost.

**Under what a peer sends** (``media/sources.py``). SRTP keeps something of the SSRC of each stream of the peer's
producers, and of the last few (64; of a relay 1,024) that are of no stream: it is gone, or not there yet. Any of them
may be a stream's again, declared or learnt from a MID, with the rollover counter and the replay window that it had.
The one of them under which nothing authentic came for longest is given up when there are more. SRTP forgets it, and
nothing is taken under it any more, also not if a producer declares it: what comes could be a recording of what came
before, which SRTP would no longer notice. At most 65,536 are refused so, and then all that are new, as long as the
peer lives. Of a relay nothing is refused, since nothing of it is learnt: a recording under what was forgotten is of
no stream.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from media.path import Path
from media.rtcp import ReportBlock, SenderReport
from media.sources import OF_A_PAGE, SourceBounds
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
    #: Packets of this type repeat others (RFC 2198), see the module's text.
    red_payload_type: int | None = None
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
    #: Nothing but this encoding, from 0, for a peer that is a relay and chooses by itself.
    encoding: int | None = None

    @property
    def ssrcs(self) -> tuple[int, ...]:
        """The SSRC, and that of RTX if there is one."""
        return (self.ssrc,) if self.rtx_ssrc is None else (self.ssrc, self.rtx_ssrc)


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


@dataclass(slots=True)
class ProducerStatistics:
    """Counters of one producer since it was added, over all its encodings; ``expected`` counts by sequence number.

    ``packets`` and ``octets`` are what came, retransmissions and what was not wanted included; ``nacks`` counts the
    packets that were asked for again, ``keyframe_requests`` and ``keyframes`` what was asked of the sender and came.
    """

    packets: int = 0
    octets: int = 0
    expected: int = 0
    received: int = 0
    recovered: int = 0
    nacks: int = 0
    keyframe_requests: int = 0
    keyframes: int = 0


@dataclass(slots=True)
class ConsumerStatistics:
    """Counters of one consumer since it was added. ``packets`` and ``octets`` (of payload) are without retransmissions.

    ``nacks`` counts the packets that its receiver asked for again, ``keyframe_requests`` what it asked for.
    """

    packets: int = 0
    octets: int = 0
    resent: int = 0
    nacks: int = 0
    keyframe_requests: int = 0


@dataclass(frozen=True, slots=True)
class SourceStatistics:
    """What came of one encoding of an unpaused producer since its stream was first seen, restored from RTX or not.

    Octets are of payloads. ``width`` and ``height`` are those of the last keyframe of VP8 or H.264, 0 while unknown.
    """

    producer: str
    encoding: int
    live: bool
    packets: int
    octets: int
    #: By TID; all under 0 for what has no temporal layers.
    octets_by_temporal: tuple[int, int, int, int]
    width: int
    height: int


#: Packets that arrived, sent under transport-wide numbers within 10 ms of the first of them: the number of the first,
#: which is not cut to 16 bits as on the wire, when it was sent, and when it and the last of them arrived, in ticks of
#: the peer's clock; how many they are, and the bytes of their datagrams. Hundreds come in a second, so it is no class.
Burst = tuple[int, float, int, int, int, int]
#: Seconds of a tick. The peer's clock counts 32 bits of them, 12 days, and begins again.
TICK: Final = 0.00025


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a feedback says that was not known: of how many packets, how many of these were lost, the highest number.

    What is told lost may still arrive, and counts again then. ``bursts`` are in the order of the feedback.
    """

    told: int = 0
    lost: int = 0
    highest: int = 0
    bursts: Sequence[Burst] = ()


#: So many octets never are.
UNLIMITED: Final = 1 << 30
#: Spatial and temporal aim of a consumer until another is set.
EVERYTHING: Final = (3, 3)
#: So many packets of a peer wait for their acknowledgement; older ones mean nothing.
SENT_LOG: Final = 4096
#: Packets that leave within so long of the first are one burst.
BURST: Final = 0.01
#: Entries of a feedback that are read.
MAX_TOLD: Final = 2048
#: Octets of sound of one producer that pass in a second, and what a packet counts beside its own length.
SOUND_OCTETS: Final = 64_000
SOUND_OVERHEAD: Final = 40
#: Padding bytes of one packet of pad(), and how many packets one call sends at most.
PADDING: Final = 255
MAX_PADDING_PACKETS: Final = 100


class DataPlane(Protocol):
    """See the module's text."""

    name: str

    def serve(self, fileno: int, family: int, receive: Callable[[bytes, Path, float], None]) -> bool:
        """Take over reading a bound, non-blocking UDP socket, and hand on to ``receive`` what is not media.

        False if the caller reads it and calls receive() for everything. To be called on the event loop, before any peer
        is added. The socket stays the caller's, to be closed after close(). Raises OSError.
        """

    def close(self) -> None:
        """Stop reading, and forget everything. Idempotent; nothing else may be called afterwards."""

    def add_peer(self, peer: str, keys: SrtpKeys, address: Path, bounds: SourceBounds = OF_A_PAGE) -> None:
        """Accept SRTP from a peer, within these bounds, and send to it at ``address``."""

    def move_peer(self, peer: str, address: Path | None) -> None:
        """Send to another address from now on; None sends nothing, as consent has expired.

        What is forwarded to a peer without an address starts anew when it has one again, as after a pause.
        """

    def remove_peer(self, peer: str) -> None:
        """Forget a peer with its producers and routes. Idempotent."""

    def add_producer(self, route: ProducerRoute, now: float) -> None:
        """Accept a producer from its peer; one of the same id is replaced."""

    def remove_producer(self, producer: str) -> Sequence[int]:
        """Drop its packets from now on; the SSRCs of its peer that are given up with that. Idempotent.

        Routes stay and wait.
        """

    def route(self, route: ConsumerRoute, now: float) -> None:
        """Forward a producer to a peer; a route of the same id is replaced.

        Under SSRCs that were used before, by whatever consumer, the numbers go on, so that no index is used twice.
        Raises SsrcGivenUp, see unroute(), and then there is no such route.
        """

    def unroute(self, consumer: str) -> Sequence[int]:
        """Stop forwarding; the SSRCs of its peer that are given up with that. Idempotent.

        Those are the oldest of more than 64 without a consumer: SRTP forgets them, and they must not be used again.
        """

    def pause(self, route: str, paused: bool, now: float) -> None:
        """Drop the packets of a producer (for everybody) or a consumer, or let them pass again from a keyframe on."""

    def aim(self, consumer: str, spatial: int, temporal: int, now: float) -> None:
        """The highest encoding and temporal layer to forward, from 0; spatial −1 suspends the consumer.

        A suspended consumer gets nothing, as a paused one, and starts again at a keyframe. The aim holds over pauses; a
        route that is replaced has EVERYTHING again. Without effect on audio, except −1.
        """

    def forwarding(self, consumer: str) -> tuple[int, int]:
        """The encoding and the highest temporal layer that are forwarded now; (−1, −1) while nothing is."""

    def receive(self, peer: str, datagram: bytes, now: float) -> None:
        """An SRTP datagram from a validated address of the peer."""

    def resend(
        self, peer: str, ssrc: int, sequences: Iterable[int], now: float, most: int = UNLIMITED
    ) -> tuple[int, int]:
        """A peer asks for packets that were sent to it under ``ssrc``; how many were looked for, and octets they took.

        Of pictures one more is sent as long as they took less than ``most``. What was sent before the keyframe with
        which they go on now is of no use any more and is not sent again.
        """

    def request_keyframe(self, peer: str, ssrc: int, now: float) -> None:
        """A peer asks for a keyframe of what it receives under ``ssrc``: of the encoding forwarded, else the target."""

    def sender_reports(self, peer: str, report: SenderReport, now: float) -> Sequence[tuple[str, str, SenderReport]]:
        """Note a peer's report; give it on as (peer, consumer, report) in the terms of each consumer."""

    def take_losses(self, peer: str, now: float) -> Sequence[tuple[int, Sequence[int]]]:
        """What to NACK at this peer now: SSRC and sequence numbers."""

    def take_keyframe_requests(self, now: float) -> Sequence[tuple[str, int]]:
        """Where to ask for keyframes now: peer and SSRC."""

    def take_arrivals(self, peer: str) -> Sequence[bytes]:
        """transport-cc feedback packets due to this peer."""

    def sent(self, peer: str) -> tuple[int, int]:
        """The last transport-wide number of this peer, and the bytes of all datagrams that had one.

        Every packet of a consumer with the TRANSPORT_CC extension has one, RTX and padding too, counted by peer from 1
        on. A packet that is repeated byte by byte, as there is no RTX, keeps its old number and is not counted again.
        """

    def acknowledge(self, peer: str, feedback: bytes, after: int, until: int) -> Acknowledged | None:
        """What a peer says of the packets that were sent to it; None for what is malformed.

        ``feedback`` is the body of a transport-wide feedback, from the sender's SSRC on. Of its entries the first 2,048
        are read. Nothing counts that is not of the last 4,096 numbers, or that is known. No burst holds numbers from
        two of these: up to ``after``, up to ``until``, above.
        """

    def pad(self, peer: str, size: int, now: float) -> int:
        """Send padding for a probe, at least ``size`` bytes of datagrams; how many were sent.

        Packets of nothing but 255 bytes of padding (RFC 3550 §5.1) under the RTX SSRC of the consumer with the lowest
        SSRC that has RTX and TRANSPORT_CC and is not paused, forwarded or suspended; 0 if there is none.
        """

    def take_levels(self) -> Mapping[str, int]:
        """The loudest level in dBov of each unpaused audio producer since the last call."""

    def receptions(self, peer: str, now: float) -> Sequence[ReportBlock]:
        """Blocks for the receiver report to this peer."""

    def sources(self) -> Sequence[SourceStatistics]:
        """Counters of every encoding that has a stream, by producer in the order they were added."""

    def dropped(self) -> Mapping[str, int]:
        """Datagrams that never came to receive(), or that the system did not take, by reason."""

    def stats(self) -> Mapping[str, PeerStatistics]:
        """Counters by peer."""

    def producer_stats(self) -> Mapping[str, ProducerStatistics]:
        """Counters by producer."""

    def consumer_stats(self) -> Mapping[str, ConsumerStatistics]:
        """Counters by consumer."""
