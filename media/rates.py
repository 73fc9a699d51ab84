"""How much each layer of each source takes, on average over some seconds. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from media.dataplane.interface import SourceStatistics

#: Bytes of a datagram beside the payload: RTP with its extensions, and the SRTP tag. UDP and IP are in no estimate.
OVERHEAD: Final = 48
#: How much a new measurement counts.
_WEIGHT: Final = 0.3
#: Assumed of what was never measured: bits per second for each line of the picture, squared; and without a size by
#: place.
_PER_SQUARED_LINE: Final = 3
#: Of the lowest encoding little is assumed: it is measured within a second, and better sent than not.
_BY_PLACE: Final = (120_000, 450_000, 1_500_000, 3_000_000)
_SMALLEST: Final = 180
_TEMPORAL_SHARE: Final = (0.4, 0.2, 0.4, 0.0)
#: An encoding that does not come now takes at least so many times what the one below it does: it was perhaps measured
#: when it had just begun.
_LEAST_RATIO: Final = 2


@dataclass(slots=True)
class LayerRates:
    """One encoding. ``by_temporal`` are bits per second, empty until they were measured."""

    live: bool = False
    height: int = 0
    by_temporal: list[float] = field(default_factory=list)
    _octets: tuple[int, ...] = (0, 0, 0, 0)
    _packets: int = 0
    _at: float | None = None

    def measure(self, counters: SourceStatistics, now: float) -> None:
        """Take in the counters; what sent nothing keeps the rate it had."""
        self.live, self.height = counters.live, counters.height
        elapsed = now - self._at if self._at is not None else 0.0
        packets = counters.packets - self._packets
        before, self._octets = self._octets, counters.octets_by_temporal
        self._packets, self._at = counters.packets, now
        if elapsed <= 0 or packets <= 0:
            return
        octets = [max(0, new - old) for new, old in zip(self._octets, before, strict=True)]
        share = 1 + packets * OVERHEAD / max(1, sum(octets))
        measured = [8 * share * count / elapsed for count in octets]
        if not self.by_temporal:
            self.by_temporal = measured
            return
        self.by_temporal = [old + _WEIGHT * (new - old) for new, old in zip(measured, self.by_temporal, strict=True)]

    def rates(self, place: int) -> list[int]:
        """Measured or, where nothing was, assumed; ``place`` is 0 for the lowest encoding of its source."""
        if self.by_temporal:
            return [int(bps) for bps in self.by_temporal]
        squared = self.height * self.height if place else 0
        total = squared * _PER_SQUARED_LINE or _BY_PLACE[place]
        return [int(total * share) for share in _TEMPORAL_SHARE]


def _heights(layers: Sequence[LayerRates]) -> list[int]:
    """Those that were seen; of others twice the height of the next lower one, as browsers are told to make them.

    Where none was seen the lowest of several encodings is taken for the smallest picture that pages send.
    """
    if len(layers) > 1 and not any(layer.height for layer in layers):
        return [_SMALLEST << index for index in range(len(layers))]
    heights: list[int] = []
    for layer in layers:
        heights.append(layer.height or (2 * heights[-1] if heights else 0))
    return heights


class SourceRates:
    """All encodings of all sources."""

    def __init__(self) -> None:
        self._sources: dict[str, dict[int, LayerRates]] = {}

    def measure(self, counters: Iterable[SourceStatistics], now: float) -> None:
        """Take in the counters of all sources; those that are no more are forgotten."""
        sources: dict[str, dict[int, LayerRates]] = {}
        for one in counters:
            layer = self._sources.get(one.producer, {}).get(one.encoding) or LayerRates()
            layer.measure(one, now)
            sources.setdefault(one.producer, {})[one.encoding] = layer
        self._sources = sources

    def of(self, producer: str) -> dict[int, LayerRates]:
        """The encodings that were seen of a source."""
        return self._sources.get(producer, {})

    def table(self, producer: str, encodings: int) -> tuple[Sequence[Sequence[int]], Sequence[int]]:
        """Rates by encoding and temporal layer, and heights, for so many encodings."""
        layers = [self.of(producer).get(index) or LayerRates() for index in range(encodings)]
        rates: list[Sequence[int]] = []
        for index, layer in enumerate(layers):
            own = layer.rates(index)
            below = rates[-1] if index and layers[index - 1].by_temporal else ()
            least = own if layer.live else [_LEAST_RATIO * bps for bps in below]
            rates.append(max(own, least, key=sum))
        return rates, _heights(layers)
