"""Polls in words, in every language."""

from dataclasses import replace

import pytest

from meetings import polls
from meetings.decision import decide_poll
from meetings.model import Base, PollId, PollState, TieRule
from meetings.phrases import LANGUAGES, Phrases
from meetings.poll_report import annulment, report
from meetings.quorum import Quorum
from meetings.records import Poll, PollDetails, PollResult
from meetings.rules import ABSOLUTE_MAJORITY, Proportion, RulesOfProcedure
from meetings.tally import ABSTAIN, NO, YES, Tally
from tests.meetings.conftest import CHAIR, NOW


def poll(details: PollDetails) -> Poll:
    return Poll(
        id=PollId("p"),
        number=1,
        details=polls.normalise(details),
        state=PollState.PUBLISHED,
        recast_of=None,
        created_by=CHAIR,
        created_at=NOW,
        opened_at=NOW,
        closed_at=NOW,
        published_at=NOW,
        quorum_lost_at=None,
        electors=frozenset(),
        voted=frozenset(),
        result=None,
    )


def result(of: Poll, tally: Tally, met: bool = True, chair: str | None = None) -> PollResult:
    quorum = Quorum(tally.entitled, of.details.rules.total(tally.entitled), tally.participating, 240, met)
    return PollResult(tally, quorum, decide_poll(tally, of.details.rules, quorum, chair, of.details.method))


def test_the_golden_case_reads_with_its_derivation() -> None:
    of = poll(PollDetails("Law on water", ABSOLUTE_MAJORITY, question="Shall it pass?"))
    tally = Tally(((YES, 463), (NO, 2), (ABSTAIN, 0)), 0, 13)
    assert report(of, result(of, tally), Phrases("en", "UTC")) == [
        "Quorum: 465 of 478 present, 240 required: met.",
        "465 of 478 took part (97.28 %).",
        "Counted against all members: 478.",
        "More than 1/2 required: 926 > 478, reached.",
    ]


def test_a_lost_quorum_is_told() -> None:
    of = replace(poll(PollDetails("Budget", ABSOLUTE_MAJORITY)), quorum_lost_at=NOW)
    lines = report(of, result(of, Tally(((YES, 3), (NO, 0), (ABSTAIN, 0)), 0, 4), met=False), Phrases("en", "UTC"))
    assert lines[-1].startswith("The quorum was lost at")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tie", TieRule)
@pytest.mark.parametrize("base", Base)
@pytest.mark.parametrize("threshold", [Proportion(1, 2, strict=True), Proportion(2, 3)])
def test_every_rule_has_its_words(language: str, tie: TieRule, base: Base, threshold: Proportion) -> None:
    of = poll(PollDetails("Budget", RulesOfProcedure("x", base=base, threshold=threshold, tie=tie)))
    for votes in ((4, 4), (9, 1), (1, 9)):
        tally = Tally(((YES, votes[0]), (NO, votes[1]), (ABSTAIN, 0)), 0, 0)
        for chair in (YES, NO):
            lines = report(of, result(of, tally, chair=chair), Phrases(language, "UTC"))
            assert all(line and "{" not in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_annulled_poll_says_when_it_was_open_and_why_it_counts_for_nothing(language: str) -> None:
    of = poll(PollDetails("Law on water", ABSOLUTE_MAJORITY))
    phrases = Phrases(language, "UTC")
    assert annulment(of, phrases) == ""
    said = annulment(replace(of, state=PollState.ANNULLED, state_reason="Wrong wording"), phrases)
    assert (
        said.endswith("Wrong wording")
        and phrases.say("poll-annulled", opened=NOW, annulled=NOW, reason="x")[:-1] in said
    )
