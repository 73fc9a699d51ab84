"""Probing with padding whether a path carries more than is sent. Pure.

A probe sends for three ticks at a rate above the known one. What arrives, and how fast, shows the capacity. After
success the next one comes at once, twice as high, until what is wanted is reached; after failure they come ever more
rarely.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from media.bandwidth.acknowledgement import Outcome
from media.dataplane.interface import SentPacket

DURATION: Final = 0.06
#: How far a probe goes beyond the known rate, at the start and later.
FIRST_FACTOR, FACTOR = 3.0, 2.0
#: What is wanted is probed with this reserve.
RESERVE: Final = 1.25
INTERVAL: Final = 4.0
LONGEST_INTERVAL: Final = 15.0
#: After the rate was lowered the path is left in peace for so long.
PEACE: Final = 3.0
_TIMEOUT: Final = 1.0
_MIN_PACKETS: Final = 5
_MIN_SHARE: Final = 0.8
_SUCCESS, _FREE = 0.9, 0.95
#: Arrivals in less time than this say nothing of the rate.
_LEAST_SPAN: Final = 0.001


@dataclass(slots=True)
class _Cluster:
    """One probe. Its packets are those sent in its time."""

    bps: float
    began_at: float
    ends_at: float
    sent_bytes: int = 0
    arrived: list[tuple[float, int]] = field(default_factory=list)
    lost: int = 0

    def covers(self, sent_at: float) -> bool:
        return self.began_at <= sent_at <= self.ends_at

    def measured(self) -> float | None:
        """The rate that the path carries, at most the probe's own; None if too little is known.

        Where it arrived more slowly than it was sent the path is full, and a little is left free.
        """
        if len(self.arrived) < _MIN_PACKETS or len(self.arrived) < _MIN_SHARE * (len(self.arrived) + self.lost):
            return None
        span = max(at for at, _ in self.arrived) - min(at for at, _ in self.arrived)
        size = sum(size for _, size in self.arrived) - self.arrived[0][1]
        arrived = size * 8 / max(span, _LEAST_SPAN)
        return self.bps if arrived >= self.bps * _SUCCESS else arrived * _FREE


class Prober:
    """The probes of one peer."""

    def __init__(self) -> None:
        self._cluster: _Cluster | None = None
        self._interval = INTERVAL
        self._next_at = 0.0
        self._factor = FIRST_FACTOR

    def covers(self, sent_at: float) -> bool:
        """Whether a packet sent then is part of the running probe."""
        return self._cluster is not None and self._cluster.covers(sent_at)

    def padding(self, rate: float, wanted: float, decreased_at: float | None, now: float) -> int:
        """Bytes of padding to send now, where ``rate`` is known to be possible and ``wanted`` would be used."""
        if self._cluster is None and wanted > rate and now >= self._next_at:
            if decreased_at is not None and now - decreased_at < PEACE:
                return 0
            target = min(rate * self._factor, wanted * RESERVE)
            self._cluster = _Cluster(target, now, now + DURATION)
        cluster = self._cluster
        if cluster is None:
            return 0
        if now > cluster.ends_at + _TIMEOUT:
            self._conclude(now, success=False)
            return 0
        due = cluster.bps * min(DURATION, now - cluster.began_at + DURATION / 3) / 8
        return max(0, int(due) - cluster.sent_bytes) if now <= cluster.ends_at else 0

    @property
    def is_probing(self) -> bool:
        return self._cluster is not None

    def sent(self, packets: Iterable[SentPacket]) -> None:
        """Something was sent, padding or not."""
        cluster = self._cluster
        if cluster is not None:
            cluster.sent_bytes += sum(size for _, size, sent_at in packets if cluster.covers(sent_at))

    def cancel(self, now: float) -> None:
        """Padding cannot be sent, or the path is full."""
        if self._cluster is not None:
            self._conclude(now, success=False)

    def observe(self, outcome: Outcome, now: float) -> float | None:
        """Take in a feedback; the rate that a probe has shown, once it is complete."""
        cluster = self._cluster
        if cluster is None:
            return None
        for (_, size, sent_at), arrived_at in zip(outcome.arrived, outcome.arrived_at, strict=True):
            if cluster.covers(sent_at):
                cluster.arrived.append((arrived_at, size))
        cluster.lost += sum(cluster.covers(sent_at) for _, _, sent_at in outcome.lost)
        is_over = any(sent_at > cluster.ends_at for _, _, sent_at in chain(outcome.arrived, outcome.lost))
        complete = sum(size for _, size in cluster.arrived) >= cluster.sent_bytes > 0
        if now <= cluster.ends_at or not (is_over or complete):
            return None
        measured = cluster.measured()
        self._conclude(now, success=measured == cluster.bps)
        return measured

    def _conclude(self, now: float, *, success: bool) -> None:
        self._cluster = None
        self._factor = FACTOR
        if success:
            self._interval, self._next_at = INTERVAL, now
        else:
            self._next_at = now + self._interval
            self._interval = min(LONGEST_INTERVAL, self._interval * 1.5)
