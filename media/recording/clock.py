"""From the RTP time of many senders to one wall clock. Pure; times are seconds.

A sender report says what the sender's own clock showed at an RTP time (RFC 3550 §6.4.1), so sound and picture of one
sender fit together whatever its clock says. How far that clock is from the recorder's is learned from the packets: the
one that was fastest on its way, within the last minute, tells it best.
"""

from collections import deque
from typing import Final

from media.rtp import timestamp_distance

BUCKET_S: Final = 10.0
BUCKETS: Final = 6
SLEW: Final = 0.05  # seconds of correction in a second
STEP_S: Final = 2.0  # a clock that is off by more was set
REMEMBERED: Final = 100  # packets that came before the first report


class SenderClock:
    """How one sender's clock stands to the recorder's. Its sources share it."""

    def __init__(self) -> None:
        self._buckets: list[tuple[float, float]] = []  # (since, smallest difference)
        self._applied: float | None = None
        self._applied_at = 0.0

    @property
    def known(self) -> bool:
        """Whether anything has arrived by which to tell."""
        return bool(self._buckets)

    def arrived(self, sender_s: float, arrival: float) -> None:
        """A packet that was due at ``sender_s`` on the sender's clock arrived."""
        difference = arrival - sender_s
        if self._buckets and abs(difference - self._best()) > STEP_S:
            self._buckets.clear()
        if not self._buckets or arrival - self._buckets[-1][0] >= BUCKET_S:
            self._buckets = [*self._buckets[1 - BUCKETS :], (arrival, difference)]
        elif difference < self._buckets[-1][1]:
            self._buckets[-1] = (self._buckets[-1][0], difference)

    def wall(self, sender_s: float) -> float:
        """When that was on the recorder's clock, once known. Corrections come slowly, but for a clock that was set."""
        target = self._best()
        if self._applied is None or abs(target - self._applied) > STEP_S:
            self._applied = target
        else:
            step = SLEW * max(0.0, sender_s - self._applied_at)
            self._applied += max(-step, min(step, target - self._applied))
        self._applied_at = sender_s
        return sender_s + self._applied

    def _best(self) -> float:
        return min(difference for _, difference in self._buckets)


class StreamClock:
    """The RTP time of one stream. Until a report came, the stream's own time is all that is known."""

    def __init__(self, rate: int, sender: SenderClock) -> None:
        self._rate = rate
        self._sender = sender
        self._alone = SenderClock()
        self._early: deque[tuple[int, float]] = deque(maxlen=REMEMBERED)
        self._report: tuple[float, int] | None = None
        self._extended: int | None = None

    @property
    def reported(self) -> bool:
        """Whether the stream is tied to its sender's clock."""
        return self._report is not None and self._sender.known

    def report(self, ntp: int, timestamp: int) -> None:
        """Take a sender report: the 64-bit NTP time of an RTP time. One of a sender without a clock says nothing."""
        if not ntp:
            return
        self._report = (ntp / 2**32, timestamp)
        while self._early:
            early, arrival = self._early.popleft()
            self._sender.arrived(self._sender_s(self._report, early), arrival)

    def arrived(self, timestamp: int, arrival: float) -> None:
        """A packet came."""
        own = self._own_s(timestamp)
        self._alone.arrived(own, arrival)
        if self._report is None:
            self._early.append((timestamp, arrival))
        else:
            self._sender.arrived(self._sender_s(self._report, timestamp), arrival)

    def wall(self, timestamp: int) -> float:
        """The recorder's time of an RTP time."""
        if self._report is None or not self._sender.known:
            return self._alone.wall(self._own_s(timestamp))
        return self._sender.wall(self._sender_s(self._report, timestamp))

    def _sender_s(self, report: tuple[float, int], timestamp: int) -> float:
        return report[0] + timestamp_distance(timestamp, report[1]) / self._rate

    def _own_s(self, timestamp: int) -> float:
        if self._extended is None:
            self._extended = timestamp
        else:
            self._extended += timestamp_distance(timestamp, self._extended & 0xFFFF_FFFF)
        return self._extended / self._rate
