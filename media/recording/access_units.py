"""From packets in order to whole pictures of H.264 (RFC 6184), as a byte stream (H.264 Annex B). Pure.

Hostile payloads cost themselves: what is kept is bounded, and what is not of packetization mode 1 counts as a loss.
"""

from collections.abc import Iterator
from typing import Final

from media.h264 import FU_A, SEQUENCE_PARAMETER_SET, STAP_A, picture_size, starts_keyframe
from media.recording.frames import MAX_FRAME, Frame
from media.recording.ordering import Piece

_PICTURE_PARAMETER_SET: Final = 8
_IDR_SLICE: Final = 5
_SLICES: Final = frozenset(range(1, 6))
_KEYFRAME: Final = frozenset({SEQUENCE_PARAMETER_SET, _PICTURE_PARAMETER_SET, _IDR_SLICE})
_UNITS: Final = range(1, 24)  # others are of the payload format, or undefined
_START_CODE: Final = b"\0\0\0\1"
_START, _END = 0x80, 0x40


class H264Frames:
    """Access units, each up to the packet with the marker. After a loss nothing is given until a keyframe:

    an IDR picture that brings its parameter sets. What comes before a picture belongs to it, whatever its RTP time.
    """

    def __init__(self) -> None:
        self.keyframe_wanted = True
        self._unit = _AccessUnit()
        self._timestamp = 0

    def push(self, piece: Piece) -> Frame | None:
        """A packet that is no H.264 counts as a loss."""
        if not piece.payload:
            return None
        if self._unit.is_picture and piece.timestamp != self._timestamp:
            self.lose()
        self._timestamp = piece.timestamp
        try:
            self._unit.add(piece.payload)
        except ValueError:
            self.lose()
            return None
        return self._complete(piece) if piece.marker and self._unit.is_picture else None

    def lose(self) -> None:
        """Give up the picture at hand and wait for a keyframe."""
        self._unit = _AccessUnit()
        self.keyframe_wanted = True

    def _complete(self, piece: Piece) -> Frame | None:
        unit, self._unit = self._unit, _AccessUnit()
        size = unit.size if unit.kinds >= _KEYFRAME else None
        if unit.is_torn or (size is None and self.keyframe_wanted):
            self.keyframe_wanted = True
            return None
        self.keyframe_wanted = False
        return Frame(piece.timestamp, bytes(unit.data), size is not None, piece.arrival, size)


class _AccessUnit:
    """NAL units, each behind a start code. ``size`` is what the sequence parameter set says."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.kinds: set[int] = set()
        self.size: tuple[int, int] | None = None
        self._fragmented: int | None = None  # the header of a NAL unit of which more has to come

    @property
    def is_picture(self) -> bool:
        """Whether there is any of a picture, and not only what comes before one."""
        return not self.kinds.isdisjoint(_SLICES)

    @property
    def is_torn(self) -> bool:
        """Whether the last NAL unit lacks its end."""
        return self._fragmented is not None

    def add(self, payload: bytes) -> None:
        """Add what a packet holds. Raises ValueError if that cannot be."""
        if starts_keyframe(payload):
            self.size = picture_size(payload)
        if payload[0] & 0x1F == FU_A:
            self._add_fragment(payload)
        else:
            for unit in _units(payload):
                self._begin(unit[0])
                self.data += unit[1:]
        if len(self.data) > MAX_FRAME:
            raise ValueError("too large")

    def _add_fragment(self, payload: bytes) -> None:
        """RFC 6184 §5.8: the NAL unit's header is in two parts."""
        if len(payload) < 3:
            raise ValueError("an empty fragment")
        header = payload[0] & 0xE0 | payload[1] & 0x1F
        if payload[1] & _START:
            self._begin(header)
        elif self._fragmented != header:
            raise ValueError("a fragment of something else")
        self.data += payload[2:]
        self._fragmented = None if payload[1] & _END else header

    def _begin(self, header: int) -> None:
        """H.264 §7.3.1: forbidden_zero_bit, nal_ref_idc, nal_unit_type."""
        if self._fragmented is not None or header & 0x80 or header & 0x1F not in _UNITS:
            raise ValueError("no NAL unit can begin here")
        self.kinds.add(header & 0x1F)
        self.data += _START_CODE + bytes((header,))


def _units(payload: bytes) -> Iterator[bytes]:
    """The NAL units of a packet that holds whole ones (RFC 6184 §5.6, §5.7.1). Raises ValueError."""
    if payload[0] & 0x1F != STAP_A:
        yield payload
        return
    position = 1
    while position < len(payload):
        size = int.from_bytes(payload[position : position + 2], "big")
        position += 2 + size
        if not size or position > len(payload):
            raise ValueError("an aggregate that ends elsewhere")
        yield payload[position - size : position]
