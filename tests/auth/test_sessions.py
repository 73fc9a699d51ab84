from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, select

from auth import directory, sessions
from auth.directory import Person
from auth.errors import NoSession, SessionExpired
from auth.model import OrgRole
from auth.session_policy import SESSION_POLICIES, SessionPolicy
from auth.sessions import Source
from auth.tables import session as session_table

HOME = Source("10.0.0.1", "Browser/1.0")
MINUTE = timedelta(minutes=1)


def test_a_token_is_opaque_and_only_its_hash_is_stored(conn: Connection, member: Person, now: datetime) -> None:
    token, session = sessions.start(conn, member, now, HOME)
    assert len(token) == 43  # 256 bits
    stored = str(conn.execute(select(session_table)).one()).encode()
    assert token.encode() not in stored
    assert sessions.resume(conn, token, now) == session
    assert (session.ip, session.user_agent) == ("10.0.0.1", "Browser/1.0")


def test_signing_in_never_keeps_a_token_that_was_there_before(conn: Connection, member: Person, now: datetime) -> None:
    planted, _ = sessions.start(conn, member, now, Source("192.0.2.66"))
    fresh, session = sessions.start(conn, member, now, HOME)
    assert fresh != planted
    assert sessions.resume(conn, fresh, now).id == session.id != sessions.resume(conn, planted, now).id


def test_step_up_opens_a_short_window_and_kills_the_old_token(conn: Connection, member: Person, now: datetime) -> None:
    old, session = sessions.start(conn, member, now, HOME)
    new, raised = sessions.step_up(conn, old, now, "totp")
    assert raised.id == session.id
    assert raised.stepped_up(now) and raised.stepped_up(now + 4 * MINUTE) and not raised.stepped_up(now + 5 * MINUTE)
    assert not session.stepped_up(now)
    with pytest.raises(NoSession):
        sessions.resume(conn, old, now)
    resumed = sessions.resume(conn, new, now)
    assert directory.subject_of(conn, resumed).stepped_up_until == raised.stepped_up_until


def test_of_two_exchanges_of_one_token_exactly_one_succeeds(conn: Connection, member: Person, now: datetime) -> None:
    token, session = sessions.start(conn, member, now, HOME)
    with patch.object(sessions, "look_up", return_value=session):  # both have looked before either writes
        sessions.rotate(conn, token, now)
        with pytest.raises(NoSession):
            sessions.rotate(conn, token, now)


def test_rotation_keeps_the_step_up_window(conn: Connection, member: Person, now: datetime) -> None:
    first, _ = sessions.start(conn, member, now, HOME)
    second, _ = sessions.step_up(conn, first, now, "totp", minutes=2)
    token, rotated = sessions.rotate(conn, second, now + MINUTE)
    assert rotated.stepped_up_until == now + 2 * MINUTE
    assert sessions.look_up(conn, token, now + MINUTE) == rotated


@pytest.mark.parametrize("token", ["", "x", "\udc80", "a" * 10_000])
def test_a_foreign_token_is_no_session(conn: Connection, member: Person, now: datetime, token: str) -> None:
    with pytest.raises(NoSession):
        sessions.resume(conn, token, now)


def test_a_revoked_token_stays_dead(conn: Connection, member: Person, now: datetime) -> None:
    token, session = sessions.start(conn, member, now, HOME)
    sessions.revoke(conn, session.id, now)
    sessions.revoke(conn, session.id, now + MINUTE)
    for later in (timedelta(0), MINUTE, timedelta(days=2)):
        with pytest.raises(NoSession):
            sessions.resume(conn, token, now + later)
    with pytest.raises(NoSession):
        sessions.step_up(conn, token, now, "totp")
    assert conn.execute(select(session_table.c.revoked_at)).scalar_one() == now


def test_revoking_all_ends_every_session_and_names_the_open_ones(
    conn: Connection, member: Person, now: datetime
) -> None:
    tokens = [sessions.start(conn, member, now, HOME) for _ in range(3)]
    sessions.revoke(conn, tokens[0][1].id, now)
    assert set(sessions.revoke_all(conn, member.id, now)) == {tokens[1][1].id, tokens[2][1].id}
    assert sessions.list_sessions(conn, member.id, now) == []
    for token, _ in tokens:
        with pytest.raises(NoSession):
            sessions.resume(conn, token, now)


def test_disabling_an_account_ends_its_sessions_at_once(conn: Connection, member: Person, now: datetime) -> None:
    token, _ = sessions.start(conn, member, now, HOME)
    directory.disable_person(conn, member.id, now)
    with pytest.raises(NoSession):
        sessions.resume(conn, token, now)


def test_a_session_expires_when_idle_and_lives_while_used(conn: Connection, member: Person, now: datetime) -> None:
    policy = SessionPolicy(absolute=timedelta(hours=1), idle=15 * MINUTE)
    token, _ = sessions.start(conn, member, now, HOME, policy)
    for minutes in (14, 28, 42, 56):
        assert sessions.resume(conn, token, now + minutes * MINUTE).last_seen_at == now + minutes * MINUTE
    with pytest.raises(SessionExpired):  # the absolute end
        sessions.resume(conn, token, now + 60 * MINUTE)
    other, session = sessions.start(conn, member, now, HOME, policy)
    assert sessions.look_up_id(conn, session.id, now + 14 * MINUTE) == session
    with pytest.raises(SessionExpired):
        sessions.resume(conn, other, now + 15 * MINUTE)
    with pytest.raises(SessionExpired):  # nor can it be rotated back to life
        sessions.rotate(conn, other, now + 15 * MINUTE)
    with pytest.raises(SessionExpired):
        sessions.look_up_id(conn, session.id, now + 15 * MINUTE)


def test_use_is_recorded_at_most_once_a_minute(conn: Connection, member: Person, now: datetime) -> None:
    token, _ = sessions.start(conn, member, now, HOME)
    assert sessions.resume(conn, token, now + timedelta(seconds=59)).last_seen_at == now
    assert sessions.resume(conn, token, now + MINUTE).last_seen_at == now + MINUTE


def test_the_profiles_give_administrators_less_time() -> None:
    strict = SESSION_POLICIES["vn-l3"]
    assert strict.idle_for({OrgRole.MEMBER}) == 15 * MINUTE
    assert strict.idle_for({OrgRole.ADMINISTRATOR}) == 5 * MINUTE
    assert SESSION_POLICIES["default"].idle_for({OrgRole.ADMINISTRATOR}) <= 15 * MINUTE


def test_ended_sessions_are_forgotten(conn: Connection, member: Person, now: datetime) -> None:
    sessions.start(conn, member, now, HOME)
    assert sessions.forget_ended(conn, now) == 0
    assert sessions.forget_ended(conn, now + timedelta(days=1)) == 1
