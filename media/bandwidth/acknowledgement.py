"""What was sent under transport-wide numbers, matched with what the peer says of it. Pure.

Nothing that the peer says is taken that does not belong to a packet sent: numbers that are unknown, or were
acknowledged before, mean nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter
from typing import Final, cast

from media.dataplane.interface import SentPacket
from media.rtcp import TransportFeedback

MAX_IN_FLIGHT: Final = 4096
MAX_LATE: Final = 1024
TICK: Final = 0.00025
_TICKS_ROUND: Final = 1 << 32  # 24 bits of 64 ms, each 256 ticks
_NUMBER: Final = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a feedback tells for the first time: the packets that arrived, when each did, and those lost so far.

    Both in the order in which they were sent; ``arrived_at`` is on the peer's clock.
    """

    arrived: Sequence[SentPacket]
    arrived_at: Sequence[float]
    lost: Sequence[SentPacket]


class Acknowledgements:
    """The packets of one peer that are on their way."""

    __slots__ = ("_in_flight", "_late", "_newest", "_origin")

    def __init__(self) -> None:
        self._in_flight: dict[int, SentPacket] = {}
        self._late: dict[int, SentPacket] = {}
        self._newest = 0
        self._origin: int | None = None

    def note(self, packets: Sequence[SentPacket]) -> None:
        """Packets have been sent; of more than 4,096 that nobody acknowledged the oldest are given up."""
        self._in_flight.update(zip(map(_NUMBER, packets), packets, strict=True))
        self._newest = packets[-1][0] if packets else self._newest
        _shorten(self._in_flight, MAX_IN_FLIGHT)

    def match(self, feedback: TransportFeedback) -> Outcome:
        """What is told for the first time. A packet is lost once, and may still arrive later."""
        ticks, numbers = feedback.arrivals, self._numbers(feedback)
        packets = list(map(self._in_flight.pop, numbers, repeat(None)))
        if None in ticks or not all(packets):
            return self._sorted(numbers, packets, ticks)
        return Outcome(cast("list[SentPacket]", packets), self._seconds(cast("tuple[int, ...]", ticks)), [])

    def _sorted(
        self, numbers: Iterable[int], packets: Iterable[SentPacket | None], ticks: Iterable[int | None]
    ) -> Outcome:
        """Where not everything is a packet that was on its way and arrived."""
        arrived: list[SentPacket] = []
        came: list[int] = []
        lost: list[SentPacket] = []
        late = self._late
        for number, known, at in zip(numbers, packets, ticks, strict=True):
            if at is not None:
                packet = known or late.pop(number, None)
                if packet is not None:
                    arrived.append(packet)
                    came.append(at)
            elif known is not None:
                late[number] = known
                lost.append(known)
        _shorten(late, MAX_LATE)
        return Outcome(arrived, self._seconds(came), lost)

    def _numbers(self, feedback: TransportFeedback) -> Sequence[int]:
        """Those of at most 16 bits in full: none is above the newest that was sent."""
        first = self._newest - ((self._newest - feedback.base) & 0xFFFF)
        end = first + len(feedback.arrivals)
        above = self._newest + 1
        if end <= above:
            return range(first, end)
        return [*range(first, above), *range(above - 0x10000, end - 0x10000)]

    def _seconds(self, came: Sequence[int]) -> list[float]:
        """On the peer's clock, whose origin is near the first arrival and whose 32 bits go round every 12 days."""
        if not came:
            return []
        if self._origin is None:
            self._origin = came[0]
        origin, half = self._origin, _TICKS_ROUND // 2
        if max(came) - origin < half and min(came) - origin >= -half:
            return [(ticks - origin) * TICK for ticks in came]
        return [((ticks - origin + half) % _TICKS_ROUND - half) * TICK for ticks in came]


def _shorten(packets: dict[int, SentPacket], limit: int) -> None:
    while len(packets) > limit:
        del packets[next(iter(packets))]
