"""Rules of procedure as data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.errors import BadRules
from meetings.model import Base, TieRule
from meetings.rules import (
    GOVERNMENT_COUNCIL,
    MAJORITY,
    PRESETS,
    Proportion,
    RulesOfProcedure,
    rules_from_dict,
    rules_to_dict,
)


@pytest.mark.parametrize("rules", PRESETS.values(), ids=PRESETS)
def test_every_preset_survives_the_way_through_json(rules: RulesOfProcedure) -> None:
    assert rules_from_dict(rules_to_dict(rules)) == rules


@pytest.mark.parametrize(
    ("numerator", "denominator", "strict"), [(1, 0, False), (-1, 2, False), (3, 2, False), (1, 1, True)]
)
def test_impossible_fractions_are_refused(numerator: int, denominator: int, strict: bool) -> None:
    with pytest.raises(BadRules):
        Proportion(numerator, denominator, strict)


def test_contradictory_rules_are_refused() -> None:
    with pytest.raises(BadRules):
        RulesOfProcedure("x", version=0)
    with pytest.raises(BadRules):
        RulesOfProcedure("x", seats=0)
    with pytest.raises(BadRules):
        RulesOfProcedure("x", threshold=Proportion(0, 1, strict=True))


@pytest.mark.parametrize(
    "change",
    [
        {"base": "somebody"},
        {"tie": None},
        {"version": "1"},
        {"version": True},
        {"quorum": None},
        {"quorum": {"numerator": 1, "denominator": 2, "strict": "yes"}},
        {"seats": "many"},
    ],
)
def test_malformed_data_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadRules):
        rules_from_dict(rules_to_dict(GOVERNMENT_COUNCIL) | change)


def test_seats_replace_the_number_of_the_entitled() -> None:
    assert RulesOfProcedure("x").total(7) == 7
    assert RulesOfProcedure("x", base=Base.SEATS, tie=TieRule.LOST, seats=9).total(7) == 9


def test_only_more_than_half_is_a_majority() -> None:
    assert MAJORITY.is_majority and Proportion(2, 4, strict=True).is_majority
    assert not Proportion(1, 2).is_majority and not Proportion(2, 3, strict=True).is_majority


proportions = st.builds(
    lambda n, d, s: Proportion(min(n, d), d, s and n < d), st.integers(0, 9), st.integers(1, 9), st.booleans()
)


@given(proportions, st.integers(0, 600))
def test_the_required_number_is_the_smallest_that_suffices(proportion: Proportion, whole: int) -> None:
    required = proportion.required(whole)
    assert proportion.holds(required, whole)
    assert required == 0 or not proportion.holds(required - 1, whole)
