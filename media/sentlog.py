"""Transport-wide sequence numbers of what is sent to one peer, and what the peer says of it. Pure."""

from collections.abc import Iterator

from media.dataplane.interface import BURST, SENT_LOG, Acknowledged, Burst
from media.errors import MalformedRtcp
from media.transportwide import read_arrivals


class SentLog:
    """``number`` is the last one used, not cut to 16 bits; ``octets`` those of all datagrams that were noted."""

    __slots__ = ("_lost", "_waiting", "number", "octets")

    def __init__(self) -> None:
        self.number = 0
        self.octets = 0
        #: Size and time of what nothing was said of, and of what was told lost.
        self._waiting: dict[int, tuple[int, float]] = {}
        self._lost: dict[int, tuple[int, float]] = {}

    def element(self, extension_id: int) -> bytes:
        """The header extension element of the next packet, in the one-byte form."""
        self.number = number = self.number + 1
        return bytes((extension_id << 4 | 1, number >> 8 & 0xFF, number & 0xFF))

    def note(self, size: int, now: float) -> None:
        """The packet with the last number was sent in a datagram of this size."""
        self._waiting[self.number] = size, now
        self.octets += size
        if len(self._waiting) > SENT_LOG:
            del self._waiting[next(iter(self._waiting))]

    def acknowledge(self, feedback: bytes, after: int, until: int) -> Acknowledged | None:
        """See DataPlane.acknowledge()."""
        try:
            base, arrivals = read_arrivals(feedback)
        except MalformedRtcp:
            return None
        oldest, highest, told, lost = self.number - SENT_LOG, 0, 0, 0
        bursts: list[Burst] = []
        for number, came in zip(self._numbers(base, len(arrivals)), arrivals, strict=True):
            packet = self._waiting.pop(number, None) or (None if came is None else self._lost.pop(number, None))
            if packet is None or number <= oldest:
                continue
            told += 1
            highest = max(highest, number)
            if came is None:
                self._lost[number] = packet
                lost += 1
            else:
                _add(bursts, number, packet, came, (after, until))
        self._forget_lost(oldest)
        return Acknowledged(told, lost, highest, bursts)

    def _numbers(self, base: int, count: int) -> Iterator[int]:
        """Those of at most 16 bits in full: none is above the newest that was sent."""
        newest = self.number
        for number in range(base, base + count):
            yield newest - (newest - number & 0xFFFF)

    def _forget_lost(self, oldest: int) -> None:
        if len(self._lost) > SENT_LOG:
            self._lost = {number: packet for number, packet in self._lost.items() if number > oldest}


def _add(bursts: list[Burst], number: int, packet: tuple[int, float], came: int, edges: tuple[int, int]) -> None:
    """A packet that arrived belongs to the last burst, or begins one."""
    size, sent_at = packet
    if bursts:
        first, began, first_came, last_came, packets, octets = bursts[-1]
        together = began <= sent_at <= began + BURST and all((first > edge) == (number > edge) for edge in edges)
        if together:
            bursts[-1] = first, began, first_came, max(last_came, came), packets + 1, octets + size
            return
    bursts.append((number, sent_at, came, came, 1, size))
