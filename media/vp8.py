"""The VP8 payload descriptor (RFC 7741 §4.2), as far as a forwarder reads and rewrites it. Pure.

The keyframe bit and the size are in the first ten bytes of the payload header, which end-to-end encryption leaves in
the clear.
"""

from media.errors import MalformedRtp


class Vp8Descriptor:
    """Where things stand. Offsets are into the payload, 0 meaning absent; ``picture_id_bits`` is 7 or 15.

    ``tid`` is the temporal layer, 0 where there are none; ``sync`` says that the frame needs nothing but layer 0.
    """

    __slots__ = (
        "header_at",
        "keyframe",
        "picture_id",
        "picture_id_at",
        "picture_id_bits",
        "starts_frame",
        "sync",
        "tid",
        "tl0",
        "tl0_at",
    )

    def __init__(self) -> None:
        self.picture_id = self.picture_id_at = self.picture_id_bits = 0
        self.tl0 = self.tl0_at = self.tid = 0
        self.header_at = 1
        self.starts_frame = self.keyframe = self.sync = False


def parse_vp8(payload: bytes | memoryview) -> Vp8Descriptor:
    """Read the descriptor of a packet. Raises MalformedRtp when it is cut off."""
    descriptor = Vp8Descriptor()
    try:
        if payload[0] & 0x80:
            _read_extension(payload, descriptor)
        descriptor.starts_frame = payload[0] & 0x17 == 0x10
        descriptor.keyframe = descriptor.starts_frame and not payload[descriptor.header_at] & 1
    except IndexError as error:
        raise MalformedRtp("VP8 descriptor cut off") from error
    return descriptor


def keyframe_size(payload: bytes | memoryview, descriptor: Vp8Descriptor) -> tuple[int, int] | None:
    """Width and height from the first packet of a keyframe (RFC 6386 §9.1); None where they cannot be read."""
    start = descriptor.header_at + 3
    if len(payload) < start + 7 or bytes(payload[start : start + 3]) != b"\x9d\x01\x2a":
        return None
    width = payload[start + 3] | payload[start + 4] << 8
    height = payload[start + 5] | payload[start + 6] << 8
    return width & 0x3FFF, height & 0x3FFF


def _read_extension(payload: bytes | memoryview, descriptor: Vp8Descriptor) -> None:
    """Octets X, I, L and T/K."""
    flags, position = payload[1], 2
    if flags & 0x80:
        descriptor.picture_id_at = position
        if payload[position] & 0x80:
            descriptor.picture_id_bits = 15
            descriptor.picture_id = (payload[position] & 0x7F) << 8 | payload[position + 1]
            position += 2
        else:
            descriptor.picture_id_bits = 7
            descriptor.picture_id = payload[position]
            position += 1
    if flags & 0x40:
        descriptor.tl0_at, descriptor.tl0 = position, payload[position]
        position += 1
    if flags & 0x20:
        descriptor.tid = payload[position] >> 6
        descriptor.sync = payload[position] & 0x20 != 0
    descriptor.header_at = position + 1 if flags & 0x30 else position


def shift_vp8(payload: bytes | memoryview, descriptor: Vp8Descriptor, picture_id: int, tl0: int) -> bytes:
    """The payload with picture id and TL0PICIDX moved on by these amounts, each on its own circle."""
    result = bytearray(payload)
    if descriptor.picture_id_bits == 15:
        moved = (descriptor.picture_id + picture_id) & 0x7FFF
        result[descriptor.picture_id_at] = 0x80 | moved >> 8
        result[descriptor.picture_id_at + 1] = moved & 0xFF
    elif descriptor.picture_id_bits == 7:
        result[descriptor.picture_id_at] = (descriptor.picture_id + picture_id) & 0x7F
    if descriptor.tl0_at:
        result[descriptor.tl0_at] = (descriptor.tl0 + tl0) & 0xFF
    return bytes(result)
