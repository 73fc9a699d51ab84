from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from auth import throttle
from auth.directory import Person, add_person
from auth.errors import Throttled
from auth.model import PersonId
from auth.tables import login_failure
from auth.throttle import (
    DEFAULT_THROTTLE,
    THROTTLE_POLICIES,
    begin_attempt,
    begin_step_up,
    delay,
    source_key,
    succeed,
    take_back,
)

ZERO = timedelta(0)
STRANGER, CHAIR = "192.0.2.66", "10.0.0.1"


def test_four_failures_cost_nothing_and_the_fifth_does() -> None:
    assert delay(4, ZERO) == ZERO
    assert delay(5, ZERO) == timedelta(seconds=2)
    assert delay(6, ZERO) == timedelta(seconds=4)
    assert delay(6, timedelta(seconds=3)) == timedelta(seconds=1)
    assert delay(6, timedelta(seconds=4)) == ZERO
    assert delay(1000, ZERO) == DEFAULT_THROTTLE.longest
    assert delay(1000, DEFAULT_THROTTLE.forget) == ZERO
    assert THROTTLE_POLICIES["vn-l3"].longest == timedelta(hours=12)


@given(st.integers(0, 10_000), st.timedeltas(min_value=-timedelta(hours=1), max_value=timedelta(days=2)))
def test_delays_grow_with_failures_shrink_with_time_and_stay_bounded(failures: int, since: timedelta) -> None:
    wait = delay(failures, since)
    assert ZERO <= wait <= DEFAULT_THROTTLE.longest
    assert wait <= delay(failures + 1, since)
    assert delay(failures, since + timedelta(seconds=1)) <= wait


def test_a_stranger_cannot_lock_out_the_chair(conn: Connection, now: datetime) -> None:
    for _ in range(5):
        begin_attempt(conn, "chair", STRANGER, now)
    with pytest.raises(Throttled) as caught:
        begin_attempt(conn, "Chair ", STRANGER, now)
    assert caught.value.retry_after == timedelta(seconds=2)
    mine = begin_attempt(conn, "chair", CHAIR, now)
    assert mine.before == 0
    succeed(conn, mine)
    with pytest.raises(Throttled):  # success elsewhere does not free the stranger
        begin_attempt(conn, "chair", STRANGER, now)


def test_success_forgets_failures(conn: Connection, now: datetime) -> None:
    for _ in range(3):
        begin_attempt(conn, "chair", CHAIR, now)
    succeed(conn, begin_attempt(conn, "CHAIR", CHAIR, now))
    assert begin_attempt(conn, "chair", CHAIR, now).before == 0


def test_waiting_out_the_delay_allows_one_more_attempt(conn: Connection, now: datetime) -> None:
    for _ in range(5):
        begin_attempt(conn, "chair", CHAIR, now)
    later = now + timedelta(seconds=2)
    assert begin_attempt(conn, "chair", CHAIR, later).before == 5
    with pytest.raises(Throttled) as caught:
        begin_attempt(conn, "chair", CHAIR, later)
    assert caught.value.retry_after == timedelta(seconds=4)
    assert begin_attempt(conn, "chair", CHAIR, later + timedelta(days=1)).before == 0  # all forgotten


def test_guessing_names_from_one_source_is_bounded_and_slowed(conn: Connection, now: datetime) -> None:
    with pytest.raises(Throttled):
        for number in range(throttle.MAX_ACCOUNTS_PER_SOURCE + 10):
            begin_attempt(conn, f"guess{number}", STRANGER, now)
    rows = conn.execute(select(func.count()).select_from(login_failure)).scalar_one()
    assert rows == throttle.MAX_ACCOUNTS_PER_SOURCE + 1
    assert throttle.forget_failures(conn, now + timedelta(days=1)) == rows


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:bbbb::2", "2001:db8:0:1::/64"),
        ("/run/socket", "unknown"),
    ],
)
def test_a_source_is_an_address_or_an_ipv6_network(address: str, key: str) -> None:
    assert source_key(address) == key


def test_any_account_text_can_be_counted(conn: Connection, now: datetime) -> None:
    for name in ("", "\ud800", "x" * 100_000):
        begin_attempt(conn, name, CHAIR, now)


def test_who_guesses_names_does_not_throttle_the_accounts_behind_the_same_address(
    conn: Connection, now: datetime
) -> None:
    add_person(conn, username="chair", name="Chair", now=now)
    with pytest.raises(Throttled):
        for number in range(throttle.MAX_ACCOUNTS_PER_SOURCE + 10):
            begin_attempt(conn, f"guess{number}", STRANGER, now)
    with pytest.raises(Throttled):
        begin_attempt(conn, "never-seen", STRANGER, now)
    for _ in range(10):
        attempt = begin_attempt(conn, "chair", STRANGER, now)
        assert (attempt.account, attempt.before) == ("chair", 0)
        succeed(conn, attempt)


def test_all_spellings_of_a_name_share_one_count(conn: Connection, now: datetime) -> None:
    for name in ("chair", " CHAIR", "ｃｈａｉｒ", "𝐜𝐡𝐚𝐢𝐫", "Chair"):
        begin_attempt(conn, name, STRANGER, now)
    with pytest.raises(Throttled):
        begin_attempt(conn, "ＣＨＡＩＲ", STRANGER, now)


def test_names_that_cannot_be_share_one_count(conn: Connection, now: datetime) -> None:
    for name in ("", "a b", "\u200b", "x" * 65, "\ud800"):
        begin_attempt(conn, name, STRANGER, now)
    with pytest.raises(Throttled):
        begin_attempt(conn, "c d", STRANGER, now)


def test_an_attempt_that_was_not_looked_at_is_taken_back(conn: Connection, now: datetime) -> None:
    for _ in range(20):
        take_back(conn, begin_attempt(conn, "chair", CHAIR, now))


def test_signing_in_does_not_throttle_stepping_up(conn: Connection, now: datetime) -> None:
    person = PersonId("p" * 20)
    for name in (person, "step-up " + person):
        for _ in range(5):
            begin_attempt(conn, name, CHAIR, now)
    for _ in range(5):
        begin_step_up(conn, person, CHAIR, now)
    with pytest.raises(Throttled):
        begin_step_up(conn, person, CHAIR, now)


def test_codes_are_counted_over_all_sources_and_the_delay_stays_short(
    conn: Connection, member: Person, now: datetime
) -> None:
    attempts = [throttle.begin_code(conn, member.id, now) for _ in range(throttle.SHORT_THROTTLE.free)]
    with pytest.raises(Throttled):
        throttle.begin_code(conn, member.id, now)
    for number in range(20):
        now += timedelta(minutes=1)
        throttle.begin_code(conn, member.id, now)
        with pytest.raises(Throttled) as caught:
            throttle.begin_code(conn, member.id, now)
        assert caught.value.retry_after <= timedelta(minutes=1), number
    throttle.succeed(conn, attempts[0])
    throttle.begin_code(conn, member.id, now)
