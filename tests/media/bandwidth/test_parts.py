"""The parts of the estimate."""

import random
from collections import defaultdict
from collections.abc import Iterator

import pytest

from media.bandwidth.probe import Prober
from media.bandwidth.queue import Queue
from media.bandwidth.rate import LEAST_WITHOUT_LOSS, Capacity, RateControl
from media.bandwidth.throughput import MAX_FEEDBACKS, Loss, Throughput
from media.bandwidth.trend import DelayTrend, Usage
from media.dataplane.interface import TICK, Burst


def burst(sent_at: float, came: float, number: int = 1, packets: int = 1, octets: int = 100) -> Burst:
    return number, sent_at, round(came / TICK), round(came / TICK), packets, octets


def usage(delays: list[float], apart: float = 0.02) -> Usage:
    trend = DelayTrend()
    for index, delay in enumerate(delays):
        sent_at = 10 + index * apart
        # The second is of the same group.
        trend.add([burst(sent_at, sent_at + delay), burst(sent_at + 0.001, sent_at + 0.001 + delay * 2)])
    return trend.usage


def test_a_growing_queue_is_noticed_and_a_shrinking_one_too() -> None:
    assert usage([0.05] * 60) is Usage.NORMAL
    assert usage([0.05] * 40 + [0.05 + 0.004 * step for step in range(30)]) is Usage.OVERUSE
    assert usage([0.3 - 0.004 * step for step in range(60)]) is Usage.UNDERUSE
    assert usage([0.05 + 0.003 * (step % 2) for step in range(200)]) is Usage.NORMAL


def test_after_a_silence_or_a_jump_of_the_clock_nothing_is_compared() -> None:
    trend = DelayTrend()
    for sent_at, came in ((1.0, 1.1), (1.02, 1.12), (9.0, 9.5), (9.02, 9.52), (9.04, 900.0), (9.06, 900.1)):
        trend.add([burst(sent_at, came)])
    assert trend.usage is Usage.NORMAL


def late(seed: int, sleep: float) -> Iterator[list[Burst]]:
    """Packets every 20 ms, read by somebody who sleeps up to so long and then reads all that came."""
    chance, read_at, reads = random.Random(seed), 0.0, defaultdict(list)
    for step in range(1000):
        sent_at = step * 0.02
        while read_at < sent_at + 0.01:
            read_at += chance.uniform(0.01, sleep)
        reads[read_at].append(burst(sent_at, read_at))
    yield from reads.values()


@pytest.mark.parametrize("sleep", [0.1, 0.4, 0.8])
def test_who_reads_late_has_no_queue(sleep: float) -> None:
    for seed in range(5):
        queue, most = Queue(), 0.0
        for read in late(seed, sleep):
            queue.add(read)
            most = max(most, queue.standing)
        assert most < 0.05


def test_a_queue_is_what_nobody_comes_around() -> None:
    queue = Queue()
    for step in range(50):
        queue.add([burst(step * 0.02, step * 0.02 + 5 + 0.002 * step)])
    assert queue.standing == pytest.approx(0.06, abs=0.003)  # as it was 0.4 s ago
    queue.add([burst(1.0, 6.04)])
    assert queue.standing == pytest.approx(0.04)
    queue.add([burst(20.0, 90.0)])  # another clock
    assert queue.standing == 0


def test_a_path_that_became_longer_has_no_queue_in_the_end() -> None:
    queue = Queue()
    for step in range(2000):
        queue.add([burst(step * 0.02, step * 0.02 + (0.1 if step < 100 else 0.3))])
    assert queue.standing == 0


def test_arrivals_at_one_moment_are_not_collected_for_ever() -> None:
    throughput = Throughput()
    assert throughput.bps is None
    for _ in range(MAX_FEEDBACKS + 100):
        throughput.add([burst(1.0, 1.0)])
    assert throughput.bps is None
    throughput.add([burst(1.3, 1.4)])
    assert throughput.bps == pytest.approx((MAX_FEEDBACKS - 1) * 100 * 8 / 0.4)
    throughput.add([burst(9.0, 9.0)])
    assert throughput.bps is None


def test_what_is_read_now_and_then_has_arrived_since_the_last_time() -> None:
    throughput = Throughput()
    for moment in (1.0, 1.8, 2.6):
        for _ in range(40):
            throughput.add([burst(moment, moment)])
    assert throughput.bps == pytest.approx(40 * 100 * 8 / 0.8)


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


