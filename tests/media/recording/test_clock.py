"""One wall clock for senders whose clocks are wrong."""

import random

import pytest

from media.recording.clock import SenderClock, StreamClock

RATE = 48_000
NTP = 2_208_988_800


def ntp(seconds: float) -> int:
    return int((seconds + NTP) * 2**32)


@pytest.mark.parametrize("skew", [0.0, 3600.0, -1e8])
def test_a_clock_that_is_wrong_is_told_by_the_fastest_packet(skew: float) -> None:
    sender, rng = SenderClock(), random.Random(1)
    stream = StreamClock(RATE, sender)
    for number in range(100):
        sent = 1000 + number * 0.02
        stream.arrived(number * 960, sent + 0.01 + rng.expovariate(20))
        if number == 50:
            assert not stream.reported
            stream.report(ntp(1001.0 + skew), 50 * 960)
    assert stream.reported
    assert stream.wall(99 * 960) == pytest.approx(1000 + 99 * 0.02 + 0.01, abs=0.015)


def test_without_reports_the_stream_keeps_its_own_time() -> None:
    stream = StreamClock(RATE, SenderClock())
    start = 2**32 - 960  # it wraps
    for number in range(10):
        stream.arrived((start + number * 960) % 2**32, 500 + number * 0.02)
    stream.report(0, 5)
    assert not stream.reported
    walls = [stream.wall((start + number * 960) % 2**32) for number in range(10)]
    assert walls == pytest.approx([500 + number * 0.02 for number in range(10)], abs=1e-6)


def test_drift_is_followed_slowly_and_a_clock_that_was_set_at_once() -> None:
    sender = SenderClock()
    sender.arrived(0.0, 100.0)
    assert sender.wall(0.0) == 100.0
    for second in range(1, 120):
        sender.arrived(second, 100.0 + second * 1.001)
        before, after = sender.wall(second), sender.wall(second + 0.5)
        assert 0.47 < after - before < 0.53
    assert sender.wall(120.0) == pytest.approx(220.06, abs=0.07)
    sender.arrived(121.0 - 3600, 221.12)
    assert sender.wall(121.0 - 3600) == pytest.approx(221.12, abs=0.01)
