"""Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). Pure.

Without it Chromium does not raise its bitrate; it is sent every 100 ms to each peer that negotiated it.
"""

import struct
from itertools import groupby
from typing import Final

from media.rtcp import RELAY_SSRC, TRANSPORT_FEEDBACK, write_packet
from media.rtp import sequence_distance

FEEDBACK_FORM: Final = 15
MAX_STATUSES = 400  # keeps one feedback below 1,200 bytes
MAX_RECORDED = 4000
_TICK = 0.00025
_REFERENCE = 0.064
_TICKS_PER_REFERENCE = 256
_LOST, _SMALL, _LARGE = 0, 1, 2
_MAX_RUN = 8191


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
        if self._highest is None:
            extended = self._highest = sequence
        else:
            extended = self._highest + sequence_distance(sequence, self._highest & 0xFFFF)
            self._highest = max(self._highest, extended)
        if len(self._arrivals) < MAX_RECORDED:
            self._arrivals.setdefault(extended, now)

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
        symbols: list[int] = []
        deltas = bytearray()
        sequence = first
        while sequence <= last and len(symbols) < MAX_STATUSES:
            arrival = arrivals.get(sequence)
            if arrival is None:
                symbols.append(_LOST)
            else:
                tick = int(arrival / _TICK)
                delta = tick - previous
                if not -32768 <= delta <= 32767:
                    break
                previous = tick
                symbols.append(_SMALL if 0 <= delta <= 255 else _LARGE)
                deltas += bytes((delta,)) if symbols[-1] == _SMALL else struct.pack("!h", delta)
            sequence += 1
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
        return write_packet(FEEDBACK_FORM, TRANSPORT_FEEDBACK, body), sequence


def _chunks(symbols: list[int]) -> bytes:
    """Packet chunks: run lengths for long runs, vectors of seven two-bit symbols for the rest (§3.1.3, §3.1.4)."""
    chunks = bytearray()
    pending: list[int] = []
    for symbol, group in groupby(symbols):
        run = len(list(group))
        if pending:
            fill = min(run, -len(pending) % 7)
            pending += [symbol] * fill
            run -= fill
        if run >= 7:
            chunks += _vectors(pending)
            pending = []
            while run:
                part = min(run, _MAX_RUN)
                chunks += struct.pack("!H", symbol << 13 | part)
                run -= part
        else:
            pending += [symbol] * run
    return bytes(chunks + _vectors(pending))


def _vectors(symbols: list[int]) -> bytes:
    """Two-bit status vectors. Only the last one of a packet may be partly filled."""
    result = bytearray()
    for start in range(0, len(symbols), 7):
        value = 0xC000
        for index, symbol in enumerate(symbols[start : start + 7]):
            value |= symbol << 2 * (6 - index)
        result += struct.pack("!H", value)
    return bytes(result)
