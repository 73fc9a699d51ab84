"""Named polls."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.model import PersonId
from meetings import polls
from meetings.errors import (
    BadBallot,
    BadPoll,
    BallotConflict,
    ItemNotUnderDiscussion,
    NoElectorate,
    NotEntitled,
    NotPresent,
    PollNotOpen,
    UnknownOption,
    WrongState,
)
from meetings.model import BallotId, ItemId, MeetingState, PollId, PollMethod, PollState, TieRule, Verdict
from meetings.records import Ballot, PollDetails, PollOption
from meetings.rules import SIMPLE_MAJORITY, RulesOfProcedure
from meetings.tally import ABSTAIN, NO, YES
from tests.meetings.conftest import ANNA, BINH, CARL, CHAIR, GUEST, NOW

DETAILS = PollDetails("Budget", SIMPLE_MAJORITY)
BALLOT = BallotId("ballot-0001")
POLL = PollId("poll")
OPTIONS = (YES, NO, ABSTAIN)


def stored(ballot_id: BallotId, option: str, person: PersonId = ANNA) -> Ballot:
    return Ballot(ballot_id, POLL, person, option, NOW, polls.receipt(POLL, ballot_id, person, option, "nonce"))


def check(
    existing: Ballot | None = None,
    *,
    ballot_id: BallotId = BALLOT,
    option: str = YES,
    state: PollState = PollState.OPEN,
    entitled: bool = True,
    present: bool = True,
) -> Ballot | None:
    return polls.check_ballot(
        state,
        OPTIONS,
        entitled=entitled,
        present=present,
        existing=existing,
        ballot_id=ballot_id,
        option_id=option,
    )


def test_a_poll_goes_one_way() -> None:
    assert polls.advance(PollState.DRAFT, PollState.OPEN) is PollState.OPEN
    assert polls.advance(PollState.OPEN, PollState.CLOSED) is PollState.CLOSED
    assert polls.advance(PollState.CLOSED, PollState.PUBLISHED) is PollState.PUBLISHED
    for state in (PollState.OPEN, PollState.CLOSED, PollState.PUBLISHED):
        with pytest.raises(WrongState):
            polls.advance(state, PollState.OPEN)
    with pytest.raises(PollNotOpen):
        polls.advance(PollState.DRAFT, PollState.CLOSED)


def test_only_a_draft_changes_and_only_a_closed_poll_is_repeated() -> None:
    polls.check_draft(PollState.DRAFT)
    polls.check_recast(PollState.PUBLISHED)
    with pytest.raises(WrongState):
        polls.check_draft(PollState.OPEN)
    with pytest.raises(WrongState):
        polls.check_recast(PollState.OPEN)


def test_yes_no_abstain_brings_its_own_options() -> None:
    options = polls.normalise(replace(DETAILS, options=(PollOption("x", "X"),))).options
    assert tuple(option.id for option in options) == OPTIONS


@pytest.mark.parametrize("ids", [("a",), ("a", "a", "b"), ("a", ""), ("a", ABSTAIN)])
def test_one_of_many_needs_two_options_of_their_own(ids: tuple[str, ...]) -> None:
    options = tuple(PollOption(option, option.upper()) for option in ids)
    with pytest.raises(BadPoll):
        polls.normalise(replace(DETAILS, method=PollMethod.ONE_OF, options=options))


def test_one_of_many_keeps_its_options() -> None:
    options = (PollOption("a", "A"), PollOption("b", "B"), PollOption(ABSTAIN, ""))
    details = replace(DETAILS, method=PollMethod.ONE_OF, options=options)
    assert polls.normalise(details) == details


def test_a_poll_has_a_title() -> None:
    with pytest.raises(BadPoll):
        polls.normalise(replace(DETAILS, title=" "))


def test_opening_needs_a_session_the_item_and_an_electorate() -> None:
    item = ItemId("item")
    polls.check_opening(MeetingState.IN_SESSION, None, item, [ANNA])
    polls.check_opening(MeetingState.IN_SESSION, item, item, [ANNA])
    with pytest.raises(WrongState):
        polls.check_opening(MeetingState.SUSPENDED, None, None, [ANNA])
    with pytest.raises(ItemNotUnderDiscussion):
        polls.check_opening(MeetingState.IN_SESSION, item, None, [ANNA])
    with pytest.raises(NoElectorate):
        polls.check_opening(MeetingState.IN_SESSION, None, None, [])


def test_a_first_ballot_is_to_be_stored() -> None:
    assert check() is None


def test_ballots_are_refused_for_their_reason() -> None:
    for state in (PollState.DRAFT, PollState.CLOSED, PollState.PUBLISHED):
        with pytest.raises(PollNotOpen):
            check(state=state)
    with pytest.raises(NotEntitled):
        check(entitled=False)
    with pytest.raises(NotPresent):
        check(present=False)
    with pytest.raises(UnknownOption):
        check(option="maybe")
    for ballot_id in ("short", "x" * 65, "ballot|0001", ""):
        with pytest.raises(BadBallot):
            check(ballot_id=BallotId(ballot_id))


def test_a_repetition_is_answered_even_after_closing_and_departure() -> None:
    ballot = stored(BALLOT, YES)
    assert check(ballot, state=PollState.CLOSED, present=False) == ballot


def test_a_second_vote_conflicts() -> None:
    ballot = stored(BALLOT, YES)
    with pytest.raises(BallotConflict):
        check(ballot, option=NO)
    with pytest.raises(BallotConflict):
        check(ballot, ballot_id=BallotId("ballot-0002"))


ballot_ids = st.sampled_from([BallotId(f"ballot-000{number}") for number in range(3)])
attempts = st.lists(st.tuples(st.sampled_from([ANNA, BINH]), ballot_ids, st.sampled_from(OPTIONS)))


@given(attempts)
def test_casting_any_number_of_times_counts_one_vote_per_person(
    sequence: list[tuple[PersonId, BallotId, str]],
) -> None:
    box: dict[PersonId, Ballot] = {}
    first: dict[PersonId, tuple[BallotId, str]] = {}
    for person, ballot_id, option in sequence:
        first.setdefault(person, (ballot_id, option))
        try:
            answer = check(box.get(person), ballot_id=ballot_id, option=option)
        except BallotConflict:
            assert first[person] != (ballot_id, option)
            continue
        assert first[person] == (ballot_id, option)
        box[person] = answer or stored(ballot_id, option, person)
        assert box[person] == stored(ballot_id, option, person)
    assert {person: (ballot.id, ballot.option_id) for person, ballot in box.items()} == first


def test_receipts_are_short_stable_and_depend_on_everything() -> None:
    codes = {
        polls.receipt(POLL, BALLOT, ANNA, YES, "nonce"),
        polls.receipt(PollId("other"), BALLOT, ANNA, YES, "nonce"),
        polls.receipt(POLL, BallotId("ballot-0002"), ANNA, YES, "nonce"),
        polls.receipt(POLL, BALLOT, BINH, YES, "nonce"),
        polls.receipt(POLL, BALLOT, ANNA, NO, "nonce"),
        polls.receipt(POLL, BALLOT, ANNA, YES, "other"),
    }
    assert len(codes) == 6
    assert polls.receipt(POLL, BALLOT, ANNA, YES, "nonce") in codes
    assert all(len(code) == 14 and code[4] == code[9] == "-" for code in codes)


def test_closing_tells_the_silent_from_the_absent() -> None:
    electors = frozenset({CHAIR, ANNA, BINH, CARL})
    details = polls.normalise(DETAILS)
    result = polls.close(details, electors, {CHAIR, ANNA, BINH, GUEST}, {CHAIR: YES, ANNA: NO}, None)
    assert (result.tally.not_voting, result.tally.absent) == (1, 1)
    assert (result.quorum.present, result.quorum.met) == (3, True)
    assert result.outcome.verdict is Verdict.LOST


def test_who_voted_and_left_is_not_absent_but_does_not_make_the_quorum() -> None:
    electors = frozenset({CHAIR, ANNA, BINH})
    result = polls.close(polls.normalise(DETAILS), electors, {CHAIR}, {CHAIR: YES, ANNA: YES}, None)
    assert (result.tally.cast, result.tally.not_voting, result.tally.absent) == (2, 0, 1)
    assert result.outcome.verdict is Verdict.NO_QUORUM


def test_the_chair_breaks_a_tie_with_the_own_ballot() -> None:
    details = polls.normalise(replace(DETAILS, rules=RulesOfProcedure("x", tie=TieRule.CHAIR)))
    there = frozenset({CHAIR, ANNA})
    assert polls.close(details, there, there, {CHAIR: YES, ANNA: NO}, CHAIR).outcome.verdict is Verdict.CARRIED
    assert polls.close(details, there, there, {CHAIR: NO, ANNA: YES}, CHAIR).outcome.verdict is Verdict.LOST
