"""What the hub is told of each transport every two seconds."""

from collections.abc import Mapping
from dataclasses import replace

from media.control.messages import TransportStatistics
from media.dataplane.interface import PeerStatistics
from media.transport import Transport


class Meter:
    """Turns counters into rates, from one call to the next."""

    def __init__(self) -> None:
        self._before: dict[str, PeerStatistics] = {}
        self._at: float | None = None

    def measure(
        self, transports: Mapping[str, Transport], counters: Mapping[str, PeerStatistics], now: float
    ) -> dict[str, TransportStatistics]:
        """Rates of every connected transport since the last call."""
        elapsed = now - self._at if self._at is not None else 0.0
        result = {
            key: _rates(transports[key], counter, self._before.get(key, PeerStatistics()), elapsed)
            for key, counter in counters.items()
            if key in transports
        }
        self._before = {key: replace(counter) for key, counter in counters.items()}
        self._at = now
        return result


def _rates(
    transport: Transport, counter: PeerStatistics, before: PeerStatistics, elapsed: float
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
