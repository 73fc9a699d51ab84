"""What a relay reports of itself."""

from collections.abc import Mapping
from dataclasses import fields
from typing import cast

from media.control.messages import RelayCounters
from media.dataplane.interface import ConsumerStatistics, DataPlane, PeerStatistics, ProducerStatistics
from media.statistics import RelayMeter, States, Sums


class Plane:
    """The counters of a data plane, and nothing else of it."""

    def __init__(self) -> None:
        self.peers: dict[str, PeerStatistics] = {}
        self.producers: dict[str, ProducerStatistics] = {}
        self.consumers: dict[str, ConsumerStatistics] = {}

    def stats(self) -> Mapping[str, PeerStatistics]:
        return self.peers

    def producer_stats(self) -> Mapping[str, ProducerStatistics]:
        return self.producers

    def consumer_stats(self) -> Mapping[str, ConsumerStatistics]:
        return self.consumers


def measure(meter: RelayMeter, plane: Plane) -> RelayCounters:
    states = States(["connected", "connected", "new"], ["failed"])
    return meter.measure(cast(DataPlane, plane), states, {"unknown_protocol": 1}, 3)


def test_sums_go_on_when_what_they_count_is_gone_and_comes_back() -> None:
    sums = Sums(PeerStatistics)
    peer = PeerStatistics(packets_in=10, expected_in=9)
    sums.add({"a": peer, "b": PeerStatistics(packets_in=5)})
    peer.packets_in, peer.expected_in = 12, 4  # a stream of it has ended
    sums.add({"a": peer})
    sums.add({"a": PeerStatistics(packets_in=1, expected_in=1), "b": PeerStatistics(packets_in=2)})
    assert (sums.sums["packets_in"], sums.sums["expected_in"]) == (20, 10)


def test_a_relay_counts_all_that_its_data_plane_counts() -> None:
    plane, meter = Plane(), RelayMeter()
    plane.peers["p"] = PeerStatistics(**{one.name: 3 for one in fields(PeerStatistics)})
    plane.producers["v"] = ProducerStatistics(packets=4, nacks=5, keyframe_requests=6, keyframes=7)
    plane.consumers["c"] = ConsumerStatistics(packets=8, nacks=9, keyframe_requests=10)
    found = measure(meter, plane)
    assert all(getattr(found, one.name) == 3 for one in fields(PeerStatistics))
    assert (found.nacks_sent, found.keyframe_requests_sent, found.keyframes) == (5, 6, 7)
    assert (found.nacks_received, found.keyframe_requests_received) == (9, 10)
    assert (found.producers, found.consumers, found.tcp_connections) == (1, 1, 3)
    assert (found.transports, found.links) == ({"connected": 2, "new": 1}, {"failed": 1})
    assert found.dropped == {"unknown_protocol": 1}
    assert found.memory_bytes > 2**20
    plane.peers.clear()
    assert measure(meter, plane).packets_in == 3


def test_the_worst_delay_of_the_clock_is_told_once() -> None:
    plane, meter = Plane(), RelayMeter()
    meter.note_lag(0.2)
    meter.note_lag(0.1)
    assert measure(meter, plane).tick_lag_seconds == 0.2
    assert measure(meter, plane).tick_lag_seconds == 0
