"""Loss tracking and history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.nack import MAX_GAP, MAX_MISSING, LossTracker, PacketHistory


def test_a_lost_packet_is_asked_for_at_once_and_again_later() -> None:
    losses = LossTracker()
    losses.gap(10, 12, 1.0)
    assert losses.due(1.0) == [10, 11]
    assert losses.due(1.03) == []
    assert losses.due(1.04) == [10, 11]
    assert losses.arrived(10)
    assert not losses.arrived(10)
    assert losses.due(1.2) == [11]


def test_it_gives_up_after_a_second_or_ten_tries() -> None:
    losses = LossTracker()
    losses.gap(10, 11, 0.0)
    tries = sum(len(losses.due(step / 100)) for step in range(200))
    assert 5 <= tries <= 10
    assert len(losses) == 0
    losses.gap(20, 21, 0.0)
    assert sum(len(losses.due(0.0 if step == 0 else 0.9)) for step in range(50)) == 2


def test_ten_tries_are_the_most() -> None:
    losses = LossTracker()
    losses.gap(10, 11, 0.0)
    entry = losses._missing[10]
    asked = 0
    for _ in range(20):
        asked += len(losses.due(0.5))
        entry[1] = 0.0  # as if the retry were due again
    assert asked == 10


def test_a_large_gap_gives_up_and_wants_a_keyframe() -> None:
    losses = LossTracker()
    losses.gap(0, MAX_GAP + 1, 0.0)
    assert losses.overflowed
    assert len(losses) == 0


def test_too_many_missing_packets_give_up_too() -> None:
    losses = LossTracker()
    for start in range(0, MAX_MISSING + 2, 2):
        losses.gap(start, start + 1, 0.0)
    losses.gap(5000, 5000 + MAX_GAP, 0.0)
    assert losses.overflowed


@given(st.integers(0, 0xFFFF), st.integers(1, 200))
def test_history_keeps_the_last_packets_and_only_those(start: int, count: int) -> None:
    history: PacketHistory[int] = PacketHistory(64)
    for index in range(count):
        history.store((start + index) & 0xFFFF, index)
    for index in range(count):
        kept = index >= count - 64
        assert history.get((start + index) & 0xFFFF) == (index if kept else None)


@pytest.mark.parametrize("capacity", [0, 3, -8])
def test_the_capacity_is_a_power_of_two(capacity: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        PacketHistory(capacity)