def test_without_loss_there_is_always_room_for_small_pictures() -> None:
    rate = RateControl()
    for second in range(20):
        rate.update(Usage.OVERUSE, 30_000, 0.0, 0.1, second)
        rate.starve(0.0, second + 0.5)
    assert rate.bps == LEAST_WITHOUT_LOSS
    rate.update(Usage.OVERUSE, 100_000, 0.05, 0.1, 30.0)
    assert rate.bps == 85_000
    rate.starve(0.0, 40.0)
    assert rate.bps == 85_000


def test_silence_that_cost_nothing_is_forgotten() -> None:
    rate = RateControl()
    rate.set(2e6)
    for second in range(3):
        rate.starve(0.0, second)
    rate.end_silence(waits=True, lost=False)
    rate.end_silence(waits=False, lost=False)
    assert rate.bps == pytest.approx(2e6 * 0.8**3)
    rate.starve(0.0, 5.0)
    rate.end_silence(waits=False, lost=False)
    assert rate.bps == pytest.approx(2e6 * 0.8**3)


def test_a_rate_above_the_known_capacity_makes_it_forgotten() -> None:
    capacity = Capacity()
    assert not capacity.is_near(1e6)
    for bps in (1e6, 1.02e6, 0.99e6):
        capacity.saw(bps)
    assert capacity.is_near(1e6)
    assert not capacity.is_near(0.5e6)
    assert not capacity.is_near(2e6)
    assert not capacity.is_near(1e6)


class Probed:
    """A prober, and what was sent since it began: padding in three ticks, packets of 250 bytes."""

    def __init__(self) -> None:
        self.prober = Prober()
        self.sent = (0, 0)
        self.packets: list[tuple[int, float]] = []

    def send(self, rate: float, wanted: float, now: float) -> None:
        for step in range(5):
            at = now + 0.02 * step
            for _ in range(-(-self.prober.padding(rate, wanted, lambda: self.sent, at) // 250)):
                self.sent = self.sent[0] + 1, self.sent[1] + 250
                self.packets.append((self.sent[0], at))

    def answer(self, came: list[float], now: float) -> float | None:
        arrivals = [burst(at, when, number, 1, 250) for (number, at), when in zip(self.packets, came, strict=True)]
        return self.prober.observe(arrivals, self.sent[0], now)


def test_a_probe_shows_the_rate_at_which_it_was_sent_or_that_of_the_path() -> None:
    fast = Probed()
    fast.send(5e5, 4e6, 1.0)
    assert fast.sent[1] == pytest.approx(1.5e6 * 0.06 / 8, abs=750)
    assert fast.prober.numbers == (0, fast.sent[0])
    assert fast.answer([at + 0.03 for _, at in fast.packets], 1.2) == 1.5e6
    fast.send(1.5e6, 4e6, 1.22)
    assert fast.prober.numbers[0] > 0
    slow = Probed()
    slow.send(5e5, 4e6, 1.0)
    shown = slow.answer([1.03 + 0.0025 * index for index in range(len(slow.packets))], 1.2)
    assert shown == pytest.approx(8e5 * 0.95, rel=0.05)
    assert slow.prober.numbers == (0, 0)


def test_a_probe_that_was_held_up_once_is_measured_by_the_rest_and_the_next_one_waits() -> None:
    probed = Probed()
    probed.send(5e5, 4e6, 1.0)
    assert probed.answer([1.3] * len(probed.packets), 1.4) == 1.5e6
    probed.packets.clear()
    probed.send(1.5e6, 4e6, 1.5)
    assert probed.packets == []
    probed.send(1.5e6, 4e6, 3.5)
    assert probed.packets != []


def test_a_probe_that_is_not_answered_ends_and_the_next_one_waits() -> None:
    probed = Probed()
    probed.send(5e5, 2e6, 1.0)
    assert probed.prober.observe([], 0, 1.1) is None
    probed.packets.clear()
    probed.send(5e5, 2e6, 3.2)
    probed.send(5e5, 2e6, 6.0)
    assert probed.packets == []
    probed.send(5e5, 2e6, 7.3)
    assert probed.packets != []
