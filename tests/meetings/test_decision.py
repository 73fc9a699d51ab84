"""Verdicts: the golden cases, every base and threshold, ties, and monotonicity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.decision import Outcome, base_of, decide_poll, percent
from meetings.model import Base, PollMethod, TieRule, Verdict
from meetings.quorum import Quorum
from meetings.rules import (
    ABSOLUTE_MAJORITY,
    GOVERNMENT_COUNCIL,
    MAJORITY,
    PRESETS,
    SIMPLE_MAJORITY,
    TWO_THIRDS,
    TWO_THIRDS_OF_ALL,
    UNANIMITY,
    Proportion,
    RulesOfProcedure,
)
from meetings.tally import ABSTAIN, NO, YES, Tally


def tally(yes: int, no: int, abstain: int = 0, not_voting: int = 0, absent: int = 0) -> Tally:
    return Tally(((YES, yes), (NO, no), (ABSTAIN, abstain)), not_voting, absent)


def quorum(votes: Tally, rules: RulesOfProcedure) -> Quorum:
    total, present = rules.total(votes.entitled), votes.participating
    required = rules.quorum.required(total)
    return Quorum(votes.entitled, total, present, required, rules.quorum.holds(present, total))


def decide(votes: Tally, rules: RulesOfProcedure, chair: str | None = None) -> Outcome:
    return decide_poll(votes, rules, quorum(votes, rules), chair)


def shares(outcome: Outcome) -> dict[str, str]:
    return {share.key: share.percent for share in outcome.percentages}


def test_golden_case_of_478_seats() -> None:
    outcome = decide(tally(463, 2, absent=13), ABSOLUTE_MAJORITY)
    assert outcome.verdict is Verdict.CARRIED
    assert outcome.winner == YES
    assert shares(outcome) | {"absent": ""} == {
        "participation": "97.28",
        "yes": "96.86",
        "no": "0.42",
        "abstain": "0.00",
        "not_voting": "0.00",
        "absent": "",
    }
    threshold = next(step for step in outcome.derivation if step.key == "threshold")
    assert (threshold.params["left"], threshold.params["right"], threshold.holds) == (926, 478, True)


def test_golden_case_of_494_seats_counts_the_silent_as_taking_part() -> None:
    outcome = decide(tally(410, 6, not_voting=17, absent=61), ABSOLUTE_MAJORITY)
    figures = shares(outcome)
    assert [figures[key] for key in ("participation", "yes", "no", "not_voting")] == ["87.65", "83.00", "1.21", "3.44"]
    assert outcome.verdict is Verdict.CARRIED


@pytest.mark.parametrize(
    ("votes", "chair", "verdict"),
    [
        (tally(14, 6, absent=7), None, Verdict.CARRIED),
        (tally(13, 9, absent=5), None, Verdict.LOST),  # 13 is less than half of 27, whoever is absent
        (tally(13, 13, 1), YES, Verdict.CARRIED),
        (tally(13, 13, 1), NO, Verdict.LOST),
        (tally(13, 13, 1), ABSTAIN, Verdict.LOST),
        (tally(13, 13, 1), None, Verdict.LOST),
        (tally(12, 12, 3), YES, Verdict.LOST),  # one voice more would not make it a majority of all
        (tally(17, 0, absent=10), YES, Verdict.NO_QUORUM),  # 18 of 27 are required
        (tally(18, 0, absent=9), YES, Verdict.CARRIED),
    ],
)
def test_a_government_council(votes: Tally, chair: str | None, verdict: Verdict) -> None:
    assert decide(votes, GOVERNMENT_COUNCIL, chair).verdict is verdict


def test_bases() -> None:
    votes = Tally(((YES, 5), (NO, 3), (ABSTAIN, 2)), not_voting=4, absent=6, blank=1, invalid=2)
    assert {base: base_of(base, votes, 30) for base in Base} == {
        Base.CAST: 8,
        Base.CAST_WITH_ABSTENTIONS: 10,
        Base.VALID: 10,
        Base.PRESENT: 17,
        Base.ENTITLED: 23,
        Base.SEATS: 30,
    }


@pytest.mark.parametrize(
    ("rules", "votes", "verdict"),
    [
        (SIMPLE_MAJORITY, tally(2, 1, 9), Verdict.CARRIED),
        (SIMPLE_MAJORITY, tally(0, 0, 9), Verdict.LOST),
        (TWO_THIRDS, tally(2, 1), Verdict.CARRIED),
        (TWO_THIRDS, tally(65, 33), Verdict.LOST),
        (TWO_THIRDS, tally(66, 33), Verdict.CARRIED),
        (TWO_THIRDS_OF_ALL, tally(66, 1, absent=33), Verdict.LOST),
        (TWO_THIRDS_OF_ALL, tally(66, 1, absent=32), Verdict.CARRIED),
        (UNANIMITY, tally(5, 0, 3), Verdict.CARRIED),
        (UNANIMITY, tally(500, 1), Verdict.LOST),
        (UNANIMITY, tally(0, 0, 5), Verdict.LOST),
    ],
)
def test_thresholds_are_compared_in_integers(rules: RulesOfProcedure, votes: Tally, verdict: Verdict) -> None:
    assert decide(votes, rules).verdict is verdict


@pytest.mark.parametrize(
    ("tie", "chair", "verdict", "holds"),
    [
        (TieRule.LOST, YES, Verdict.LOST, False),
        (TieRule.CHAIR, YES, Verdict.CARRIED, True),
        (TieRule.CHAIR, NO, Verdict.LOST, False),
        (TieRule.RECAST, YES, Verdict.RECAST, None),
    ],
)
def test_a_tie_follows_its_rule(tie: TieRule, chair: str, verdict: Verdict, holds: bool | None) -> None:
    outcome = decide(tally(4, 4), RulesOfProcedure("x", tie=tie), chair)
    assert outcome.verdict is verdict
    assert (outcome.derivation[-1].key, outcome.derivation[-1].holds) == ("tie", holds)


def test_two_thirds_know_no_tie() -> None:
    rules = RulesOfProcedure("x", threshold=Proportion(2, 3), tie=TieRule.CHAIR)
    outcome = decide(tally(1, 1), rules, YES)
    assert outcome.verdict is Verdict.LOST
    assert [step.key for step in outcome.derivation] == ["quorum", "participation", "base", "threshold"]


def test_nobody_voting_is_no_tie() -> None:
    assert decide(tally(0, 0, not_voting=3), RulesOfProcedure("x", tie=TieRule.RECAST)).verdict is Verdict.LOST


def test_percentages_are_rounded_half_up() -> None:
    assert percent(1, 800) == "0.13"  # 0.125
    assert percent(1, 8) == "12.50"
    assert percent(2, 3) == "66.67"
    assert percent(0, 0) == "0.00"


def choose(counts: dict[str, int], rules: RulesOfProcedure, chair: str | None = None) -> Outcome:
    votes = Tally(tuple(counts.items()), 0, 0)
    return decide_poll(votes, rules, quorum(votes, rules), chair, PollMethod.ONE_OF)


def test_one_of_many_needs_the_threshold_and_ignores_abstentions_as_an_option() -> None:
    assert choose({"a": 3, "b": 6, "c": 2}, SIMPLE_MAJORITY).winner == "b"
    assert choose({"a": 3, "b": 5, "c": 2}, SIMPLE_MAJORITY).verdict is Verdict.LOST
    assert choose({"a": 3, "b": 2, ABSTAIN: 9}, SIMPLE_MAJORITY).winner == "a"


def test_options_level_with_each_other_are_a_tie_even_when_both_reach_the_threshold() -> None:
    third = RulesOfProcedure("x", threshold=Proportion(1, 3), tie=TieRule.CHAIR)
    assert choose({"a": 5, "b": 5}, third).verdict is Verdict.LOST
    assert choose({"a": 5, "b": 5, "c": 1}, third, chair="b").winner == "b"
    assert choose({"a": 5, "b": 5, "c": 1}, third, chair="c").verdict is Verdict.LOST
    assert choose({"a": 5, "b": 5}, RulesOfProcedure("x", tie=TieRule.RECAST)).verdict is Verdict.RECAST


counts = st.integers(0, 40)
rule_sets = st.builds(
    RulesOfProcedure,
    st.just("x"),
    quorum=st.sampled_from([Proportion(0, 1), MAJORITY, Proportion(2, 3)]),
    base=st.sampled_from(Base),
    threshold=st.sampled_from([rules.threshold for rules in PRESETS.values()] + [Proportion(1, 3)]),
    tie=st.sampled_from(TieRule),
    seats=st.sampled_from([None, 121, 250]),
)


@given(counts, counts, counts, counts, counts, rule_sets, st.sampled_from([None, YES, NO, ABSTAIN]))
def test_more_yes_never_turns_carried_into_lost(
    yes: int, no: int, abstain: int, not_voting: int, absent: int, rules: RulesOfProcedure, chair: str | None
) -> None:
    before = decide(tally(yes, no, abstain, not_voting, absent), rules, chair)
    if before.verdict is not Verdict.CARRIED:
        return
    assert decide(tally(yes + 1, no, abstain, not_voting, absent), rules, chair).verdict is Verdict.CARRIED
    if not_voting:
        assert decide(tally(yes + 1, no, abstain, not_voting - 1, absent), rules, chair).verdict is Verdict.CARRIED
    if absent:
        assert decide(tally(yes + 1, no, abstain, not_voting, absent - 1), rules, chair).verdict is Verdict.CARRIED
    if no:
        assert decide(tally(yes + 1, no - 1, abstain, not_voting, absent), rules, chair).verdict is Verdict.CARRIED


@given(counts, counts, counts, rule_sets)
def test_the_derivation_adds_up_to_the_verdict(yes: int, no: int, abstain: int, rules: RulesOfProcedure) -> None:
    outcome = decide(tally(yes, no, abstain), rules, YES)
    holds = {step.key: step.holds for step in outcome.derivation}
    if not holds["quorum"]:
        assert outcome.verdict is Verdict.NO_QUORUM
    elif "tie" in holds:
        assert outcome.verdict is {True: Verdict.CARRIED, False: Verdict.LOST, None: Verdict.RECAST}[holds["tie"]]
    else:
        assert outcome.verdict is (Verdict.CARRIED if holds["threshold"] else Verdict.LOST)
