"""Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). Pure.

Without it Chromium does not raise its bitrate; it is sent every 100 ms to each peer that negotiated it.
"""

import re
import struct
from collections.abc import Iterable
from typing import Final

from media.rtcp import RELAY_SSRC, TRANSPORT_FEEDBACK, write_packet

FEEDBACK_FORM: Final = 15
MAX_STATUSES = 400  # keeps one feedback below 1,200 bytes
MAX_RECORDED = 4000
_TICK = 0.00025
_REFERENCE = 0.064
_TICKS_PER_REFERENCE = 256
_LOST, _SMALL, _LARGE = 0, 1, 2
_RUN: Final = re.compile(b"\0+|\1+|\2+")


class ArrivalLog:
    """When packets arrived on one transport, by transport-wide sequence number, until the next feedback."""

    __slots__ = ("_arrivals", "_count", "_highest", "_next")

    def __init__(self) -> None:
        self._arrivals: dict[int, float] = {}
        self._highest: int | None = None
        self._next: int | None = None
        self._count = 0

    def record(self, sequence: int, now: float) -> None:
        """A packet with this 16-bit number arrived. The first of two with the same number counts."""
        self.record_all(((now, sequence),))

    def record_all(self, packets: Iterable[tuple[float, int]]) -> None:
        """Packets arrived, each then and with that number, as with record()."""
        arrivals = self._arrivals
        for at, sequence in packets:
            if self._highest is None:
                self._highest = sequence
            extended = self._highest + ((sequence - self._highest + 0x8000) & 0xFFFF) - 0x8000
            self._highest = max(self._highest, extended)
            if len(arrivals) < MAX_RECORDED and extended not in arrivals:
                arrivals[extended] = at

    def take(self, media_ssrc: int) -> list[bytes]:
        """Feedback packets over everything since the last call; a gap at the front is reported as lost once.

        A packet that comes after it was reported lost is reported again as received.
        """
        if not self._arrivals:
            return []
        arrivals, self._arrivals = self._arrivals, {}
        first, last = min(arrivals), max(arrivals)
        if self._next is not None and 0 <= first - self._next <= MAX_STATUSES:
            first = self._next
        if last - first > MAX_RECORDED:
            first = min(sequence for sequence in arrivals if sequence >= last - MAX_RECORDED)
        self._next = max(last + 1, self._next or 0)
        packets: list[bytes] = []
        while first <= last:
            packet, first = self._feedback(arrivals, first, last, media_ssrc)
            packets.append(packet)
        return packets

    def _feedback(self, arrivals: dict[int, float], first: int, last: int, media_ssrc: int) -> tuple[bytes, int]:
        """One packet from ``first`` on, and the number that the following one starts with."""
        start = next(arrivals[s] for s in range(first, last + 1) if s in arrivals)
        reference = int(start / _REFERENCE)
        previous = reference * _TICKS_PER_REFERENCE
        symbols, deltas = bytearray(), bytearray()
        for sequence in range(first, min(last + 1, first + MAX_STATUSES)):
            arrival = arrivals.get(sequence)
            if arrival is None:
                symbols.append(_LOST)
                continue
            tick = int(arrival / _TICK)
            delta = tick - previous
            if 0 <= delta <= 255:
                symbols.append(_SMALL)
                deltas.append(delta)
            elif -32768 <= delta <= 32767:
                symbols.append(_LARGE)
                deltas += struct.pack("!h", delta)
            else:
                break
            previous = tick
        body = struct.pack(
            "!IIHHI",
            RELAY_SSRC,
            media_ssrc,
            first & 0xFFFF,
            len(symbols),
            (reference & 0xFFFFFF) << 8 | self._count & 0xFF,
        )
        self._count += 1
        body += _chunks(symbols) + deltas
        body += b"\0" * (-len(body) % 4)
        return write_packet(FEEDBACK_FORM, TRANSPORT_FEEDBACK, body), first + len(symbols)


def _chunks(symbols: bytes | bytearray) -> bytes:
    """Packet chunks: run lengths for long runs, vectors of seven two-bit symbols for the rest (§3.1.3, §3.1.4)."""
    chunks = bytearray()
    pending = b""
    for group in _RUN.findall(symbols):
        symbol, run = group[:1], len(group)
        if pending:
            fill = min(run, -len(pending) % 7)
            pending += symbol * fill
            run -= fill
        if run >= 7:
            chunks += _vectors(pending)
            pending = b""
            chunks += struct.pack("!H", symbol[0] << 13 | run)
        else:
            pending += symbol * run
    return bytes(chunks + _vectors(pending))


def _vectors(symbols: bytes) -> bytes:
    """Two-bit status vectors. Only the last one of a packet may be partly filled."""
    result = bytearray()
    for start in range(0, len(symbols), 7):
        value = 0xC000
        for index, symbol in enumerate(symbols[start : start + 7]):
            value |= symbol << 2 * (6 - index)
        result += struct.pack("!H", value)
    return bytes(result)
