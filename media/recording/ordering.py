"""The packets of one received stream in their order, each once; what stays away is waited for, then named. Pure.

A recording has time: a packet that can still come by retransmission is waited for, for longer than it is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from media.nack import MAX_GAP, LossTracker
from media.rtp import sequence_distance

START_S: Final = 0.1  # the first packets may come in another order
WAIT_S: Final = 1.3
MAX_WAITING: Final = 4096


@dataclass(frozen=True, slots=True)
class Piece:
    """One packet's part of a stream; ``arrival`` is on the recorder's wall clock, in seconds."""

    timestamp: int
    marker: bool
    payload: bytes
    arrival: float


@dataclass(frozen=True, slots=True)
class Lost:
    """Here something is missing for good."""


LOST: Final = Lost()


class Ordering:
    """Push what arrives, take what follows in order. ``now`` is monotonic, in seconds."""

    def __init__(self) -> None:
        self.highest: int | None = None  # extended sequence number
        self.received = 0
        self._base = 0
        self._losses = LossTracker()
        self._waiting: dict[int, Piece] = {}
        self._next: int | None = None  # to be taken; None until the start is known
        self._starts_at = 0.0
        self._stuck_since: float | None = None
        self._jumped = False

    @property
    def expected(self) -> int:
        """How many packets were sent, by their numbers."""
        return 0 if self.highest is None else self.highest - self._base + 1

    def push(self, sequence: int, piece: Piece, now: float) -> None:
        """Take a packet with its 16-bit sequence number; one that came before, or too late, changes nothing."""
        if self.highest is None:
            self._base = self.highest = sequence + 0x10000  # room for earlier ones
            self._starts_at = now + START_S
        distance = sequence_distance(sequence, self.highest & 0xFFFF)
        if abs(distance) > MAX_GAP:
            self._jump(sequence, now)
            distance = 0
        number = self.highest + distance
        if number in self._waiting or (self._next is not None and number < self._next):
            return
        if distance > 1:
            self._losses.gap(self.highest + 1, number, now)
        self.highest, self._base = max(self.highest, number), min(self._base, number)
        self._losses.arrived(number)
        self._waiting[number] = piece
        self.received += 1

    def take(self, now: float) -> Iterator[Piece | Lost]:
        """Yield what is in order by now, and LOST where the wait for something was in vain."""
        if self._next is None:
            if not self._waiting or now < self._starts_at:
                return
            self._next = min(self._waiting)
        if self._jumped:
            self._jumped = False
            yield LOST
        while self._waiting:
            piece = self._waiting.pop(self._next, None)
            if piece is not None:
                self._next += 1
                self._stuck_since = None
                yield piece
                continue
            self._stuck_since = now if self._stuck_since is None else self._stuck_since
            if now - self._stuck_since < WAIT_S and len(self._waiting) < MAX_WAITING:
                return
            self._next = min(self._waiting)
            self._stuck_since = None
            yield LOST

    def wanted(self, now: float) -> list[int]:
        """The 16-bit numbers to ask for now."""
        return [number & 0xFFFF for number in self._losses.due(now)]

    def _jump(self, sequence: int, now: float) -> None:
        """The numbers go on somewhere else: what was waited for is given up, and the order starts again."""
        self.highest = self._base = sequence + 0x10000
        self.received = 0
        self._losses = LossTracker()
        self._waiting.clear()
        self._next, self._stuck_since = None, None
        self._starts_at = now + START_S
        self._jumped = True
