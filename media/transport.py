"""One peer's ICE-lite, DTLS and SRTCP, as one state. Pure but for OpenSSL's clock; time is an argument."""

import logging
from collections.abc import Callable

from media.association import OF_A_PAGE, Association
from media.bandwidth.estimator import BandwidthEstimator
from media.control.messages import TransportState
from media.control.state import TransportSpec
from media.dataplane.interface import Transmit
from media.dtls import DtlsContext, DtlsSession, DtlsState
from media.errors import ParametersError
from media.ice import BindingRequest, IceLite
from media.path import Path
from media.ratelimit import RateLimit
from media.resends import Resends

HANDSHAKE_TIMEOUT = 30.0
DTLS_PER_SECOND = 200
_MAX_EARLY = 4

log = logging.getLogger(__name__)


class Transport(Association):
    """See ``media/README.md`` for the states. ``admit`` limits how many handshakes begin."""

    KIND = "transport"
    ice: IceLite

    def __init__(
        self, spec: TransportSpec, context: DtlsContext, transmit: Transmit, admit: Callable[[float], bool]
    ) -> None:
        super().__init__(spec.id, IceLite(spec.ufrag, spec.pwd, spec.remote_ufrag), transmit, OF_A_PAGE)
        self.spec = spec
        self.estimator = BandwidthEstimator()
        self.resends = Resends()
        #: Which DTLS datagrams are read; a handshake takes about ten.
        self._records = RateLimit(DTLS_PER_SECOND, DTLS_PER_SECOND)
        self._context = context
        self._admit = admit
        self._dtls: DtlsSession | None = None
        self._handshake_began = 0.0
        self._early: list[bytes] = []

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

    def on_dtls(self, datagram: bytes, address: Path, now: float) -> str | None:
        """Some are kept until the page's parameters are known."""
        if not self._records.admits(now):
            return "too_much_dtls"
        self.ice.heard_from(address)
        self._begin(now)
        if self._dtls is not None:
            self._dtls.receive(datagram)
            self._after_dtls()
        elif len(self._early) < _MAX_EARLY:
            self._early.append(datagram)
        return None

    def may_take(self, address: Path, holder: Association) -> bool:
        """A page that was there before may come back, but never to where a relay is."""
        return self.ice.is_validated(address) and isinstance(holder, Transport)

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
            self._agree(self._dtls.keys)
            log.info("transport %s: DTLS connected with %s", self.id, self._dtls.keys.profile.name)
        if self._dtls.state is DtlsState.FAILED and self._dtls.failure:
            log.warning("transport %s: DTLS failed: %s", self.id, self._dtls.failure)
            self._dtls.failure = ""

    def _flush(self) -> None:
        if self._dtls is None or self.ice.selected is None:
            return
        for datagram in self._dtls.take_datagrams():
            self._transmit(datagram, self.ice.selected)
