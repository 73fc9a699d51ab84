"""What a page's transport and a link to another relay have in common: a path, SRTCP, the round trip. No I/O."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final

from media.control.messages import TransportState
from media.dataplane.interface import Transmit
from media.errors import SrtpError
from media.ice import BindingRequest, Reachability
from media.path import Path
from media.ratelimit import RateLimit
from media.sources import OF_A_PAGE as MEDIA_OF_A_PAGE
from media.sources import SourceBounds, Sources
from media.srtp import InboundSession, OutboundSession, SrtpKeys

CHECKS_PER_SECOND = 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is taken from one peer: RTCP datagrams and sender reports to pass on in a second.

    ``echoes`` is how many of our own sender reports are remembered until they are answered. ``sources`` bounds the
    SSRCs of media, ``reporters`` those of RTCP, of which nobody tells which are in use.
    """

    reports: int
    sender_reports: int
    echoes: int
    sources: SourceBounds
    reporters: SourceBounds


#: A page that receives a hundred pictures over a bad network sends some hundreds of RTCP datagrams; its sender reports,
#: each of which is passed on to everybody who receives, are one a second for a stream.
OF_A_PAGE: Final = Bounds(2000, 50, 64, MEDIA_OF_A_PAGE, SourceBounds(1024, MEDIA_OF_A_PAGE.refused))


class Association(ABC):
    """One peer: ``ice`` says where it is, ``keys`` are there as soon as media may flow."""

    KIND: ClassVar[str]

    def __init__(self, peer: str, ice: Reachability, transmit: Transmit, bounds: Bounds) -> None:
        self.id = peer
        self.ice = ice
        self.bounds = bounds
        self.keys: SrtpKeys | None = None
        #: Round-trip time in seconds, from reports about what is sent here; None as long as nothing is.
        self.rtt: float | None = None
        self.loss_out = 0.0
        #: What can be sent here, as far as it is known; see Quality.
        self.available_bps: int | None = None
        #: False while the peer's consent to be sent to has expired (RFC 7675 §5.1).
        self.may_send = True
        #: Which connectivity checks are worth the verification; browsers send about 20 a second while they connect.
        self.checks = RateLimit(CHECKS_PER_SECOND, CHECKS_PER_SECOND)
        #: Which RTCP is worth reading.
        self.reports = RateLimit(bounds.reports, bounds.reports)
        #: Which sender reports are passed on.
        self.sender_reports = RateLimit(bounds.sender_reports, bounds.sender_reports)
        self._transmit = transmit
        self._inbound: InboundSession | None = None
        self._outbound: OutboundSession | None = None
        self._reports_sent: dict[int, float] = {}

    @abstractmethod
    def state(self, now: float) -> TransportState:
        """The state that the hub is told."""

    @abstractmethod
    def tick(self, now: float) -> None:
        """To be called every 20 ms."""

    @abstractmethod
    def on_check(self, request: BindingRequest, address: Path, now: float) -> bool:
        """A connectivity check; whether it was authentic."""

    @abstractmethod
    def on_dtls(self, datagram: bytes, address: Path, now: float) -> str | None:
        """A DTLS datagram from a validated address; why it was dropped, if it was."""

    @abstractmethod
    def may_take(self, address: Path, holder: "Association") -> bool:
        """Whether a check from where another peer is alive is worth looking at."""

    def holds(self, address: Path, now: float) -> bool:
        """Whether the peer is alive at this address, so that no other transport may claim it."""
        return self.ice.selected == address and self.ice.liveness(now) == "live"

    def unprotect_rtcp(self, datagram: bytes) -> bytes:
        """Raises SrtpError, also when there are no keys yet."""
        if self._inbound is None:
            raise SrtpError("no keys yet")
        return self._inbound.unprotect_rtcp(datagram)

    def send_rtcp(self, packet: bytes) -> None:
        """Send one RTCP packet or compound, if the peer can be reached."""
        if self._outbound is not None and self.ice.selected is not None and self.may_send:
            self._transmit(self._outbound.protect_rtcp(packet), self.ice.selected)

    def forget(self, ssrc: int) -> None:
        """Free what is kept of an SSRC under which nothing is ever sent here again."""
        if self._outbound is not None:
            self._outbound.forget(ssrc)

    def forget_source(self, ssrc: int) -> None:
        """Give up an SSRC under which nothing new comes from here."""
        if self._inbound is not None:
            self._inbound.forget(ssrc)

    def note_report_sent(self, middle_ntp: int, now: float) -> None:
        """Remember a sender report, to measure the round trip by its echo."""
        self._reports_sent[middle_ntp] = now
        if len(self._reports_sent) > self.bounds.echoes:
            del self._reports_sent[next(iter(self._reports_sent))]

    def note_echo(self, middle_ntp: int, delay: int, now: float) -> None:
        """A receiver report about a sender report of ours (RFC 3550 §6.4.1: A − LSR − DLSR)."""
        sent = self._reports_sent.get(middle_ntp)
        if sent is not None:
            measured = max(0.0, now - sent - delay / 65536)
            self.rtt = measured if self.rtt is None else self.rtt + (measured - self.rtt) / 4

    def _agree(self, keys: SrtpKeys) -> None:
        """From now on there are keys."""
        self.keys = keys
        self._inbound = InboundSession(keys.profile, keys.inbound, Sources(self.bounds.reporters))
        self._outbound = OutboundSession(keys.profile, keys.outbound)
