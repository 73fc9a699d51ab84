"""What the hub is told every two seconds: rates of each transport, and what the relay as a whole has done."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any

from media.association import Association
from media.control.messages import RelayCounters, TransportState, TransportStatistics
from media.dataplane.interface import ConsumerStatistics, DataPlane, PeerStatistics, ProducerStatistics

_STATM = "/proc/self/statm"
_PAGE_BYTES = 4096


class Meter:
    """Turns counters into rates, from one call to the next."""

    def __init__(self) -> None:
        self._before: dict[str, PeerStatistics] = {}
        self._at: float | None = None

    def measure(
        self, peers: Mapping[str, Association], counters: Mapping[str, PeerStatistics], now: float
    ) -> dict[str, TransportStatistics]:
        """Rates of every connected transport and link since the last call."""
        elapsed = now - self._at if self._at is not None else 0.0
        result = {
            key: _rates(peers[key], counter, self._before.get(key, PeerStatistics()), elapsed)
            for key, counter in counters.items()
            if key in peers
        }
        self._before = {key: replace(counter) for key, counter in counters.items()}
        self._at = now
        return result


class Sums:
    """Sums over objects that come and go, each with counters of its own; ``kind`` is their dataclass of integers.

    What an object counted after the last call before its end is missing.
    """

    def __init__(self, kind: type) -> None:
        self._names = tuple(one.name for one in fields(kind))
        self._read: Callable[[Any], tuple[int, ...]] = attrgetter(*self._names)
        self._zero = (0,) * len(self._names)
        self._before: dict[str, tuple[int, ...]] = {}
        self._sums = list(self._zero)

    def add(self, counters: Mapping[str, object]) -> None:
        """Take in what was counted since the last call; an object whose counters fell has begun anew."""
        seen = {key: self._read(counter) for key, counter in counters.items()}
        for key, values in seen.items():
            before = self._before.get(key, self._zero)
            if values[0] < before[0]:
                before = self._zero
            for index, value in enumerate(values):
                self._sums[index] += max(0, value - before[index])
        self._before = seen

    @property
    def sums(self) -> dict[str, int]:
        """By the names of the counters. None ever falls, though one of an object may, as when a stream of it ends."""
        return dict(zip(self._names, self._sums, strict=True))


@dataclass(frozen=True, slots=True)
class States:
    """How the transports and the links are."""

    transports: Iterable[TransportState] = ()
    links: Iterable[TransportState] = ()


@dataclass(slots=True)
class RelayMeter:
    """Counts what a relay has done since its start."""

    _peers: Sums = field(default_factory=lambda: Sums(PeerStatistics))
    _producers: Sums = field(default_factory=lambda: Sums(ProducerStatistics))
    _consumers: Sums = field(default_factory=lambda: Sums(ConsumerStatistics))
    _lag: float = 0.0

    def note_lag(self, seconds: float) -> None:
        """By how much the clock's beat came late; the worst since the last report counts."""
        self._lag = max(self._lag, seconds)

    def measure(
        self, plane: DataPlane, states: States, dropped: Mapping[str, int], tcp_connections: int
    ) -> RelayCounters:
        """The counters as they stand."""
        producers, consumers = plane.producer_stats(), plane.consumer_stats()
        self._peers.add(plane.stats())
        self._producers.add(producers)
        self._consumers.add(consumers)
        of_producers, of_consumers = self._producers.sums, self._consumers.sums
        lag, self._lag = self._lag, 0.0
        return RelayCounters(
            **self._peers.sums,
            nacks_sent=of_producers["nacks"],
            nacks_received=of_consumers["nacks"],
            keyframe_requests_sent=of_producers["keyframe_requests"],
            keyframe_requests_received=of_consumers["keyframe_requests"],
            keyframes=of_producers["keyframes"],
            dropped=dict(dropped),
            transports=dict(Counter(states.transports)),
            links=dict(Counter(states.links)),
            producers=len(producers),
            consumers=len(consumers),
            tcp_connections=tcp_connections,
            cpu_seconds=round(time.process_time(), 3),
            memory_bytes=_memory_bytes(),
            tick_lag_seconds=round(lag, 4),
        )


def _memory_bytes() -> int:
    """What the process has in memory, 0 where the system does not say."""
    try:
        return int(_statm().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0


def _statm() -> bytes:
    """proc_pid_statm(5): made by the kernel when it is read, so that nothing waits for a disk."""
    file = os.open(_STATM, os.O_RDONLY)
    try:
        return os.pread(file, 128, 0)
    finally:
        os.close(file)


def _rates(
    transport: Association, counter: PeerStatistics, before: PeerStatistics, elapsed: float
) -> TransportStatistics:
    expected = counter.expected_in - before.expected_in
    lost = expected - (counter.received_in - before.received_in)
    per_second = 8 / elapsed if elapsed > 0 else 0.0
    return TransportStatistics(
        rtt_ms=None if transport.rtt is None else round(transport.rtt * 1000, 1),
        loss_in=round(min(1.0, max(0, lost) / expected), 4) if expected > 0 else 0.0,
        loss_out=round(transport.loss_out, 4),
        bitrate_in_bps=max(0, int((counter.bytes_in - before.bytes_in) * per_second)),
        bitrate_out_bps=max(0, int((counter.bytes_out - before.bytes_out) * per_second)),
        available_bps=transport.available_bps,
    )
