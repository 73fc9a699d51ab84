"""A camera that sends H.264."""

from collections.abc import Iterator
from typing import Any

from media.rtp import extension_block
from media.srtp import OutboundSession
from signaling.bots.packets import Outgoing
from tests.media.recording.film import payloads


class H264Camera(Outgoing):
    """In place of a bot's own camera, with its SSRC."""

    def __init__(self, other: Outgoing) -> None:
        super().__init__("video", other.ssrc, 90_000, 97, other.mid, other.sequence)

    def video(self, session: OutboundSession, frame: bytes, now: float) -> Iterator[bytes]:
        """A picture as a byte stream, in packets (RFC 6184)."""
        parts = payloads(frame)
        for index, payload in enumerate(parts):
            yield self._protect(session, index == len(parts) - 1, extension_block([]), payload, int(now * 90_000))

    def parameters(self, cname: str) -> dict[str, Any]:
        """Constrained baseline at level 3.1, packetization mode 1."""
        own = super().parameters(cname)
        (codec,) = own["codecs"]
        fmtp = {"packetization-mode": 1, "profile-level-id": "42e01f"}
        return {**own, "codecs": [{**codec, "mimeType": "video/H264", "parameters": fmtp}]}
