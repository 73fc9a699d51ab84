"""Quorum counts present, entitled members."""

from auth.model import PersonId
from meetings.quorum import Quorum, quorum_of
from meetings.rules import GOVERNMENT_COUNCIL, SIMPLE_MAJORITY, RulesOfProcedure


def people(count: int) -> frozenset[PersonId]:
    return frozenset(PersonId(f"p{number}") for number in range(count))


def test_guests_do_not_make_a_quorum() -> None:
    present = people(2) | {PersonId("guest"), PersonId("secretary")}
    assert quorum_of(people(4), present, SIMPLE_MAJORITY) == Quorum(4, 4, 2, 3, False)


def test_two_thirds_of_all_seats_count_the_empty_ones() -> None:
    rules = RulesOfProcedure("council", quorum=GOVERNMENT_COUNCIL.quorum, seats=27)
    assert quorum_of(people(20), people(18), rules) == Quorum(20, 27, 18, 18, True)
    assert not quorum_of(people(20), people(17), rules).met
