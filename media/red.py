"""Redundant sound (RFC 2198): each packet repeats what the ones before it carried. Pure.

Senders use it against loss on their way here. It ends here: whoever receives gets each piece once, in a packet of its
own, whether its own packet came or was lost.
"""

from typing import NamedTuple

MAX_BLOCKS = 8


class Repeated(NamedTuple):
    """The payload of an earlier packet: so many packets back, so many units of the RTP clock."""

    back: int
    timestamp_offset: int
    payload: memoryview


class Redundant(NamedTuple):
    """What a packet carries: its own payload, and earlier ones, the oldest first."""

    primary: memoryview
    repeated: tuple[Repeated, ...]


def read_red(payload: memoryview, payload_type: int) -> Redundant | None:
    """Take a packet apart whose blocks are of this payload type; None for a malformed one.

    Blocks of other types, and empty ones, repeat nothing. Of more than 8 the packet counts as malformed.
    """
    headers: list[int] = []
    position = 0
    while position < len(payload) and payload[position] & 0x80:
        if position + 4 > len(payload) or len(headers) == MAX_BLOCKS:
            return None
        headers.append(int.from_bytes(payload[position : position + 4], "big"))
        position += 4
    if position >= len(payload) or payload[position] != payload_type:
        return None
    position += 1
    repeated = []
    for back, header in zip(range(len(headers), 0, -1), headers, strict=True):
        length = header & 0x3FF
        if length and header >> 24 & 0x7F == payload_type:
            repeated.append(Repeated(back, header >> 10 & 0x3FFF, payload[position : position + length]))
        position += length
    return Redundant(payload[position:], tuple(repeated)) if position < len(payload) else None
