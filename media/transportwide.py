"""Transport-wide feedback, packet by packet (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). Pure."""

import struct
from collections.abc import Iterable
from typing import Final

from media.dataplane.interface import MAX_TOLD
from media.errors import MalformedRtcp

_FIXED: Final = 16


def read_arrivals(body: bytes) -> tuple[int, list[int | None]]:
    """The 16-bit number of the first packet, and when each arrived: ticks of 250 µs on the peer's clock, None for lost.

    ``body`` begins with the sender's SSRC. Of more than 2,048 packets the first so many are read. Raises MalformedRtcp.
    """
    if len(body) < _FIXED:
        raise MalformedRtcp("packet cut off")
    base, count, reference = struct.unpack_from("!HHI", body, 8)
    try:
        symbols, position = _status_symbols(body, count)
        return base, _arrival_ticks(symbols, body, position, (reference >> 8) * 256)  # 64 ms are 256 ticks
    except IndexError:
        raise MalformedRtcp("packet cut off") from None


def _arrival_ticks(symbols: Iterable[int], body: bytes, position: int, ticks: int) -> list[int | None]:
    """The deltas from ``position`` on, added up. Raises IndexError where there are too few."""
    arrivals: list[int | None] = []
    add = arrivals.append
    for symbol in symbols:
        if symbol == 1:
            ticks += body[position]
            position += 1
            add(ticks)
        elif symbol == 2:
            ticks += ((body[position] << 8 | body[position + 1]) ^ 0x8000) - 0x8000
            position += 2
            add(ticks)
        else:
            add(None)
    return arrivals


def _status_symbols(body: bytes, count: int) -> tuple[bytearray, int]:
    """The first of ``count`` status symbols, and where the deltas begin (§3.1.3, §3.1.4).

    Raises IndexError where there are too few.
    """
    symbols = bytearray()
    position, told = _FIXED, 0
    while told < count:
        first, second = body[position], body[position + 1]
        position += 2
        if first < 0x80:
            run = (first & 0x1F) << 8 | second
            if run == 0:
                raise MalformedRtcp("empty run of packets")
            part = bytes((first >> 5,)) * min(run, MAX_TOLD)
        else:
            part = _VECTOR_STARTS[first] + _VECTOR_ENDS[first >> 6 & 1][second]
            run = len(part)
        told += run
        if len(symbols) < MAX_TOLD:
            symbols += part
    del symbols[min(count, MAX_TOLD) :]
    return symbols, position


def _symbols(bits: int, size: int, width: int) -> bytes:
    """The symbols of so many bits, first the one at the highest."""
    return bytes(bits >> shift & (1 << width) - 1 for shift in range(size - width, -1, -width))


#: What the first byte of a status vector holds beside its kind, and the second, by kind: one bit a symbol, or two.
_VECTOR_STARTS: Final = [_symbols(byte & 0x3F, 6, 1 + (byte >> 6 & 1)) for byte in range(256)]
_VECTOR_ENDS: Final = [[_symbols(byte, 8, width) for byte in range(256)] for width in (1, 2)]
