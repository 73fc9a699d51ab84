"""RTP packets (RFC 3550 §5.1) and their header extensions (RFC 8285), read and written in place. Pure."""

import struct
from collections.abc import Iterable

from media.errors import MalformedRtp

HEADER_LENGTH = 12
ONE_BYTE_PROFILE = 0xBEDE
TWO_BYTE_PROFILE = 0x1000
MAX_ONE_BYTE_ID = 14

_HEADER = struct.Struct("!BBHII")
_EXTENSION = struct.Struct("!HH")


class RtpPacket:
    """A received packet, taken apart. Made once for each packet, however many receivers it has."""

    __slots__ = ("extensions", "marker", "payload", "payload_type", "sequence", "ssrc", "timestamp")

    def __init__(  # noqa: PLR0917 - keywords cost time on every packet
        self,
        marker: bool,
        payload_type: int,
        sequence: int,
        timestamp: int,
        ssrc: int,
        extensions: dict[int, bytes],
        payload: memoryview,
    ) -> None:
        self.marker = marker
        self.payload_type = payload_type
        self.sequence = sequence
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.extensions = extensions
        self.payload = payload


def parse_rtp(data: bytes) -> RtpPacket:
    """Take a packet apart; the payload is a view without the padding. Raises MalformedRtp."""
    size = len(data)
    if size < HEADER_LENGTH:
        raise MalformedRtp("shorter than its header")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise MalformedRtp("not version 2")
    offset = HEADER_LENGTH + 4 * (first & 0x0F)
    extensions: dict[int, bytes] = {}
    if first & 0x10:
        if offset + 4 > size:
            raise MalformedRtp("extension header cut off")
        profile, words = _EXTENSION.unpack_from(data, offset)
        start, offset = offset + 4, offset + 4 + 4 * words
        if offset > size:
            raise MalformedRtp("extension cut off")
        extensions = parse_extensions(profile, data[start:offset])
    end = size - data[-1] if first & 0x20 else size
    if end < offset or end > size - (first >> 5 & 1):
        raise MalformedRtp("padding or contributing sources longer than the packet")
    return RtpPacket(second >= 0x80, second & 0x7F, sequence, timestamp, ssrc, extensions, memoryview(data)[offset:end])


def parse_extensions(profile: int, data: bytes) -> dict[int, bytes]:
    """The elements of an extension block by id; other profiles than RFC 8285's give none. Raises MalformedRtp."""
    if profile == ONE_BYTE_PROFILE:
        return _parse_one_byte(data)
    if profile & 0xFFF0 == TWO_BYTE_PROFILE:
        return _parse_two_byte(data)
    return {}


def _parse_one_byte(data: bytes) -> dict[int, bytes]:
    """RFC 8285 §4.2: a zero is padding; id 15 ends the block, and so does id 0 with a length."""
    elements: dict[int, bytes] = {}
    position, size = 0, len(data)
    while position < size:
        head = data[position]
        position += 1
        if head == 0:
            continue
        element_id = head >> 4
        if element_id in {0, 15}:
            break
        end = position + (head & 0x0F) + 1
        if end > size:
            raise MalformedRtp("extension element cut off")
        elements[element_id] = data[position:end]
        position = end
    return elements


def _parse_two_byte(data: bytes) -> dict[int, bytes]:
    """RFC 8285 §4.3."""
    elements: dict[int, bytes] = {}
    position, size = 0, len(data)
    while position < size:
        element_id = data[position]
        position += 1
        if element_id == 0:
            continue
        if position >= size or position + 1 + data[position] > size:
            raise MalformedRtp("extension element cut off")
        end = position + 1 + data[position]
        elements[element_id] = data[position + 1 : end]
        position = end
    return elements


def one_byte_element(element_id: int, value: bytes) -> bytes:
    """One element as RFC 8285 §4.2 writes it. The id is 1 to 14, the value 1 to 16 bytes (ValueError)."""
    if not 1 <= element_id <= MAX_ONE_BYTE_ID or not 1 <= len(value) <= 16:
        raise ValueError("does not fit the one-byte form")
    return bytes((element_id << 4 | len(value) - 1,)) + value


def extension_block(elements: Iterable[bytes]) -> bytes:
    """A whole extension of one-byte elements with its header and padding; nothing where there are no elements."""
    body = b"".join(elements)
    if not body:
        return b""
    body += b"\0" * (-len(body) % 4)
    return _EXTENSION.pack(ONE_BYTE_PROFILE, len(body) // 4) + body


def write_rtp(  # noqa: PLR0917 - keywords cost time on every packet
    into: memoryview,
    marker: bool,
    payload_type: int,
    sequence: int,
    timestamp: int,
    ssrc: int,
    extension: bytes,
    payload: bytes | memoryview,
) -> int:
    """Write a packet at the start of ``into`` and return its length. ``extension`` is from extension_block()."""
    _HEADER.pack_into(
        into, 0, 0x90 if extension else 0x80, payload_type | 0x80 if marker else payload_type, sequence, timestamp, ssrc
    )
    body = HEADER_LENGTH + len(extension)
    end = body + len(payload)
    into[HEADER_LENGTH:body] = extension
    into[body:end] = payload
    return end


def abs_send_time(now: float) -> bytes:
    """Value of the abs-send-time extension: seconds in 6.18 fixed point, on any clock that goes evenly."""
    return (int(now * 262144) & 0xFFFFFF).to_bytes(3, "big")


def sequence_distance(newer: int, older: int) -> int:
    """``newer - older`` on the circle of 16-bit sequence numbers, from −32,768 to 32,767."""
    return ((newer - older + 0x8000) & 0xFFFF) - 0x8000


def timestamp_distance(newer: int, older: int) -> int:
    """``newer - older`` on the circle of 32-bit timestamps."""
    return ((newer - older + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
