"""Counting keeps every kind of voice and silence apart."""

from hypothesis import given
from hypothesis import strategies as st

from meetings.tally import ABSTAIN, NO, YES, count


@given(st.lists(st.sampled_from([YES, NO, ABSTAIN])), st.integers(0, 20), st.integers(0, 20))
def test_everybody_entitled_is_counted_exactly_once(choices: list[str], not_voting: int, absent: int) -> None:
    entitled = len(choices) + not_voting + absent
    tally = count(choices, (YES, NO, ABSTAIN), entitled, not_voting)
    assert tally.entitled == entitled
    assert tally.absent == absent
    assert tally.participating == len(choices) + not_voting
    assert tally.cast == choices.count(YES) + choices.count(NO)
    assert tally.valid == len(choices)


def test_options_keep_their_order_and_strangers_count_nothing() -> None:
    tally = count(["b", "b"], ("a", "b"), 3, 1)
    assert tally.counts == (("a", 0), ("b", 2))
    assert tally.of("z") == 0
    assert tally.abstentions == 0
