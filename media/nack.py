"""Loss repair on both sides: whom to ask for what was lost, and what is kept for those who ask (RFC 4585). Pure."""

from typing import Generic, TypeVar

MAX_RETRIES = 10
FIRST_RETRY = 0.04
LONGEST_RETRY = 0.2
MAX_AGE = 1.0
MAX_MISSING = 1000
MAX_GAP = 500

VIDEO_HISTORY = 512
AUDIO_HISTORY = 256

T = TypeVar("T")


class LossTracker:
    """The packets of one received stream that are missing, by extended sequence number.

    Each is asked for at once, then again after 40, 80, 160 and every further 200 ms (an ICE-lite receiver does not
    know the round-trip time), at most 10 times and for one second. Losing more than 1,000, or 500 in one gap, gives
    up on all of them: ``overflowed`` is then set and a keyframe is due.
    """

    __slots__ = ("_missing", "overflowed")

    def __init__(self) -> None:
        self._missing: dict[int, list[float]] = {}  # extended sequence: [tries, next try, first seen]
        self.overflowed = False

    def __len__(self) -> int:
        return len(self._missing)

    def gap(self, first: int, end: int, now: float) -> None:
        """Packets ``first`` to ``end - 1`` were skipped."""
        if end - first > MAX_GAP or len(self._missing) + end - first > MAX_MISSING:
            self._missing.clear()
            self.overflowed = True
            return
        for sequence in range(first, end):
            self._missing[sequence] = [0, now, now]

    def arrived(self, sequence: int) -> bool:
        """Whether the packet was missing; it no longer is."""
        return self._missing.pop(sequence, None) is not None

    def due(self, now: float) -> list[int]:
        """The packets to ask for now, in order."""
        due: list[int] = []
        for sequence, entry in list(self._missing.items()):
            if entry[0] >= MAX_RETRIES or now - entry[2] > MAX_AGE:
                del self._missing[sequence]
            elif now >= entry[1]:
                entry[1] = now + min(LONGEST_RETRY, FIRST_RETRY * 2 ** entry[0])
                entry[0] += 1
                due.append(sequence)
        return due


class PacketHistory(Generic[T]):
    """The last packets sent under one SSRC, for those who ask again. The capacity is a power of two."""

    __slots__ = ("_mask", "_packets", "_sequences")

    def __init__(self, capacity: int) -> None:
        if capacity & (capacity - 1) or capacity < 1:
            raise ValueError("not a power of two")
        self._mask = capacity - 1
        self._sequences = [-1] * capacity
        self._packets: list[T | None] = [None] * capacity

    def store(self, sequence: int, packet: T) -> None:
        """Keep a packet under its 16-bit sequence number; the one ``capacity`` before it is forgotten."""
        slot = sequence & self._mask
        self._sequences[slot] = sequence
        self._packets[slot] = packet

    def get(self, sequence: int) -> T | None:
        """The packet, or None if it was never sent or is forgotten."""
        slot = sequence & self._mask
        return self._packets[slot] if self._sequences[slot] == sequence else None
