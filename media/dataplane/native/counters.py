"""Statistics of the compiled data plane."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from media.dataplane.interface import ConsumerStatistics, PeerStatistics, ProducerStatistics, SourceStatistics
from media.dataplane.native.tables import NativeTables

_PEER_FIELDS: Final = tuple(PeerStatistics.__slots__)
_PRODUCER_FIELDS: Final = tuple(ProducerStatistics.__slots__)
_CONSUMER_FIELDS: Final = tuple(ConsumerStatistics.__slots__)


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
        into = self._ffi.new("struct peer_counters *")
        result = {}
        for key, peer in self._peers.items():
            self._lib.plane_peer_counters(self._plane, peer.handle, into)
            result[key] = PeerStatistics(*(getattr(into, name) for name in _PEER_FIELDS))
        return result

    def producer_stats(self) -> Mapping[str, ProducerStatistics]:
        into = self._ffi.new("struct producer_counters *")
        result = {}
        for key, producer in self._producers.items():
            self._lib.plane_producer_counters(self._plane, producer.handle, into)
            result[key] = ProducerStatistics(*(getattr(into, name) for name in _PRODUCER_FIELDS))
        return result

    def consumer_stats(self) -> Mapping[str, ConsumerStatistics]:
        into = self._ffi.new("struct consumer_counters *")
        result = {}
        for key, consumer in self._consumers.items():
            self._lib.plane_consumer_counters(self._plane, consumer.handle, into)
            result[key] = ConsumerStatistics(*(getattr(into, name) for name in _CONSUMER_FIELDS))
        return result

    def _source(self, one: Any) -> SourceStatistics:
        first, second, third, fourth = one.by_temporal
        octets = first + second + third + fourth
        producer = self._names[one.producer]
        layers = (first, second, third, fourth)
        return SourceStatistics(
            producer, one.encoding, bool(one.live), one.packets, octets, layers, one.width, one.height
        )
