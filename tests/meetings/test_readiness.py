"""What is missing before a meeting is convened."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from meetings import agenda_store, meeting_store, participant_store
from meetings.errors import EmptyAgenda, ItemForNobody, MeetingOver, NobodyVotes, NoChair, PaperInChecking, Refused
from meetings.readiness import Prepared, readiness, require_ready
from meetings.records import ItemDetails
from tests.meetings.conftest import ANNA, NOW, Committee, after


def prepared(committee: Committee) -> Prepared:
    conn: Connection = committee.conn
    return Prepared(
        meeting=meeting_store.load_meeting(conn, committee.id),
        people=participant_store.participants(conn, committee.id),
        items=agenda_store.items(conn, committee.id),
        with_papers=frozenset({committee.first}),
    )


def test_a_prepared_meeting_lacks_nothing(committee: Committee) -> None:
    found = readiness(prepared(committee), NOW)
    assert (found.blocking, found.advice) == ((), ())
    require_ready(prepared(committee), NOW)


def test_what_forbids_convening_refuses_it_with_the_same_code(committee: Committee) -> None:
    good = prepared(committee)
    nobody = ItemDetails("Staff", good.items[0].details.kind, restricted=True)
    cases: list[tuple[Prepared, type[Refused]]] = [
        (replace(good, items=()), EmptyAgenda),
        (replace(good, people=good.people[1:]), NoChair),
        (replace(good, people=[replace(one, entitled=False) for one in good.people]), NobodyVotes),
        (replace(good, items=[replace(good.items[0], details=nobody)]), ItemForNobody),
        (replace(good, in_checking=1), PaperInChecking),
    ]
    for case, error in cases:
        assert [one.code for one in readiness(case, NOW).blocking] == [error.code]
        with pytest.raises(error):
            require_ready(case, NOW)


def test_a_meeting_that_would_be_over_is_not_convened(committee: Committee) -> None:
    assert [one.code for one in readiness(prepared(committee), after(120)).blocking] == [MeetingOver.code]


def test_a_session_that_runs_late_still_takes_a_new_agenda(committee: Committee) -> None:
    committee.open()
    require_ready(prepared(committee), after(500))


def test_what_is_doubtful_does_not_forbid(committee: Committee) -> None:
    good = prepared(committee)
    long = replace(good.items[1], details=replace(good.items[1].details, minutes=115))
    case = replace(good, items=[good.items[0], long], with_papers=frozenset(), without_address=[ANNA])
    found = readiness(case, NOW)
    assert found.blocking == ()
    assert [(one.code, one.item_id, one.person_id, one.count) for one in found.advice] == [
        ("decision_without_paper", committee.first, None, 0),
        ("agenda_too_long", None, None, 15),
        ("no_address", None, ANNA, 0),
    ]
