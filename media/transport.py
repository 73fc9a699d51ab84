"""One peer's ICE-lite, DTLS and SRTCP, as one state. Pure but for OpenSSL's clock; time is an argument."""

import logging
from collections.abc import Callable

from media.bandwidth.estimator import BandwidthEstimator
from media.control.messages import TransportState
from media.control.state import TransportSpec
from media.dataplane.interface import Transmit
from media.dtls import DtlsContext, DtlsSession, DtlsState
from media.errors import ParametersError, SrtpError
from media.ice import BindingRequest, IceLite
from media.path import Path
from media.ratelimit import RateLimit
from media.srtp import InboundSession, OutboundSession, SrtpKeys

HANDSHAKE_TIMEOUT = 30.0
CHECKS_PER_SECOND = 100
REPORTS_PER_SECOND = 2000
SENDER_REPORTS_PER_SECOND = 50
DTLS_PER_SECOND = 200
_MAX_EARLY = 4
_MAX_REPORTS_SENT = 64

log = logging.getLogger(__name__)


class Transport:
    """See ``media/README.md`` for the states. ``admit`` limits how many handshakes begin."""

    def __init__(
        self, spec: TransportSpec, context: DtlsContext, transmit: Transmit, admit: Callable[[float], bool]
    ) -> None:
        self.id = spec.id
        self.spec = spec
        self.ice = IceLite(spec.ufrag, spec.pwd, spec.remote_ufrag)
        self.keys: SrtpKeys | None = None
        #: Round-trip time in seconds, from reports about what is sent here; None as long as nothing is.
        self.rtt: float | None = None
        self.loss_out = 0.0
        self.estimator = BandwidthEstimator()
        #: What can be sent here, as far as it is known; see Quality.
        self.available_bps: int | None = None
        #: False while the peer's consent to be sent to has expired (RFC 7675 §5.1).
        self.may_send = True
        #: Which connectivity checks are worth the verification; browsers send about 20 a second while they connect.
        self.checks = RateLimit(CHECKS_PER_SECOND, CHECKS_PER_SECOND)
        #: Which RTCP is worth reading; a page that receives a hundred pictures over a bad network sends some hundreds.
        self.reports = RateLimit(REPORTS_PER_SECOND, REPORTS_PER_SECOND)
        #: Which sender reports are passed on, each to everybody who receives; browsers send one a second for a stream.
        self.sender_reports = RateLimit(SENDER_REPORTS_PER_SECOND, SENDER_REPORTS_PER_SECOND)
        #: Which DTLS datagrams are read; a handshake takes about ten.
        self.records = RateLimit(DTLS_PER_SECOND, DTLS_PER_SECOND)
        self._context = context
        self._transmit = transmit
        self._admit = admit
        self._dtls: DtlsSession | None = None
        self._handshake_began = 0.0
        self._early: list[bytes] = []
        self._inbound: InboundSession | None = None
        self._outbound: OutboundSession | None = None
        self._reports_sent: dict[int, float] = {}

    def update(self, spec: TransportSpec, now: float) -> None:
        """Take over changes: the page's DTLS parameters once, new ICE credentials at any time.

        Raises ParametersError if other DTLS parameters come after the first.
        """
        if self.spec.dtls is not None and spec.dtls != self.spec.dtls:
            raise ParametersError("a transport is connected once")
        if (spec.ufrag, spec.pwd, spec.remote_ufrag) != (self.spec.ufrag, self.spec.pwd, self.spec.remote_ufrag):
            self.ice.restart(spec.ufrag, spec.pwd, spec.remote_ufrag)
        self.spec = spec
        self._begin(now)

    def state(self, now: float) -> TransportState:
        """The state that the hub is told."""
        if self._dtls is not None and self._dtls.state in (DtlsState.FAILED, DtlsState.CLOSED):
            return "failed"
        match self.ice.liveness(now):
            case "new":
                return "new"
            case "failed":
                return "failed"
            case "disconnected":
                return "disconnected"
            case _:
                return "connected" if self.keys is not None else "connecting"

    def on_check(self, request: BindingRequest, address: Path, now: float) -> bool:
        """A connectivity check; whether it was authentic. Only then anything else is accepted from its address."""
        answer = self.ice.check(request, address, now)
        if answer is None:
            return False
        self._transmit(answer, address)
        self._begin(now)
        return True

    def holds(self, address: Path, now: float) -> bool:
        """Whether the peer is alive at this address, so that no other transport may claim it."""
        return self.ice.selected == address and self.ice.liveness(now) == "live"

    def on_dtls(self, datagram: bytes, address: Path, now: float) -> None:
        """A DTLS datagram from a validated address. Some are kept until the page's parameters are known."""
        self.ice.heard_from(address)
        self._begin(now)
        if self._dtls is None:
            if len(self._early) < _MAX_EARLY:
                self._early.append(datagram)
            return
        self._dtls.receive(datagram)
        self._after_dtls()

    def tick(self, now: float) -> None:
        """Repeat lost flights of the handshake; give it up after 30 s."""
        if self._dtls is None or self._dtls.state is not DtlsState.HANDSHAKE:
            return
        if now - self._handshake_began > HANDSHAKE_TIMEOUT:
            self._dtls.abandon("the peer did not finish the handshake")
        else:
            self._dtls.handle_timeout()
        self._after_dtls()

    def close(self) -> None:
        """Say goodbye to the peer."""
        if self._dtls is not None:
            self._dtls.close()
            self._flush()

    def unprotect_rtcp(self, datagram: bytes) -> bytes:
        """Raises SrtpError, also when there are no keys yet."""
        if self._inbound is None:
            raise SrtpError("no keys yet")
        return self._inbound.unprotect_rtcp(datagram)

    def send_rtcp(self, packet: bytes) -> None:
        """Send one RTCP packet or compound, if the peer can be reached."""
        if self._outbound is not None and self.ice.selected is not None and self.may_send:
            self._transmit(self._outbound.protect_rtcp(packet), self.ice.selected)

    def note_report_sent(self, middle_ntp: int, now: float) -> None:
        """Remember a sender report, to measure the round trip by its echo."""
        self._reports_sent[middle_ntp] = now
        if len(self._reports_sent) > _MAX_REPORTS_SENT:
            del self._reports_sent[next(iter(self._reports_sent))]

    def note_echo(self, middle_ntp: int, delay: int, now: float) -> None:
        """A receiver report about a sender report of ours (RFC 3550 §6.4.1: A − LSR − DLSR)."""
        sent = self._reports_sent.get(middle_ntp)
        if sent is not None:
            measured = max(0.0, now - sent - delay / 65536)
            self.rtt = measured if self.rtt is None else self.rtt + (measured - self.rtt) / 4

    def _begin(self, now: float) -> None:
        """Start DTLS as soon as the page's parameters and a validated address are there."""
        spec = self.spec.dtls
        if self._dtls is not None or spec is None or self.ice.selected is None or not self._admit(now):
            return
        announced = [(entry.algorithm, entry.value) for entry in spec.fingerprints]
        self._dtls = DtlsSession(self._context, announced, is_client=spec.role == "server")
        self._handshake_began = now
        self._dtls.start()
        early, self._early = self._early, []
        for datagram in early:
            self._dtls.receive(datagram)
        self._after_dtls()

    def _after_dtls(self) -> None:
        self._flush()
        if self._dtls is None:
            return
        if self._dtls.keys is not None and self.keys is None:
            keys = self.keys = self._dtls.keys
            self._inbound = InboundSession(keys.profile, keys.inbound)
            self._outbound = OutboundSession(keys.profile, keys.outbound)
            log.info("transport %s: DTLS connected with %s", self.id, keys.profile.name)
        if self._dtls.state is DtlsState.FAILED and self._dtls.failure:
            log.warning("transport %s: DTLS failed: %s", self.id, self._dtls.failure)
            self._dtls.failure = ""

    def _flush(self) -> None:
        if self._dtls is None or self.ice.selected is None:
            return
        for datagram in self._dtls.take_datagrams():
            self._transmit(datagram, self.ice.selected)
