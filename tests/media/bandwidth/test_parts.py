"""The parts of the estimate."""

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.bandwidth.acknowledgement import MAX_IN_FLIGHT, MAX_LATE, TICK, Acknowledgements, Outcome
from media.bandwidth.probe import Prober
from media.bandwidth.rate import Capacity, RateControl
from media.bandwidth.throughput import MAX_ARRIVALS, Loss, Throughput
from media.bandwidth.trend import WINDOW, DelayTrend, Line, Usage
from media.dataplane.interface import SentPacket
from media.rtcp import TransportFeedback

NOTHING = Outcome([], [], [])


def packets(first: int, count: int) -> list[SentPacket]:
    return [(number, 100, number / 100) for number in range(first, first + count)]


def test_each_packet_is_acknowledged_once_and_may_come_after_it_was_lost() -> None:
    known = Acknowledgements()
    known.note(packets(65_530, 20))
    told = known.match(TransportFeedback(65_530, (0, None, 4, *[None] * 3)))
    assert [number for number, _, _ in told.arrived] == [65_530, 65_532]
    assert told.arrived_at == [0.0, 4 * TICK]
    assert [number for number, _, _ in told.lost] == [65_531, 65_533, 65_534, 65_535]
    assert known.match(TransportFeedback(65_530, (0, None, 4))) == NOTHING
    late = known.match(TransportFeedback(65_531, (8,)))
    assert (late.arrived, late.arrived_at, late.lost) == ([(65_531, 100, 655.31)], [8 * TICK], [])
    assert known.match(TransportFeedback(65_531, (8,))) == NOTHING
    assert [number for number, _, _ in known.match(TransportFeedback(0, (9, 9))).arrived] == [65_536, 65_537]
    assert known.match(TransportFeedback(500, (1, 2, None))) == NOTHING


def test_numbers_above_the_newest_are_of_the_round_before() -> None:
    known = Acknowledgements()
    known.note([*packets(10, 3), *packets(65_540, 5)])
    told = known.match(TransportFeedback(8, (1,) * 5))
    assert [number for number, _, _ in told.arrived] == [65_544, 10, 11, 12]
    assert known.match(TransportFeedback(9, (1,) * 5)) == NOTHING


def test_the_peers_clock_may_go_round() -> None:
    known = Acknowledgements()
    known.note(packets(1, 3))
    assert known.match(TransportFeedback(1, ((1 << 32) - 4, 4))).arrived_at == [0.0, 8 * TICK]


def test_what_nobody_acknowledges_is_given_up() -> None:
    known = Acknowledgements()
    known.note(packets(1, MAX_IN_FLIGHT + 10))
    assert known.match(TransportFeedback(1, (1,) * 10)) == NOTHING
    assert len(known.match(TransportFeedback(11, (None,) * (MAX_LATE + 5))).lost) == MAX_LATE + 5
    assert known.match(TransportFeedback(11, (1,) * 5)) == NOTHING


def usage(delays: list[float], apart: float = 0.02) -> Usage:
    trend = DelayTrend()
    for index, delay in enumerate(delays):
        sent_at = 10 + index * apart
        # The second is of the same group.
        trend.add((sent_at, sent_at + 0.001), (sent_at + delay, sent_at + 0.001 + delay * 2))
    return trend.usage


def test_a_growing_queue_is_noticed_and_a_shrinking_one_too() -> None:
    assert usage([0.05] * 60) is Usage.NORMAL
    assert usage([0.05] * 40 + [0.05 + 0.004 * step for step in range(30)]) is Usage.OVERUSE
    assert usage([0.3 - 0.004 * step for step in range(60)]) is Usage.UNDERUSE
    assert usage([0.05 + 0.003 * (step % 2) for step in range(200)]) is Usage.NORMAL


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 12_000), st.floats(-3000, 3000)), min_size=WINDOW, max_size=120))
def test_a_line_kept_in_sums_is_the_line_through_the_last_points(steps: list[tuple[int, float]]) -> None:
    line, at, points = Line(), 4e6, []
    for ticks, delay in steps:
        at += ticks
        points.append((at / 4, delay))
        line.add(*points[-1])
    last = points[-WINDOW:]
    if last[0][0] == last[-1][0]:
        assert line.slope is None
    else:
        expected = statistics.linear_regression([x for x, _ in last], [y for _, y in last]).slope
        assert line.slope == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_after_a_silence_or_a_jump_of_the_clock_nothing_is_compared() -> None:
    trend = DelayTrend()
    trend.add((1.0, 1.02, 9.0, 9.02, 9.04, 9.06), (1.1, 1.12, 9.5, 9.52, 900.0, 900.1))
    assert trend.usage is Usage.NORMAL


def test_arrivals_at_one_moment_are_not_collected_for_ever() -> None:
    throughput = Throughput()
    assert throughput.bps is None
    throughput.add([1.0] * (MAX_ARRIVALS + 100), [100] * (MAX_ARRIVALS + 100))
    assert throughput.bps is None
    throughput.add([1.4], [100])
    assert throughput.bps == MAX_ARRIVALS * 100 * 8 / 0.5
    throughput.add([], [])
    throughput.add([9.0], [100])
    assert throughput.bps is None


def test_loss_is_told_only_where_there_is_enough_to_tell() -> None:
    loss = Loss()
    loss.add(5, 10, 1.0)
    assert loss.ratio == 0
    loss.add(5, 10, 1.5)
    assert loss.ratio == 0.5
    loss.add(0, 30, 2.4)
    assert loss.ratio == 5 / 40
    loss.clear()
    assert loss.ratio == 0


def test_the_rate_falls_once_in_a_round_trip() -> None:
    rate = RateControl()
    assert rate.update(Usage.OVERUSE, 400_000, 0.0, 0.1, 1.0)
    assert rate.bps == 340_000
    assert not rate.update(Usage.OVERUSE, 300_000, 0.0, 0.1, 1.2)
    assert rate.update(Usage.OVERUSE, None, 0.0, 0.1, 1.4)
    assert rate.bps == 340_000 * 0.85
    assert rate.update(Usage.NORMAL, None, 0.5, 0.1, 2.0)
    assert not rate.update(Usage.NORMAL, None, 0.5, 0.1, 2.1)


def test_a_rate_above_the_known_capacity_makes_it_forgotten() -> None:
    capacity = Capacity()
    assert not capacity.is_near(1e6)
    for bps in (1e6, 1.02e6, 0.99e6):
        capacity.saw(bps)
    assert capacity.is_near(1e6)
    assert not capacity.is_near(0.5e6)
    assert not capacity.is_near(2e6)
    assert not capacity.is_near(1e6)


def test_a_probe_that_is_not_answered_ends_and_the_next_one_waits() -> None:
    prober = Prober()
    assert prober.padding(5e5, 2e6, None, 1.0) > 0
    assert prober.observe(NOTHING, 1.01) is None
    assert prober.padding(5e5, 2e6, None, 2.2) == 0
    assert prober.padding(5e5, 2e6, None, 2.3) == 0
    assert prober.padding(5e5, 2e6, 6.0, 6.3) == 0
    assert prober.padding(5e5, 2e6, None, 6.3) > 0
