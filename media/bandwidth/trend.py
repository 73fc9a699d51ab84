"""Whether a queue grows on the way to a peer: the trend of one-way delay (draft-ietf-rmcat-gcc-02 §5). Pure.

Packets sent within 10 ms of each other count as one group, and its first packet is what is timed: the others wait for
each other, since nothing is paced here. Groups that come at one moment, each after a shorter time than the one before,
were waiting to be read and not on the way: the last of them stands for all. How much longer than its predecessor a
group took is added up, smoothed, and a line is laid through the last 20 values; its slope against a threshold that
adapts itself is the signal.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final

from media.dataplane.interface import BURST, TICK, Burst

#: What arrives so soon after another was read with it.
AT_ONCE: Final = 0.005
WINDOW: Final = 20
_SMOOTHING: Final = 0.9
_GAIN: Final = 4.0
_MAX_WEIGHT: Final = 60
_OVERUSE_FOR: Final = 0.01
_THRESHOLD_START, _THRESHOLD_LEAST, _THRESHOLD_MOST = 12.5, 6.0, 600.0
_RISE, _FALL = 0.0087, 0.039
#: A trend that is this far above the threshold is a jump of the path, not a queue: it does not raise the threshold.
_OUTLIER: Final = 15.0
#: After a silence as long as this the delays say nothing of each other.
_SILENCE: Final = 3.0
#: One point of 20 that is a quarter of a millisecond from the others, the least there is, spreads them twice as much.
_LEAST_SPREAD: Final = 0.5


class Usage(Enum):
    """What the delay says of the path."""

    NORMAL = "normal"
    OVERUSE = "overuse"
    UNDERUSE = "underuse"


def slope_of(points: Sequence[tuple[float, float]]) -> float | None:
    """Of the line of least squares through the points; None while all are at one x."""
    count = len(points)
    origin = points[0][0]
    xs, ys = [x - origin for x, _ in points], [y for _, y in points]
    x, y = sum(xs), sum(ys)
    below = count * sum([one * one for one in xs]) - x * x
    if below <= _LEAST_SPREAD:
        return None
    return (count * sum([one * other for one, other in zip(xs, ys, strict=True)]) - x * y) / below


class DelayTrend:
    """The delays of one peer. Times in seconds; the peer's clock may be any that goes evenly."""

    def __init__(self) -> None:
        self.usage = Usage.NORMAL
        self._threshold = _THRESHOLD_START
        self._points: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self.restart()

    def restart(self) -> None:
        """What comes next is not compared with what was before."""
        #: When the first packet of a group was sent, and when it arrived.
        self._group: tuple[float, float] | None = None
        self._previous: tuple[float, float] | None = None
        self._points.clear()
        self._delay = self._smoothed = 0.0
        self._count = 0
        self._slope = 0.0
        self._over_for = 0.0
        #: How much time of sending the points cover that were not judged yet.
        self._unjudged = 0.0
        self.usage = Usage.NORMAL

    def pass_over(self) -> None:
        """The next packet is not compared with the last one: between them something else filled the queue."""
        self._group = self._previous = None

    def add(self, bursts: Iterable[Burst]) -> None:
        """What a feedback told, in the order of sending."""
        for _, sent_at, ticks, _, _, _ in bursts:
            group, came = self._group, ticks * TICK
            if group is None:
                self._group = sent_at, came
            elif sent_at > group[0] + BURST:
                was_read_with_it = came - group[1] <= AT_ONCE and came - sent_at < group[1] - group[0]
                if not was_read_with_it:
                    self._finish(group)
                self._group = sent_at, came
        if self._unjudged and len(self._points) == WINDOW:
            slope = slope_of(self._points)
            self._judge(self._slope if slope is None else slope, self._unjudged)
            self._unjudged = 0.0

    def _finish(self, group: tuple[float, float]) -> None:
        previous, self._previous = self._previous, group
        if previous is None:
            return
        apart = group[0] - previous[0]
        longer = (group[1] - previous[1]) - apart
        if apart > _SILENCE or abs(longer) > _SILENCE:
            self.restart()
            return
        self._count += 1
        self._unjudged += apart
        self._delay += longer * 1000
        self._smoothed = _SMOOTHING * self._smoothed + (1 - _SMOOTHING) * self._delay
        self._points.append((group[1] * 1000, self._smoothed))

    def _judge(self, slope: float, apart: float) -> None:
        trend = min(self._count, _MAX_WEIGHT) * slope * _GAIN
        if trend > self._threshold:
            self._over_for += apart
            if self._over_for > _OVERUSE_FOR and slope >= self._slope:
                self.usage = Usage.OVERUSE
        else:
            self._over_for = 0.0
            self.usage = Usage.UNDERUSE if trend < -self._threshold else Usage.NORMAL
        self._slope = slope
        self._adapt(trend, apart)

    def _adapt(self, trend: float, apart: float) -> None:
        size = abs(trend)
        if size > self._threshold + _OUTLIER:
            return
        rate = _FALL if size < self._threshold else _RISE
        moved = self._threshold + rate * (size - self._threshold) * min(apart, 0.1) * 1000
        self._threshold = max(_THRESHOLD_LEAST, min(_THRESHOLD_MOST, moved))
