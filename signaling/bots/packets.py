"""RTP of one source: packets with their header extensions, protected, kept for retransmission. Pure."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from media.parameters import AUDIO_LEVEL, MID
from media.rtcp import SenderReport
from media.rtp import extension_block, one_byte_element, write_rtp
from media.srtp import OutboundSession

_MAX_PAYLOAD: Final = 1100
_HISTORY: Final = 256
_MID_ID: Final = 1
_LEVEL_ID: Final = 2
_MASK: Final = 0xFFFFFFFF
_NTP_EPOCH: Final = 2_208_988_800


@dataclass(slots=True)
class Outgoing:
    """One source under one SSRC. RTP time is derived from the clock, so that sound and picture stay together."""

    kind: Literal["audio", "video"]
    ssrc: int
    clock_rate: int
    payload_type: int
    mid: str
    sequence: int
    packets: int = 0
    octets: int = 0
    picture: int = 0
    _sent: OrderedDict[int, bytes] = field(default_factory=OrderedDict)

    def audio(self, session: OutboundSession, data: bytes, level: int, starts: bool, now: float) -> Iterator[bytes]:
        """20 ms of Opus; ``starts`` marks the first after a silence (RFC 7587 §4.2)."""
        elements = [one_byte_element(_MID_ID, self.mid.encode()), one_byte_element(_LEVEL_ID, bytes((-level & 0x7F,)))]
        yield self._protect(session, starts, extension_block(elements), data, round(now * 50) * 960)

    def video(self, session: OutboundSession, frame: bytes, now: float) -> Iterator[bytes]:
        """A VP8 frame in packets with payload descriptors and picture ids (RFC 7741 §4.2)."""
        extension = extension_block([one_byte_element(_MID_ID, self.mid.encode())])
        self.picture = (self.picture + 1) & 0x7FFF
        number = (0x8000 | self.picture).to_bytes(2, "big")
        for start in range(0, len(frame), _MAX_PAYLOAD):
            descriptor = (b"\x90\x80" if start == 0 else b"\x80\x80") + number
            last = start + _MAX_PAYLOAD >= len(frame)
            payload = descriptor + frame[start : start + _MAX_PAYLOAD]
            yield self._protect(session, last, extension, payload, int(now * self.clock_rate))

    def resend(self, sequences: Iterable[int]) -> Iterator[bytes]:
        """The very same packets again, as far as they are kept."""
        for sequence in sequences:
            if (kept := self._sent.get(sequence)) is not None:
                yield kept

    def report(self, now: float, wall: float) -> SenderReport:
        """How this source's RTP time fits the wall clock."""
        ntp = int((wall + _NTP_EPOCH) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF
        return SenderReport(
            self.ssrc, ntp, int(now * self.clock_rate) & _MASK, self.packets & _MASK, self.octets & _MASK
        )

    def parameters(self, cname: str) -> dict[str, Any]:
        """Return ``rtpParameters`` as ``media.produce`` takes them."""
        audio = self.kind == "audio"
        codec: dict[str, Any] = {
            "mimeType": "audio/opus" if audio else "video/VP8",
            "payloadType": self.payload_type,
            "clockRate": self.clock_rate,
            "parameters": {},
            "rtcpFeedback": [{"type": "nack"}, *([] if audio else [{"type": "nack", "parameter": "pli"}])],
        }
        extensions = [{"uri": MID, "id": _MID_ID}]
        if audio:
            codec["channels"] = 2
            extensions.append({"uri": AUDIO_LEVEL, "id": _LEVEL_ID})
        return {
            "mid": self.mid,
            "codecs": [codec],
            "headerExtensions": extensions,
            "encodings": [{"ssrc": self.ssrc}],
            "rtcp": {"cname": cname, "reducedSize": True},
        }

    def _protect(
        self, session: OutboundSession, marker: bool, extension: bytes, payload: bytes, timestamp: int
    ) -> bytes:
        size = write_rtp(
            session.buffer,
            marker,
            self.payload_type,
            self.sequence,
            timestamp & _MASK,
            self.ssrc,
            extension,
            payload,
        )
        packet = bytes(session.buffer[: session.protect(size)])
        self._sent[self.sequence] = packet
        if len(self._sent) > _HISTORY:
            self._sent.popitem(last=False)
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.packets += 1
        self.octets += len(payload)
        return packet
