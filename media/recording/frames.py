"""From packets in order to whole frames: VP8 (RFC 7741) and Opus (RFC 7587). Pure; hostile payloads cost themselves."""

from dataclasses import dataclass
from typing import Final, Protocol

from media.recording.ordering import Piece

MAX_FRAME: Final = 8 * 2**20
_START_CODE: Final = b"\x9d\x01\x2a"  # RFC 6386 §9.1


@dataclass(frozen=True, slots=True)
class Frame:
    """Something that a decoder takes as one: its RTP time, its bytes, when its last part arrived.

    ``size`` is the picture's width and height, known of keyframes.
    """

    timestamp: int
    data: bytes
    keyframe: bool
    arrival: float
    size: tuple[int, int] | None = None


class Depacketiser(Protocol):
    """What a codec needs. ``keyframe_wanted``: nothing can follow before a keyframe."""

    keyframe_wanted: bool

    def push(self, piece: Piece) -> Frame | None:
        """Take the next packet in order and return the frame that it completes."""

    def lose(self) -> None:
        """Packets are missing here."""


class OpusFrames:
    """Every packet is a frame, and every frame stands for itself."""

    keyframe_wanted = False

    def push(self, piece: Piece) -> Frame | None:
        """Empty packets are padding."""
        return Frame(piece.timestamp, piece.payload, True, piece.arrival) if piece.payload else None

    def lose(self) -> None:
        """The next packet is as good as any."""


class Vp8Frames:
    """Frames from their first packet to the one with the marker. After a loss nothing is given until a keyframe:

    what refers to a picture that is missing would be shown, and be wrong.
    """

    def __init__(self) -> None:
        self.keyframe_wanted = True
        self.dropped = 0
        self._parts: list[bytes] = []
        self._bytes = 0
        self._timestamp = 0

    def push(self, piece: Piece) -> Frame | None:
        """A packet that is no VP8 counts as a loss."""
        if not piece.payload:
            return None
        start = descriptor_length(piece.payload)
        if start is None:
            self.lose()
            return None
        if piece.payload[0] & 0x17 == 0x10:  # S set, first partition: a frame begins
            if self._parts:
                self.lose()
            self._parts, self._bytes, self._timestamp = [piece.payload[start:]], 0, piece.timestamp
        elif self._parts and piece.timestamp == self._timestamp:
            self._parts.append(piece.payload[start:])
        else:
            self.lose()
            return None
        self._bytes += len(piece.payload)
        if self._bytes > MAX_FRAME:
            self.lose()
            return None
        return self._complete(piece) if piece.marker else None

    def lose(self) -> None:
        """Give up the frame at hand and wait for a keyframe."""
        self._parts = []
        self.keyframe_wanted = True

    def _complete(self, piece: Piece) -> Frame | None:
        data, self._parts = b"".join(self._parts), []
        size = picture_size(data)
        if size is None and (self.keyframe_wanted or not data[0] & 1):
            self.dropped += 1
            self.keyframe_wanted = True
            return None
        self.keyframe_wanted = False
        return Frame(self._timestamp, data, size is not None, piece.arrival, size)


def descriptor_length(payload: bytes) -> int | None:
    """Length of the VP8 payload descriptor (RFC 7741 §4.2), None unless at least a byte follows it."""
    length = 1
    if payload[0] & 0x80:
        if len(payload) < 3:
            return None
        flags = payload[1]
        length = 2
        if flags & 0x80:
            length += 2 if payload[2] & 0x80 else 1
        length += bool(flags & 0x40) + bool(flags & 0x30)
    return length if length < len(payload) else None


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from a keyframe's header (RFC 6386 §9.1), None for anything else."""
    if len(data) < 10 or data[0] & 1 or data[3:6] != _START_CODE:
        return None
    width, height = int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
    return (width, height) if width and height else None


def opus_milliseconds(data: bytes) -> int:
    """How long an Opus packet sounds (RFC 6716 §3.1), at least a millisecond; 0 for an empty one."""
    if not data:
        return 0
    config = data[0] >> 3
    if config < 12:
        tenths = (100, 200, 400, 600)[config & 3]
    elif config < 16:
        tenths = (100, 200)[config & 1]
    else:
        tenths = (25, 50, 100, 200)[config & 3]
    count = (1, 2, 2, data[1] & 0x3F if len(data) > 1 else 1)[data[0] & 3]
    return max(1, min(1200, tenths * count) // 10)
