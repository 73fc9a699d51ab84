"""Whether a queue grows on the way to a peer: the trend of one-way delay (draft-ietf-rmcat-gcc-02 §5). Pure.

Packets sent within 5 ms of each other count as one group, and its first packet is what is timed: the others wait for
each other, since nothing is paced here. How much longer than its predecessor a group took is added up, smoothed, and a
line is laid through the last 20 values; its slope against a threshold that adapts itself is the signal.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from enum import Enum
from typing import Final

BURST: Final = 0.005
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


class Line:
    """The line of least squares through the last 20 points, kept in sums that each new point changes.

    They are of x as counted from a point that is at most 40 points ago, and summed up anew after every 20, so that no
    error of rounding lasts.
    """

    __slots__ = ("_added", "_origin", "_points", "_x", "_xx", "_xy", "_y")

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque()
        self.clear()

    def clear(self) -> None:
        """No points."""
        self._points.clear()
        self._added = 0
        self._origin = self._x = self._y = self._xx = self._xy = 0.0

    def add(self, x: float, y: float) -> None:
        """A point, and no more the one before the last 20."""
        points = self._points
        if self._added % WINDOW == 0:
            self._sum_up(x)
        points.append((x, y))
        self._added += 1
        x -= self._origin
        gone_x, gone_y = 0.0, 0.0
        if len(points) > WINDOW:
            gone_x, gone_y = points.popleft()
            gone_x -= self._origin
        self._x += x - gone_x
        self._y += y - gone_y
        self._xx += x * x - gone_x * gone_x
        self._xy += x * y - gone_x * gone_y

    @property
    def is_full(self) -> bool:
        """Whether there are 20 points."""
        return len(self._points) == WINDOW

    @property
    def slope(self) -> float | None:
        """None while all points are at one x."""
        count = len(self._points)
        below = count * self._xx - self._x * self._x
        return (count * self._xy - self._x * self._y) / below if below > _LEAST_SPREAD else None

    def _sum_up(self, first: float) -> None:
        """Begin the sums anew; ``first`` is where they are counted from if there are no points."""
        self._origin = origin = self._points[0][0] if self._points else first
        self._x = sum([x - origin for x, _ in self._points])
        self._y = sum([y for _, y in self._points])
        self._xx = sum([(x - origin) ** 2 for x, _ in self._points])
        self._xy = sum([(x - origin) * y for x, y in self._points])


class DelayTrend:
    """The delays of one peer. Times in seconds; the peer's clock may be any that goes evenly."""

    def __init__(self) -> None:
        self.usage = Usage.NORMAL
        self._threshold = _THRESHOLD_START
        self._line = Line()
        self.restart()

    def restart(self) -> None:
        """What comes next is not compared with what was before."""
        #: When the first packet of a group was sent, and when it arrived.
        self._group: tuple[float, float] | None = None
        self._previous: tuple[float, float] | None = None
        self._line.clear()
        self._delay = self._smoothed = 0.0
        self._count = 0
        self._slope = 0.0
        self._over_for = 0.0
        self._over_count = 0
        self.usage = Usage.NORMAL

    def pass_over(self) -> None:
        """The next packet is not compared with the last one: between them something else filled the queue."""
        self._group = self._previous = None

    def add(self, sent_at: Sequence[float], arrived_at: Sequence[float]) -> None:
        """Packets arrived, given in the order of sending."""
        first = 0 if self._group is None else bisect_right(sent_at, self._group[0] + BURST)
        while first < len(sent_at):
            if self._group is not None:
                self._finish(self._group)
            self._group = sent_at[first], arrived_at[first]
            first = bisect_right(sent_at, sent_at[first] + BURST, first + 1)

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
        self._delay += longer * 1000
        self._smoothed = _SMOOTHING * self._smoothed + (1 - _SMOOTHING) * self._delay
        self._line.add(group[1] * 1000, self._smoothed)
        if self._line.is_full:
            slope = self._line.slope
            self._judge(self._slope if slope is None else slope, apart)

    def _judge(self, slope: float, apart: float) -> None:
        trend = min(self._count, _MAX_WEIGHT) * slope * _GAIN
        if trend > self._threshold:
            self._over_for += apart
            self._over_count += 1
            if self._over_for > _OVERUSE_FOR and self._over_count > 1 and slope >= self._slope:
                self.usage = Usage.OVERUSE
        else:
            self._over_for = 0.0
            self._over_count = 0
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
