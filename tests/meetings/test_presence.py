"""The presence ledger."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from auth.model import PersonId, SiteId
from meetings import presence
from meetings.model import PresenceHow, PresenceMode
from meetings.records import PresenceInterval
from tests.meetings.conftest import ANNA, BINH, after

GRACE = timedelta(minutes=1)


def stay(begin: float = 0, finish: float | None = None, person: PersonId = ANNA) -> PresenceInterval:
    left = None if finish is None else after(finish)
    return PresenceInterval(
        "s", person, after(begin), left, None, PresenceMode.REMOTE, None, None, PresenceHow.CONNECTED
    )


def test_a_lost_connection_is_not_a_departure() -> None:
    lost = presence.lose(stay(), after(10))
    assert lost.lost_at == after(10) and presence.covers(lost, after(10))
    assert presence.expire(lost, GRACE, after(10.5)) == lost
    assert presence.lose(lost, after(12)) == lost


def test_the_stay_ends_when_the_grace_time_has_run_out_however_late_that_is_noticed() -> None:
    ended = presence.expire(presence.lose(stay(), after(10)), GRACE, after(30))
    assert (ended.left_at, ended.lost_at) == (after(11), None)
    assert presence.lose(ended, after(40)) == ended
    assert presence.expire(stay(), GRACE, after(30)) == stay()


def test_whoever_was_called_present_does_not_hang_on_a_connection() -> None:
    called = replace(stay(), how=PresenceHow.ROLL_CALL)
    assert presence.lose(called, after(10)) == called


def test_a_stay_ends_once_and_never_before_it_began() -> None:
    assert presence.end(stay(5), after(1)).left_at == after(5)
    assert presence.end(stay(0, 3), after(9)) == stay(0, 3)


def test_coming_back_goes_on_with_the_stay() -> None:
    lost = presence.lose(stay(), after(10))
    wanted = replace(stay(10.5), id="new", how=PresenceHow.CHECKED_IN)
    assert presence.rejoin(lost, wanted) == replace(stay(), how=PresenceHow.CHECKED_IN)


def test_attending_from_elsewhere_is_a_new_stay() -> None:
    wanted = replace(stay(10), id="new", site_id=SiteId("north"), endpoint_id="hall")
    assert presence.rejoin(stay(), wanted) == wanted


def test_a_tablet_does_not_make_a_called_person_remote() -> None:
    called = replace(stay(), how=PresenceHow.ROLL_CALL, mode=PresenceMode.IN_PERSON, site_id=SiteId("north"))
    assert presence.rejoin(called, stay(3)) == called
    elsewhere = presence.rejoin(called, replace(stay(3), id="new", endpoint_id="hall"))
    assert (elsewhere.mode, elsewhere.site_id, elsewhere.endpoint_id, elsewhere.how) == (
        PresenceMode.IN_PERSON,
        "north",
        "hall",
        PresenceHow.ROLL_CALL,
    )
    recalled = presence.rejoin(called, replace(stay(3), id="new", how=PresenceHow.ROLL_CALL))
    assert recalled.mode is PresenceMode.REMOTE


def test_a_stay_includes_its_beginning_and_not_its_end() -> None:
    assert [presence.covers(stay(1, 2), after(minute)) for minute in (0, 1, 1.5, 2)] == [False, True, True, False]


moments = st.integers(0, 50)


@given(st.lists(st.tuples(st.sampled_from([ANNA, BINH]), moments, moments | st.none())), moments)
def test_presence_at_an_instant_is_what_the_stays_say(
    stays: list[tuple[PersonId, int, int | None]], instant: int
) -> None:
    ledger = [stay(begin, None if finish is None else begin + finish, person) for person, begin, finish in stays]
    expected = {
        person for person, begin, length in stays if begin <= instant and (length is None or instant < begin + length)
    }
    assert presence.present_at(ledger, after(instant)) == expected
    assert presence.present_at(ledger, after(instant)) <= presence.present_between(ledger, after(0), after(instant))


def test_present_between_includes_who_left_early_or_came_late() -> None:
    ledger = [stay(0, 5), stay(20, None, BINH)]
    assert presence.present_between(ledger, after(4), after(10)) == {ANNA}
    assert presence.present_between(ledger, after(5), after(20)) == {BINH}
