"""A page's sending transport without a browser: checks, DTLS as client, SRTP out. No socket; time is an argument.

It only sends. What comes back is answers to checks, the handshake, and RTCP about what was sent.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from media.control.mint import mint_ssrc
from media.dtls import DtlsContext, DtlsSession, DtlsState, is_dtls
from media.errors import MediaError
from media.ice import is_check_answer, is_stun, write_check
from media.path import Address
from media.rtcp import KeyFrameRequest, Nack, is_rtcp, parse_rtcp, write_sender_report
from media.srtp import InboundSession, OutboundSession
from signaling.bots.packets import Outgoing

CHECK_S: Final = 2.5
_FIRST_CHECKS_S: Final = 0.2
_REPORT_S: Final = 2.0
LOST_AFTER_S: Final = 15.0
Transmit = Callable[[bytes, Address], None]


class Uplink:
    """One send transport with a microphone and a camera. ``transport`` is the answer to ``media.create_transport``."""

    def __init__(self, transport: Mapping[str, Any], context: DtlsContext, transmit: Transmit, now: float) -> None:
        ice, dtls = transport["iceParameters"], transport["dtlsParameters"]
        self.id: str = transport["id"]
        self.microphone = Outgoing("audio", mint_ssrc(), 48_000, 111, "0", secrets.randbelow(0x8000))
        self.camera = Outgoing("video", mint_ssrc(), 90_000, 96, "1", secrets.randbelow(0x8000))
        #: Set when a receiver has no picture; whoever plays the film takes it back.
        self.keyframe_wanted = False
        self._ufrag: str = ice["usernameFragment"]
        self._pwd: str = ice["password"]
        self._own_ufrag = secrets.token_hex(4)
        self._tie_breaker = secrets.randbits(64)
        self._addresses = tuple(_udp_addresses(transport["iceCandidates"]))
        self._context = context
        self._transmit = transmit
        self._dtls = DtlsSession(
            context, [(one["algorithm"], one["value"]) for one in dtls["fingerprints"]], is_client=True
        )
        self._relay: Address | None = None
        self._answered = now
        self._next_check = self._next_report = now
        self._outbound: OutboundSession | None = None
        self._inbound: InboundSession | None = None
        self._silent_since_sound = True

    @property
    def dtls_parameters(self) -> dict[str, Any]:
        """What ``media.connect_transport`` tells the relay."""
        return {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": self._context.fingerprint}]}

    @property
    def connected(self) -> bool:
        """Whether media can be sent."""
        return self._outbound is not None and self._dtls.state is DtlsState.CONNECTED

    def lost(self, now: float) -> bool:
        """Whether the relay said goodbye, or has not answered for 15 s: then only a new transport helps."""
        return self._dtls.state in (DtlsState.CLOSED, DtlsState.FAILED) or now - self._answered > LOST_AFTER_S

    def tick(self, now: float, wall: float) -> None:
        """Send what is due: checks, the handshake's repeated flights, sender reports."""
        if now >= self._next_check:
            self._next_check = now + (_FIRST_CHECKS_S if self._relay is None else CHECK_S)
            check = write_check(
                to_ufrag=self._ufrag, to_pwd=self._pwd, from_ufrag=self._own_ufrag, tie_breaker=self._tie_breaker
            )
            for address in (self._relay,) if self._relay is not None else self._addresses:
                self._transmit(check, address)
        if self._relay is not None and not self.connected:
            self._dtls.handle_timeout()
            self._after_dtls()
        if self.connected and now >= self._next_report:
            self._next_report = now + _REPORT_S
            self._send_reports(now, wall)

    def receive(self, datagram: bytes, address: Address, now: float) -> None:
        """One datagram. Never raises."""
        if is_stun(datagram):
            self._on_answer(datagram, address, now)
        elif is_dtls(datagram):
            self._dtls.receive(datagram)
            self._after_dtls()
        elif self._inbound is not None and is_rtcp(datagram):
            try:
                self._on_rtcp(self._inbound.unprotect_rtcp(datagram))
            except MediaError:
                return  # replayed or broken: it costs nothing but itself

    def send_sound(self, data: bytes, level: int, now: float) -> None:
        """Send 20 ms of Opus."""
        if self._outbound is not None:
            self._send(self.microphone.audio(self._outbound, data, level, self._silent_since_sound, now))
            self._silent_since_sound = False

    def send_silence(self) -> None:
        """Nothing is sent; the next sound begins a talk spurt."""
        self._silent_since_sound = True

    def send_frame(self, frame: bytes, now: float) -> None:
        """Send a VP8 frame."""
        if self._outbound is not None:
            self._send(self.camera.video(self._outbound, frame, now))

    def close(self) -> None:
        """Say goodbye."""
        self._dtls.close()
        self._after_dtls()

    def _on_answer(self, datagram: bytes, address: Address, now: float) -> None:
        if not is_check_answer(datagram, self._pwd):
            return
        self._answered = now
        if self._relay is None:
            self._relay = address
            self._dtls.start()
            self._after_dtls()

    def _after_dtls(self) -> None:
        for datagram in self._dtls.take_datagrams():
            if self._relay is not None:
                self._transmit(datagram, self._relay)
        keys = self._dtls.keys
        if keys is not None and self._outbound is None:
            self._outbound = OutboundSession(keys.profile, keys.outbound)
            self._inbound = InboundSession(keys.profile, keys.inbound)

    def _on_rtcp(self, compound: bytes) -> None:
        for packet in parse_rtcp(compound):
            if isinstance(packet, KeyFrameRequest):
                self.keyframe_wanted = True
            elif isinstance(packet, Nack):
                for source in (self.microphone, self.camera):
                    if source.ssrc == packet.media_ssrc:
                        self._send(source.resend(packet.sequences))

    def _send_reports(self, now: float, wall: float) -> None:
        for source in (self.microphone, self.camera):
            if self._outbound is not None and source.packets and self._relay is not None:
                report = write_sender_report(source.report(now, wall), self._own_ufrag)
                self._transmit(self._outbound.protect_rtcp(report), self._relay)

    def _send(self, packets: Iterable[bytes]) -> None:
        for packet in packets:
            if self._relay is not None:
                self._transmit(packet, self._relay)


def _udp_addresses(candidates: Iterable[Mapping[str, Any]]) -> Iterable[Address]:
    for candidate in candidates:
        if candidate["protocol"] == "udp" and ":" not in candidate["ip"]:
            yield candidate["ip"], candidate["port"]
