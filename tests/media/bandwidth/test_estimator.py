"""The estimate on a virtual link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.bandwidth.estimator import BandwidthEstimator
from media.bandwidth.rate import MAX_BPS, MIN_BPS, START_BPS
from media.rtcp import TransportFeedback
from tests.media.bandwidth.bottleneck import Bottleneck


def follow(link: Bottleneck, seconds: float) -> list[int]:
    """Send nine tenths of the estimate, but not more than is wanted; the estimates on the way."""
    estimates = []
    end = link.now + seconds
    while link.now < end:
        link.run(0.2, max(0.0, min(link.wanted, link.bps * 0.9) - 40_000))
        estimates.append(link.bps)
    return estimates


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
    assert estimator.padding(1e6, 1.0) == 0
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
    estimator.sent([(1, 100, 1.0)])
    estimator.feedback(TransportFeedback(1, (5,)), None, 1.1)
    assert estimator.padding(1e6, 1.1) > 0
    estimator.cannot_pad(1.1)
    assert estimator.padding(1e6, 1.12) == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 0xFFFF), st.lists(st.none() | st.integers(-(1 << 20), 1 << 33), max_size=40)),
        max_size=30,
    )
)
def test_lies_have_bounded_effects(feedbacks: list[tuple[int, list[int | None]]]) -> None:
    estimator = BandwidthEstimator()
    now = 10.0
    number = 0
    for base, arrivals in feedbacks:
        packets = [(number + step, 300, now) for step in range(1, 20)]
        number += 19
        estimator.sent(packets)
        estimator.padding(5e6, now)
        estimator.feedback(TransportFeedback(base, tuple(arrivals)), 0.1, now)
        estimator.feedback(TransportFeedback(number - 10, tuple(arrivals)), None, now)
        now += 0.05
        available = estimator.available_bps(now)
        assert available is not None
        assert MIN_BPS <= available <= MAX_BPS
