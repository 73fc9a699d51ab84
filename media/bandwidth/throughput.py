"""How much arrives, and what part is lost. Pure."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from media.dataplane.interface import TICK, Burst

WINDOW: Final = 0.5
#: Of two packets that arrived so long one after the other the first does not count.
LONGEST: Final = 2.0
MAX_FEEDBACKS: Final = 256
LOSS_WINDOW: Final = 1.0
MIN_LOSS_SAMPLES: Final = 20


class Throughput:
    """The bit rate at which packets arrived in the last half second of the peer's clock, or since they did before."""

    def __init__(self) -> None:
        #: Of each feedback when the last packet arrived, and how many bytes did; of the first only the time counts.
        self._feedbacks: deque[tuple[float, int]] = deque()
        self._octets = 0

    def add(self, bursts: Sequence[Burst]) -> None:
        """What a feedback told, at least one burst."""
        feedbacks, newest = self._feedbacks, bursts[-1][3] * TICK
        octets = sum([burst[5] for burst in bursts])
        if feedbacks:
            self._octets += octets
        feedbacks.append((newest, octets))
        while len(feedbacks) > 1 and (feedbacks[1][0] <= newest - WINDOW or self._is_useless(feedbacks[0][0], newest)):
            feedbacks.popleft()
            self._octets -= feedbacks[0][1]

    def _is_useless(self, first: float, newest: float) -> bool:
        return abs(newest - first) > LONGEST or len(self._feedbacks) > MAX_FEEDBACKS

    @property
    def bps(self) -> float | None:
        """None while less than half the window is known."""
        span = self._feedbacks[-1][0] - self._feedbacks[0][0] if self._feedbacks else 0.0
        return self._octets * 8 / span if span >= WINDOW / 2 else None


class Loss:
    """The part of the packets that were lost in the last second, by when they were told of."""

    def __init__(self) -> None:
        self._reports: deque[tuple[float, int, int]] = deque()
        self._lost = self._total = 0

    def add(self, lost: int, total: int, now: float) -> None:
        """So many of a feedback's packets were lost."""
        self._reports.append((now, lost, total))
        self._lost += lost
        self._total += total
        while self._reports[0][0] < now - LOSS_WINDOW:
            _, lost, total = self._reports.popleft()
            self._lost -= lost
            self._total -= total

    def clear(self) -> None:
        """Look only at what comes from now on: the rate has changed."""
        self._reports.clear()
        self._lost = self._total = 0

    @property
    def ratio(self) -> float:
        """0 while there is too little to tell."""
        return self._lost / self._total if self._total >= MIN_LOSS_SAMPLES else 0.0
