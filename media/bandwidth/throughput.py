"""How much arrives, and what part is lost. Pure."""

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from typing import Final

WINDOW: Final = 0.5
MAX_ARRIVALS: Final = 8192
LOSS_WINDOW: Final = 1.0
MIN_LOSS_SAMPLES: Final = 20


class Throughput:
    """The bit rate at which packets arrived in the last half second of the peer's clock."""

    def __init__(self) -> None:
        #: Times and sizes of each feedback; the first packets of the first are gone already.
        self._batches: deque[tuple[Sequence[float], Sequence[int]]] = deque()
        self._gone = 0
        self._count = self._bytes = 0

    def add(self, arrived_at: Sequence[float], sizes: Sequence[int]) -> None:
        """Packets arrived, so many bytes each."""
        if not arrived_at:
            return
        self._batches.append((arrived_at, sizes))
        self._count += len(sizes)
        self._bytes += sum(sizes)
        while self._drop_first(arrived_at[-1]):
            pass

    def _drop_first(self, newest: float) -> bool:
        """Drop what is too old, or too much, of the first batch; whether it was all of it."""
        times, sizes = self._batches[0]
        is_past = times[-1] < newest - WINDOW or times[self._gone] > newest + WINDOW
        until = len(times) if is_past else bisect_left(times, newest - WINDOW, self._gone)
        until = max(until, min(len(times), self._gone + self._count - MAX_ARRIVALS))
        self._count -= until - self._gone
        self._bytes -= sum(sizes[self._gone : until])
        if until < len(times):
            self._gone = until
            return False
        self._batches.popleft()
        self._gone = 0
        return bool(self._batches)

    @property
    def bps(self) -> float | None:
        """None while less than half the window is known."""
        if self._count < 2:
            return None
        span = self._batches[-1][0][-1] - self._batches[0][0][self._gone]
        return self._bytes * 8 / max(WINDOW, span) if span >= WINDOW / 2 else None


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
