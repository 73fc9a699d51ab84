from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from auth import directory, welcome
from auth.directory import Person
from auth.errors import LinkInvalid
from auth.tables import welcome_link


def test_a_link_opens_once_and_only_its_hash_is_kept(conn: Connection, member: Person, now: datetime) -> None:
    token = welcome.make_link(conn, member.id, now, welcome.RESET)
    assert len(token) >= 43
    row = conn.execute(select(welcome_link)).one()
    assert token not in str(row)
    assert welcome.link_owner(conn, token, now) == member
    assert welcome.use_link(conn, token, now) == member
    with pytest.raises(LinkInvalid):
        welcome.use_link(conn, token, now)


def test_a_link_ends_with_its_time(conn: Connection, member: Person, now: datetime) -> None:
    token = welcome.make_link(conn, member.id, now, welcome.RESET)
    last = now + welcome.RESET - timedelta(milliseconds=1)
    assert welcome.link_owner(conn, token, last) == member
    assert welcome.links_until(conn, last) == {member.id: now + welcome.RESET}
    with pytest.raises(LinkInvalid):
        welcome.use_link(conn, token, now + welcome.RESET)
    assert welcome.forget_links(conn, last) == 0
    assert welcome.forget_links(conn, now + welcome.RESET) == 1


def test_a_newer_link_ends_the_older(conn: Connection, member: Person, now: datetime) -> None:
    older = welcome.make_link(conn, member.id, now, welcome.RESET)
    newer = welcome.make_link(conn, member.id, now, welcome.RESET)
    with pytest.raises(LinkInvalid):
        welcome.link_owner(conn, older, now)
    welcome.end_link(conn, member.id)
    with pytest.raises(LinkInvalid):
        welcome.link_owner(conn, newer, now)


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\ud800", "é"])
def test_what_is_no_token_opens_nothing(conn: Connection, member: Person, now: datetime, token: str) -> None:
    welcome.make_link(conn, member.id, now, welcome.RESET)
    with pytest.raises(LinkInvalid):
        welcome.link_owner(conn, token, now)


def test_a_disabled_account_has_no_way_in(conn: Connection, member: Person, now: datetime) -> None:
    token = welcome.make_link(conn, member.id, now, welcome.RESET)
    directory.disable_person(conn, member.id, now)
    with pytest.raises(LinkInvalid):
        welcome.use_link(conn, token, now)


def test_links_for_many_are_made_at_once(conn: Connection, member: Person, now: datetime) -> None:
    assert welcome.make_links(conn, [], now, welcome.NEW_ACCOUNT) == {}
    tokens = welcome.make_links(conn, [member.id], now, welcome.NEW_ACCOUNT)
    assert welcome.use_link(conn, tokens[member.id], now) == member
