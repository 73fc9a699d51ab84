"""A member's sending transport without a browser: a microphone and a camera on a client's end of a relay's transport.

It only sends. What comes back is answers to checks, the handshake, and RTCP about what was sent.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

from media.client import ClientTransport, RelayAddress, Transmit
from media.control.mint import mint_ssrc
from media.dtls import DtlsContext
from media.path import Address
from media.rtcp import KeyFrameRequest, Nack, RtcpPacket, write_sender_report
from media.rtp import RtpPacket
from signaling.bots.packets import Outgoing

_REPORT_S: Final = 2.0


class Uplink:
    """One send transport with a microphone and a camera. ``transport`` is the answer to ``media.create_transport``."""

    def __init__(self, transport: Mapping[str, Any], context: DtlsContext, transmit: Transmit, now: float) -> None:
        self.id: str = transport["id"]
        self.microphone = Outgoing("audio", mint_ssrc(), 48_000, 111, "0", secrets.randbelow(0x8000))
        self.camera = Outgoing("video", mint_ssrc(), 90_000, 96, "1", secrets.randbelow(0x8000))
        #: Set when a receiver has no picture; whoever plays the film takes it back.
        self.keyframe_wanted = False
        self._context = context
        self._transport = ClientTransport(_relay_address(transport), context, transmit, self._hear, now)
        self._cname = secrets.token_hex(4)
        self._next_report = now
        self._silent_since_sound = True

    @property
    def dtls_parameters(self) -> dict[str, Any]:
        """What ``media.connect_transport`` tells the relay."""
        return {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": self._context.fingerprint}]}

    @property
    def connected(self) -> bool:
        """Whether media can be sent."""
        return self._transport.connected

    def lost(self, now: float) -> bool:
        """Whether only a new transport helps."""
        return self._transport.lost(now)

    def tick(self, now: float, wall: float) -> None:
        """Send what is due."""
        self._transport.tick(now)
        if self.connected and now >= self._next_report:
            self._next_report = now + _REPORT_S
            sources = [source for source in (self.microphone, self.camera) if source.packets]
            self._transport.send_rtcp(write_sender_report(one.report(now, wall), self._cname) for one in sources)

    def receive(self, datagram: bytes, address: Address, now: float) -> None:
        """One datagram. Never raises."""
        self._transport.receive(datagram, address, now)

    def send_sound(self, data: bytes, level: int, now: float) -> None:
        """Send 20 ms of Opus."""
        if (session := self._transport.outbound) is not None:
            self._transport.send(self.microphone.audio(session, data, level, self._silent_since_sound, now))
            self._silent_since_sound = False

    def send_silence(self) -> None:
        """Nothing is sent; the next sound begins a talk spurt."""
        self._silent_since_sound = True

    def send_frame(self, frame: bytes, now: float) -> None:
        """Send a VP8 frame."""
        if (session := self._transport.outbound) is not None:
            self._transport.send(self.camera.video(session, frame, now))

    def close(self) -> None:
        """Say goodbye."""
        self._transport.close()

    def _hear(self, packet: RtpPacket | RtcpPacket) -> None:
        if isinstance(packet, KeyFrameRequest):
            self.keyframe_wanted = True
        elif isinstance(packet, Nack):
            for source in (self.microphone, self.camera):
                if source.ssrc == packet.media_ssrc:
                    self._transport.send(source.resend(packet.sequences))


def _relay_address(transport: Mapping[str, Any]) -> RelayAddress:
    ice, dtls = transport["iceParameters"], transport["dtlsParameters"]
    return RelayAddress(
        ice["usernameFragment"],
        ice["password"],
        tuple(_udp_addresses(transport["iceCandidates"])),
        tuple((one["algorithm"], one["value"]) for one in dtls["fingerprints"]),
    )


def _udp_addresses(candidates: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, int]]:
    for candidate in candidates:
        if candidate["protocol"] == "udp" and ":" not in candidate["ip"]:
            yield candidate["ip"], candidate["port"]
