"""Rates of layers, from counters."""

from media.dataplane.interface import SourceStatistics
from media.rates import OVERHEAD, SourceRates


def counters(packets: int, octets: tuple[int, int, int, int], *, live: bool = True) -> SourceStatistics:
    return SourceStatistics("camera", 1, live, packets, sum(octets), octets, 640, 360)


def test_rates_are_averages_of_what_came_and_stay_when_nothing_comes() -> None:
    rates = SourceRates()
    rates.measure([counters(0, (0, 0, 0, 0))], 1.0)
    rates.measure([counters(10, (6000, 2000, 2000, 0))], 2.0)
    whole = 8 * (10_000 + 10 * OVERHEAD)
    [layer] = rates.of("camera").values()
    assert sum(layer.by_temporal) == whole
    rates.measure([counters(30, (18_000, 6000, 6000, 0))], 3.0)
    [layer] = rates.of("camera").values()
    assert sum(layer.by_temporal) == whole * 1.3
    rates.measure([counters(30, (18_000, 6000, 6000, 0), live=False)], 4.0)
    table, heights = rates.table("camera", 3)
    assert [int(bps) for bps in table[1]] == [int(bps) for bps in layer.by_temporal]
    assert heights == [0, 360, 720]
    assert not layer.live
    rates.measure([], 5.0)
    assert rates.of("camera") == {}


def test_what_does_not_come_now_takes_twice_what_the_encoding_below_it_does_at_least() -> None:
    rates = SourceRates()
    for now, packets, live in ((1.0, 1, True), (2.0, 2, True), (3.0, 2, False)):
        low = SourceStatistics("camera", 0, True, int(now) * 10, int(now) * 5000, (int(now) * 5000, 0, 0, 0), 320, 180)
        high = SourceStatistics("camera", 1, live, packets, packets * 1000, (packets * 1000, 0, 0, 0), 640, 360)
        rates.measure([low, high], now)
        (smaller, larger), _ = rates.table("camera", 2)
        if now == 2.0:
            assert sum(larger) < sum(smaller), "while it comes it is what it is"
    assert sum(larger) == 2 * sum(smaller)


def test_what_was_never_measured_is_assumed_by_its_size_or_its_place() -> None:
    rates = SourceRates()
    table, heights = rates.table("nobody", 3)
    assert heights == [180, 360, 720]
    assert rates.table("nobody", 1)[1] == [0]
    assert [sum(layers) for layers in table] == [120_000, 450_000, 1_500_000]
    rates.measure([counters(0, (0, 0, 0, 0))], 1.0)
    table, _ = rates.table("camera", 2)
    assert sum(table[1]) in range(388_000, 389_000)
