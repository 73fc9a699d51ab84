"""Packets in their order, each once, and what was lost by name."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from media.recording.ordering import LOST, START_S, WAIT_S, Lost, Ordering, Piece


def piece(number: int) -> Piece:
    return Piece(number, False, number.to_bytes(4, "big"), 0.0)


def numbers(taken: list[Piece | Lost]) -> list[int | None]:
    return [None if isinstance(one, Lost) else one.timestamp for one in taken]


def test_packets_that_come_in_another_order_and_twice_leave_in_order_and_once() -> None:
    ordering, sent = Ordering(), list(range(65_500, 65_600))
    mixed = [one for start in range(0, 100, 5) for one in random.Random(start).sample(sent[start : start + 5], 5)]
    for number in [*mixed[:50], *mixed[:60], *mixed[60:]]:
        ordering.push(number & 0xFFFF, piece(number), 1.0)
    assert numbers(list(ordering.take(1.0 + START_S))) == sent
    assert (ordering.expected, ordering.received) == (100, 100)
    assert list(ordering.take(9.0)) == []


def test_what_is_missing_is_asked_for_waited_for_and_then_named() -> None:
    ordering = Ordering()
    for number in (1, 2, 5, 6):
        ordering.push(number, piece(number), 0.0)
    assert ordering.wanted(0.0) == [3, 4]
    assert numbers(list(ordering.take(START_S))) == [1, 2]
    ordering.push(3, piece(3), 0.5)
    assert numbers(list(ordering.take(0.5))) == [3]
    assert ordering.wanted(0.6) == [4]
    assert list(ordering.take(0.5 + WAIT_S - 0.1)) == []
    assert numbers(list(ordering.take(0.5 + WAIT_S + 0.1))) == [None, 5, 6]
    ordering.push(4, piece(4), 3.0)
    assert list(ordering.take(3.0)) == [], "too late"


def test_numbers_that_go_on_elsewhere_begin_anew_behind_a_loss() -> None:
    ordering = Ordering()
    ordering.push(10, piece(10), 0.0)
    assert numbers(list(ordering.take(START_S))) == [10]
    ordering.push(30_000, piece(30_000), 1.0)
    assert list(ordering.take(1.0)) == []
    assert list(ordering.take(1.0 + START_S)) == [LOST, piece(30_000)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 0xFFFF), max_size=300))
def test_whatever_comes_nothing_is_given_twice_and_little_is_kept(sequences: list[int]) -> None:
    ordering, now, taken = Ordering(), 0.0, 0
    for sequence in sequences:
        now += 0.05
        ordering.push(sequence, piece(sequence), now)
        taken += sum(not isinstance(one, Lost) for one in ordering.take(now))
        ordering.wanted(now)
    taken += sum(not isinstance(one, Lost) for one in ordering.take(now + 5))
    assert taken <= len(sequences)
