"""Half a sign-in, and passwords that were used before."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from auth import pending
from auth.directory import Person, password_hash_of
from auth.errors import SignInExpired
from auth.password_history import KEPT, barred_hashes, change_password

HERE = "192.0.2.7"


def test_a_token_names_whose_sign_in_waits_until_it_is_finished(
    conn: Connection, member: Person, now: datetime
) -> None:
    token = pending.begin(conn, member.id, HERE, now)
    assert pending.look_up(conn, token, HERE, now) == member.id
    pending.finish(conn, token)
    with pytest.raises(SignInExpired):
        pending.look_up(conn, token, HERE, now)


def test_it_is_for_its_source_and_five_minutes_only(conn: Connection, member: Person, now: datetime) -> None:
    token = pending.begin(conn, member.id, HERE, now)
    for source, at, given in (
        ("192.0.2.8", now, token),
        (HERE, now + pending.LASTS, token),
        (HERE, now, ""),
        (HERE, now, token[:-1]),
        (HERE, now, "\ud800"),
    ):
        with pytest.raises(SignInExpired):
            pending.look_up(conn, given, source, at)
    assert pending.forget_expired(conn, now) == 0
    assert pending.forget_expired(conn, now + pending.LASTS) == 1


def test_a_few_wrong_codes_end_it(conn: Connection, member: Person, now: datetime) -> None:
    token, other = (pending.begin(conn, member.id, HERE, now) for _ in range(2))
    for _ in range(pending.MAX_FAILURES):
        pending.look_up(conn, token, HERE, now)
        pending.fail(conn, token)
    with pytest.raises(SignInExpired):
        pending.look_up(conn, token, HERE, now)
    pending.look_up(conn, other, HERE, now)


def test_a_changed_password_ends_half_done_sign_ins(conn: Connection, member: Person, now: datetime) -> None:
    token = pending.begin(conn, member.id, HERE, now)
    change_password(conn, member.id, "new", now)
    with pytest.raises(SignInExpired):
        pending.look_up(conn, token, HERE, now)


def test_the_last_passwords_are_remembered_and_no_more(conn: Connection, member: Person, now: datetime) -> None:
    for number in range(KEPT + 4):
        change_password(conn, member.id, f"hash {number}", now + timedelta(days=number))
    newest = [f"hash {number}" for number in range(KEPT + 3, -1, -1)]
    assert password_hash_of(conn, member.id) == newest[0]
    assert barred_hashes(conn, member.id, 1) == newest[:1]
    assert barred_hashes(conn, member.id, KEPT) == newest[:KEPT]
    assert barred_hashes(conn, member.id, 99) == newest[: KEPT + 1]
