"""The estimate on a virtual link."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.bandwidth.estimator import BandwidthEstimator
from media.bandwidth.rate import LEAST_WITHOUT_LOSS, MAX_BPS, MIN_BPS, START_BPS
from media.dataplane.interface import Acknowledged, Burst
from tests.media.bandwidth.bottleneck import Bottleneck


def follow(link: Bottleneck, seconds: float) -> list[int]:
    """Send nine tenths of the estimate, but not more than is wanted; the estimates on the way."""
    estimates = []
    end = link.now + seconds
    while link.now < end:
        link.run(0.2, max(0.0, min(link.wanted, link.bps * 0.9) - 40_000))
        estimates.append(link.bps)
    return estimates


def nothing_sent() -> tuple[int, int]:
    return 0, 0


def begun(capacity: float, **changes: float) -> Bottleneck:
    link = Bottleneck(capacity, **changes)  # type: ignore[arg-type]
    link.run(0.2, 300_000)
    assert link.bps == START_BPS
    return link


def test_a_megabit_is_found_within_five_seconds_and_not_overshot() -> None:
    link = begun(1e6)
    assert max(follow(link, 4.8)) > 850_000
    later = follow(link, 20)
    assert min(later) > 600_000
    assert max(later) < 1_300_000
    assert link.lost == 0


def test_a_fast_link_gets_what_is_wanted_within_two_seconds() -> None:
    link = begun(50e6)
    assert max(follow(link, 2)) >= 3_000_000
    assert link.lost == 0


def test_a_collapse_is_followed_within_two_seconds_and_left_again() -> None:
    link = begun(1e6)
    follow(link, 6)
    link.capacity = 300_000
    follow(link, 2)
    assert link.bps < 300_000
    lost = link.lost
    follow(link, 4)
    assert link.lost == lost
    link.capacity = 1e6
    assert max(follow(link, 8)) > 800_000


def test_a_queue_that_overflows_is_given_time_to_run_empty() -> None:
    """Otherwise sound, which nobody holds back, waits and is lost in it with everything else."""
    path = Bottleneck(capacity=2e6, wanted=2e6)
    path.run(5.0, 1e6)
    path.capacity = 300_000
    path.run(1.0, 1e6)
    estimator = path.estimator
    available = estimator.available_bps(path.now)
    assert estimator.queue_s > 0.2
    assert available is not None
    assert available < 0.85 * estimator.rate_bps
    path.run(1.5, 150_000)
    assert estimator.queue_s < 0.1
    assert estimator.available_bps(path.now) == estimator.rate_bps


def test_some_loss_that_nobody_caused_costs_no_rate() -> None:
    link = begun(2e6, loss=0.03)
    follow(link, 3)
    assert min(follow(link, 5)) > 1_500_000


def test_much_loss_lowers_the_rate_to_what_gets_through() -> None:
    link = begun(1e6, longest_queue=0.01)
    follow(link, 5)
    link.capacity = 300_000
    follow(link, 3)
    assert link.bps < 450_000


def test_silence_lowers_the_rate_and_the_first_word_is_listened_to_again() -> None:
    link = begun(1e6)
    follow(link, 3)
    link.loss = 1.0
    follow(link, 4)
    assert link.bps < 600_000
    link.loss = 0.0
    assert max(follow(link, 10)) > 800_000


@pytest.mark.parametrize("naps", [(0.0, 0.1), (0.1, 0.3), (0.1, 0.8), (0.4, 0.8)])
def test_a_busy_computer_that_reads_late_and_loses_nothing_gets_all_in_the_end(naps: tuple[float, float]) -> None:
    link = Bottleneck(50e6, naps=naps)
    link.run(0.2, 300_000)
    assert min(follow(link, 10)) == START_BPS
    assert link.bps >= 3_000_000
    assert min(follow(link, 10)) >= 3_000_000


def test_a_busy_computer_that_is_sent_little_is_not_taken_for_a_narrow_path() -> None:
    """Small pictures and sound, of which all arrives: what is sent says nothing of what could be."""
    for seed in range(5):
        link = Bottleneck(50e6, wanted=60_000, naps=(0.1, 0.8))
        link._chance.seed(seed)
        for _ in range(60):
            link.run(0.5, 20_000, 10_000)
            assert link.bps == START_BPS


def test_a_computer_that_sleeps_for_seconds_has_its_rate_back_when_it_awakes() -> None:
    link = begun(50e6)
    follow(link, 3)
    link.naps = (3.0, 3.0)
    link.run(3.5, 300_000)
    link.naps = None
    assert follow(link, 1.0)[-1] >= 3_000_000


@pytest.mark.parametrize("gone", [1.2, 3.0, 8.0])
def test_a_path_that_was_gone_for_some_time_has_room_for_pictures_as_soon_as_it_is_back(gone: float) -> None:
    link = begun(2e6, wanted=250_000)
    follow(link, 5)
    link.loss = 1.0
    follow(link, gone)
    link.loss = 0.0
    link.run(0.4, 0)
    assert min(follow(link, 3)) >= LEAST_WITHOUT_LOSS


def test_a_narrow_path_to_a_busy_computer_is_found_all_the_same() -> None:
    link = Bottleneck(1e6, naps=(0.1, 0.3))
    link.run(0.2, 300_000)
    follow(link, 6)
    link.capacity = 300_000
    follow(link, 3)
    assert link.bps < 400_000


def test_sound_alone_leads_to_an_estimate_for_the_pictures_to_come() -> None:
    link = Bottleneck(5e6)
    link.run(3, 0)
    assert link.bps == 3_000_000
    follow(link, 3)
    assert link.bps >= 3_000_000
    assert link.lost == 0


def test_nothing_is_probed_that_nobody_wants() -> None:
    link = Bottleneck(50e6, wanted=400_000)
    link.run(5, 300_000)
    assert link.sent == pytest.approx(5 * (50 + 25 * 2), rel=0.1)


def test_nothing_is_known_of_who_says_nothing() -> None:
    estimator = BandwidthEstimator()
    assert estimator.available_bps(1.0) is None
    assert estimator.padding(1e6, nothing_sent, 1.0) == 0
    estimator.told(700_000)
    assert estimator.available_bps(1.0) == 700_000
    estimator.told(5)
    assert estimator.available_bps(1.0) == START_BPS


def test_the_peers_own_estimate_counts_where_it_acknowledges_nothing() -> None:
    link = begun(1e6)
    follow(link, 1)
    link.estimator.told(1_234_000)
    assert link.bps < 1_234_000
    assert link.estimator.available_bps(link.now + 6) == 1_234_000


def test_what_cannot_be_padded_is_given_up() -> None:
    link = begun(1e6)
    follow(link, 0.4)
    estimator = BandwidthEstimator()
    estimator.acknowledged(Acknowledged(1, 0, 1, [(1, 1.0, 5, 5, 1, 100)]), None, 1.1)
    assert estimator.padding(1e6, nothing_sent, 1.1) > 0
    estimator.cannot_pad(1.1)
    assert estimator.padding(1e6, nothing_sent, 1.12) == 0


BURSTS = st.lists(
    st.tuples(
        st.integers(0, 2000),
        st.floats(0, 20),
        st.integers(-(1 << 20), 1 << 33),
        st.integers(-(1 << 20), 1 << 33),
        st.integers(1, 9),
        st.integers(1, 9000),
    ),
    max_size=40,
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 99), BURSTS), max_size=20))
def test_lies_have_bounded_effects(feedbacks: list[tuple[int, list[Burst]]]) -> None:
    estimator = BandwidthEstimator()
    estimator.numbered = True
    now = 10.0
    for lost, bursts in feedbacks:
        told = lost + sum(packets for _, _, _, _, packets, _ in bursts)
        estimator.acknowledged(Acknowledged(told, lost, 1000, bursts), 0.1, now)
        assert estimator.padding(5e6, lambda at=now: (int(at * 100), int(at * 1e5)), now) >= 0  # type: ignore[misc]
        now += 0.05
        available = estimator.available_bps(now)
        assert available is not None
        assert MIN_BPS <= available <= MAX_BPS
