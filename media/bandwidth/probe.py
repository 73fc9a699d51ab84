"""Probing with padding whether a path carries more than is sent. Pure.

A probe sends for three ticks at a rate above the known one. What arrives, and how fast, shows the capacity. After
success the next one comes at once, twice as high, until what is wanted is reached; after failure they come ever more
rarely.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from media.dataplane.interface import TICK, Burst

DURATION: Final = 0.06
#: How far a probe goes beyond the known rate, at the start and later.
FIRST_FACTOR, FACTOR = 3.0, 2.0
#: What is wanted is probed with this reserve.
RESERVE: Final = 1.25
INTERVAL: Final = 4.0
LONGEST_INTERVAL: Final = 15.0
#: The next one waits for so long where it is not certain what was shown.
DOUBT: Final = 2.0
#: A probe that was not answered so long after its end is forgotten. Who reads late answers late.
TIMEOUT: Final = 2.0
_MIN_PACKETS: Final = 5
_MIN_SHARE: Final = 0.8
_SUCCESS, _FREE = 0.9, 0.95
#: Arrivals in less time than this say nothing of the rate.
_LEAST_SPAN: Final = 0.001
_OPEN: Final = 1 << 62

#: The last transport-wide number, and the bytes of all datagrams that had one.
Sent = Callable[[], tuple[int, int]]


@dataclass(slots=True)
class _Cluster:
    """One probe: what was sent under the numbers above ``after``, up to ``until`` as soon as its time is over."""

    bps: float
    began_at: float
    after: int
    octets_before: int
    until: int = _OPEN
    octets: int = 0
    arrived: list[Burst] = field(default_factory=list)

    @property
    def ends_at(self) -> float:
        return self.began_at + DURATION

    def close(self, number: int, octets: int) -> None:
        """The time is over; these are the counters of what was sent."""
        self.until, self.octets = number, octets - self.octets_before

    def measured(self) -> float | None:
        """The rate that the path carries, at most the probe's own; None if too little is known.

        Where it arrived more slowly than it was sent the path is full, and a little is left free.
        """
        packets = sum(burst[4] for burst in self.arrived)
        if packets < _MIN_PACKETS or packets < _MIN_SHARE * (self.until - self.after):
            return None
        arrived = _fastest_half(self.arrived)
        return self.bps if arrived >= self.bps * _SUCCESS else arrived * _FREE

    @property
    def was_read_as_it_came(self) -> bool:
        """Whether it took its time to arrive: what was read at one moment has hardly shown anything."""
        came = [burst[2] for burst in self.arrived]
        return (max(came) - min(came)) * TICK >= DURATION / 2


class Prober:
    """The probes of one peer."""

    def __init__(self) -> None:
        self._cluster: _Cluster | None = None
        self._interval = INTERVAL
        self._next_at = 0.0
        self._factor = FIRST_FACTOR

    @property
    def numbers(self) -> tuple[int, int]:
        """Above the first, up to the second are the numbers of the running probe; the same twice if there is none."""
        return (self._cluster.after, self._cluster.until) if self._cluster is not None else (0, 0)

    @property
    def is_idle(self) -> bool:
        """Whether no probe is running."""
        return self._cluster is None

    def padding(self, rate: float, wanted: float, sent: Sent, now: float) -> int:
        """Bytes of padding to send now, where ``rate`` is known to be possible and ``wanted`` would be used."""
        if self._cluster is None:
            if wanted <= rate or now < self._next_at:
                return 0
            self._cluster = _Cluster(min(rate * self._factor, wanted * RESERVE), now, *sent())
        cluster = self._cluster
        if now <= cluster.ends_at:
            due = cluster.bps * min(DURATION, now - cluster.began_at + DURATION / 3) / 8
            return max(0, int(due) - (sent()[1] - cluster.octets_before))
        if cluster.until == _OPEN:
            cluster.close(*sent())
        if now > cluster.ends_at + TIMEOUT:
            self._conclude(now, success=False)
        return 0

    def cancel(self, now: float) -> None:
        """Padding cannot be sent, or the path is full."""
        if self._cluster is not None:
            self._conclude(now, success=False)

    def observe(self, bursts: Sequence[Burst], highest: int, now: float) -> float | None:
        """Take in what arrived, and the highest number told of; what a probe has shown, once it is complete."""
        cluster = self._cluster
        if cluster is None:
            return None
        cluster.arrived += [burst for burst in bursts if cluster.after < burst[0] <= cluster.until]
        if cluster.until == _OPEN:
            return None
        if highest <= cluster.until and sum(burst[5] for burst in cluster.arrived) < cluster.octets:
            return None
        measured = cluster.measured()
        self._conclude(now, success=measured == cluster.bps)
        if measured == cluster.bps and not cluster.was_read_as_it_came:
            self._next_at = now + DOUBT
        return measured

    def _conclude(self, now: float, *, success: bool) -> None:
        self._cluster = None
        self._factor = FACTOR
        if success:
            self._interval, self._next_at = INTERVAL, now
        else:
            self._next_at = now + self._interval
            self._interval = min(LONGEST_INTERVAL, self._interval * 1.5)


def _fastest_half(bursts: Sequence[Burst]) -> float:
    """The highest rate at which half of the bytes or more arrived, one after the other, in bits per second.

    A reader that was held up once has the rest at one moment; through a full path all comes at the path's rate.
    """
    half, fastest = sum(burst[5] for burst in bursts) / 2, 0.0
    for start, (_, _, came, _, packets, first_octets) in enumerate(bursts):
        octets, ends_at = 0, came
        for burst in bursts[start:]:
            octets += burst[5]
            ends_at = max(ends_at, burst[3])
            if octets >= half:
                waited = octets - first_octets / packets
                fastest = max(fastest, waited * 8 / max((ends_at - came) * TICK, _LEAST_SPAN))
    return fastest
