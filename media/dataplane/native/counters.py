"""Statistics of the compiled data plane."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Protocol, TypeVar

from media.dataplane.interface import ConsumerStatistics, PeerStatistics, ProducerStatistics, SourceStatistics
from media.dataplane.native.tables import NativeTables

StatisticsT = TypeVar("StatisticsT", PeerStatistics, ProducerStatistics, ConsumerStatistics)


class Handled(Protocol):
    """What the C side knows by a handle."""

    @property
    def handle(self) -> Any:
        """Its place there."""


class NativeCounters(NativeTables):
    """See media.dataplane.interface.DataPlane."""

    def sources(self) -> Sequence[SourceStatistics]:
        if not self._producers:
            return []
        into = self._ffi.new("struct source_counters[]", 4 * len(self._producers))
        count = self._lib.plane_sources(self._plane, into, len(into))
        return [self._source(one) for one in into[0:count]]

    def dropped(self) -> Mapping[str, int]:
        into = self._ffi.new("struct socket_counters *")
        self._lib.plane_socket_counters(self._plane, into)
        return {"unknown_protocol": into.strange, "queue_full": into.dropped, "unsent": into.unsent}

    def stats(self) -> Mapping[str, PeerStatistics]:
        return self._counted(PeerStatistics, "struct peer_counters *", self._lib.plane_peer_counters, self._peers)

    def producer_stats(self) -> Mapping[str, ProducerStatistics]:
        read = self._lib.plane_producer_counters
        return self._counted(ProducerStatistics, "struct producer_counters *", read, self._producers)

    def consumer_stats(self) -> Mapping[str, ConsumerStatistics]:
        read = self._lib.plane_consumer_counters
        return self._counted(ConsumerStatistics, "struct consumer_counters *", read, self._consumers)

    def _counted(
        self, kind: type[StatisticsT], struct: str, read: Callable[..., None], objects: Mapping[str, Handled]
    ) -> dict[str, StatisticsT]:
        """What the C side counts of each object; its fields have the names of ours."""
        into, names, result = self._ffi.new(struct), [one.name for one in fields(kind)], {}
        for key, one in objects.items():
            read(self._plane, one.handle, into)
            result[key] = kind(*(getattr(into, name) for name in names))
        return result

    def _source(self, one: Any) -> SourceStatistics:
        first, second, third, fourth = one.by_temporal
        octets = first + second + third + fourth
        producer = self._names[one.producer]
        layers = (first, second, third, fourth)
        return SourceStatistics(
            producer, one.encoding, bool(one.live), one.packets, octets, layers, one.width, one.height
        )
