"""The client end of a relay's transport, for clients of our own: checks, DTLS, SRTP. No socket; time is given."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from media.dtls import DtlsContext, DtlsSession, DtlsState, is_dtls
from media.errors import MediaError
from media.ice import is_check_answer, is_stun, write_check
from media.path import Address
from media.rtcp import RtcpPacket, is_rtcp, parse_rtcp
from media.rtp import RtpPacket, parse_rtp
from media.srtp import InboundSession, OutboundSession

CHECK_S: Final = 2.5
FIRST_CHECKS_S: Final = 0.2
LOST_AFTER_S: Final = 12.0
Transmit = Callable[[bytes, Address], None]


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """What a transport's parameters say: ICE credentials, where to try, and whose certificate it must be."""

    ufrag: str
    pwd: str
    addresses: tuple[tuple[str, int], ...]
    fingerprints: tuple[tuple[str, str], ...]


class ClientTransport:
    """``heard`` gets every authentic packet. Nothing that comes from the network raises."""

    def __init__(
        self,
        relay: RelayAddress,
        context: DtlsContext,
        transmit: Transmit,
        heard: Callable[[RtpPacket | RtcpPacket], None],
        now: float,
    ) -> None:
        self._credentials = relay
        self._transmit = transmit
        self._heard = heard
        self._own_ufrag = secrets.token_hex(4)
        self._tie_breaker = secrets.randbits(64)
        self._dtls = DtlsSession(context, relay.fingerprints, is_client=True)
        self._relay: Address | None = None
        self._answered = now
        self._next_check = now
        #: What protects RTP; None before the handshake is done.
        self.outbound: OutboundSession | None = None
        self._inbound: InboundSession | None = None

    @property
    def connected(self) -> bool:
        """Whether media can come and go."""
        return self.outbound is not None and self._dtls.state is DtlsState.CONNECTED

    def lost(self, now: float) -> bool:
        """Whether the relay said goodbye, or has not answered for 12 s: then only a new transport helps."""
        return self._dtls.state in (DtlsState.CLOSED, DtlsState.FAILED) or now - self._answered > LOST_AFTER_S

    def tick(self, now: float) -> None:
        """Send what is due: checks, the handshake's repeated flights."""
        if now >= self._next_check:
            self._next_check = now + (FIRST_CHECKS_S if self._relay is None else CHECK_S)
            self._check()
        if self._relay is not None and not self.connected:
            self._dtls.handle_timeout()
            self._after_dtls()

    def receive(self, datagram: bytes, address: Address, now: float) -> None:
        """One datagram."""
        if is_stun(datagram):
            self._on_answer(datagram, address, now)
        elif is_dtls(datagram):
            self._dtls.receive(datagram)
            self._after_dtls()
        elif self._inbound is not None:
            try:
                self._on_media(self._inbound, datagram)
            except MediaError:
                return  # replayed or broken: it costs nothing but itself

    def send(self, datagrams: Iterable[bytes]) -> None:
        """Send what is protected; nothing before the relay has answered."""
        for datagram in datagrams:
            if self._relay is not None:
                self._transmit(datagram, self._relay)

    def send_rtcp(self, packets: Iterable[bytes]) -> None:
        """Protect and send; nothing before the transport is connected."""
        if self.outbound is not None:
            self.send(map(self.outbound.protect_rtcp, packets))

    def forget(self, ssrc: int) -> None:
        """Free what is kept of an SSRC under which nothing new comes. Idempotent."""
        if self._inbound is not None:
            self._inbound.forget(ssrc)

    def close(self) -> None:
        """Say goodbye."""
        self._dtls.close()
        self._after_dtls()

    def _check(self) -> None:
        check = write_check(
            to_ufrag=self._credentials.ufrag,
            to_pwd=self._credentials.pwd,
            from_ufrag=self._own_ufrag,
            tie_breaker=self._tie_breaker,
        )
        for address in (self._relay,) if self._relay is not None else self._credentials.addresses:
            self._transmit(check, address)

    def _on_answer(self, datagram: bytes, address: Address, now: float) -> None:
        if not is_check_answer(datagram, self._credentials.pwd):
            return
        self._answered = now
        if self._relay is None:
            self._relay = address
            self._dtls.start()
            self._after_dtls()

    def _on_media(self, session: InboundSession, datagram: bytes) -> None:
        if is_rtcp(datagram):
            for packet in parse_rtcp(session.unprotect_rtcp(datagram)):
                self._heard(packet)
        else:
            self._heard(parse_rtp(session.unprotect(datagram)))

    def _after_dtls(self) -> None:
        self.send(self._dtls.take_datagrams())
        keys = self._dtls.keys
        if keys is not None and self.outbound is None:
            self.outbound = OutboundSession(keys.profile, keys.outbound)
            self._inbound = InboundSession(keys.profile, keys.inbound)
