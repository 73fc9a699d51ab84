"""Signing in, stepping up, signing out, and what becomes of sockets meanwhile."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from auth.audit.entry import Action, Outcome
from auth.directory import disable_person, set_clearance
from auth.model import Label
from auth.password_history import change_password
from auth.passwords import hash_password
from auth.tables import session as session_table
from signaling.http.pipeline import COOKIE
from signaling.live.keep_alive import reevaluate
from tests.signaling.hub import Hub, Refused
from tests.signaling.seed import PASSWORD

RIGHT = {"username": "north", "password": PASSWORD}  # nobody whose duties demand a second factor
WRONG = {"username": "north", "password": "not the password"}


async def test_the_session_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(hub: Hub) -> None:
    answer = await (await hub.nobody()).raw("POST", "/session", json=RIGHT)
    assert answer.status == 200
    assert (await answer.json())["me"]["name"] == "Minh Tùng"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=") and COOKIE.startswith("__Host-")
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)
    assert len(re.split("[=;]", cookie)[1]) >= 43  # 256 bits
    logon = (await hub.log(action=Action.LOGON))[0].entry
    assert logon.details["factor"] == "password"


async def test_a_planted_cookie_does_not_become_the_session(hub: Hub) -> None:
    client = await hub.nobody()
    planted = "A" * 43
    client.session.cookie_jar.update_cookies({COOKIE: planted}, hub.server.make_url("/"))
    await client.call("POST", "/session", json=RIGHT)
    assert client.cookie() not in ("", planted)
    victim = await hub.nobody()
    victim.session.cookie_jar.update_cookies({COOKIE: planted}, hub.server.make_url("/"))
    with pytest.raises(Refused, match="no_session"):
        await victim.call("GET", "/session")


async def test_a_wrong_password_and_an_unknown_name_look_the_same(hub: Hub) -> None:
    client = await hub.nobody()
    known = await client.raw("POST", "/session", json=WRONG)
    unknown = await client.raw("POST", "/session", json=WRONG | {"username": "nobody-at-all"})
    assert known.status == unknown.status == 401
    assert await known.json() == await unknown.json()
    assert (await known.json())["error"]["code"] == "wrong_password"
    assert "Set-Cookie" not in known.headers
    failure = (await hub.log(action=Action.LOGON_FAILURE))[0].entry
    assert failure.outcome is Outcome.FAILURE


async def test_guessing_is_slowed_down_after_five_failures_also_for_the_right_password(hub: Hub) -> None:
    client = await hub.nobody()
    for _ in range(5):
        assert (await client.raw("POST", "/session", json=WRONG)).status == 401
    answer = await client.raw("POST", "/session", json=RIGHT)
    error = (await answer.json())["error"]
    assert (answer.status, error["code"]) == (429, "throttled")
    assert 1 <= error["params"]["seconds"] <= 3
    spelled_otherwise = await client.raw("POST", "/session", json=RIGHT | {"username": " NORTH "})
    assert spelled_otherwise.status == 429
    other_account = await client.raw("POST", "/session", json=RIGHT | {"username": "delta"})
    assert other_account.status == 200


async def test_guessing_names_does_not_keep_people_behind_the_same_address_out(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auth.throttle.MAX_ACCOUNTS_PER_SOURCE", 3)
    client = await hub.nobody()
    answers = [
        await client.raw("POST", "/session", json=WRONG | {"username": f"guess-{number}"}) for number in range(9)
    ]
    assert [one.status for one in answers] == [401] * 8 + [429]
    for _ in range(2):
        assert (await client.raw("POST", "/session", json=RIGHT)).status == 200


async def test_other_letters_for_the_same_name_are_no_fresh_tries(hub: Hub) -> None:
    client = await hub.nobody()
    for name in ("north", "ｎｏｒｔｈ", "ＮＯＲＴＨ", "NORTH", "ｎorth"):
        assert (await client.raw("POST", "/session", json=WRONG | {"username": name})).status == 401
    spelled_otherwise = "\U0001d427\U0001d428\U0001d42b\U0001d42d\U0001d421"
    assert (await client.raw("POST", "/session", json=WRONG | {"username": spelled_otherwise})).status == 429


async def test_a_crowd_before_the_door_does_not_stop_a_step_up(hub: Hub) -> None:
    client, stranger = await hub.client("delta"), await hub.nobody()
    guesses = [
        asyncio.create_task(stranger.raw("POST", "/session", json=WRONG | {"username": f"guess-{number}"}))
        for number in range(40)
    ]
    stepped_up = await client.call("POST", "/session/step-up", json={"password": PASSWORD})
    assert stepped_up["steppedUpUntil"] is not None
    statuses = [(await guess).status for guess in guesses]
    assert set(statuses) == {401, 503}
    assert (await stranger.raw("POST", "/session", json=RIGHT)).status == 200


async def test_a_step_up_rotates_the_token_and_the_old_one_is_dead(hub: Hub) -> None:
    client = await hub.client("delta")
    before = client.cookie()
    stepped_up = await client.call("POST", "/session/step-up", json={"password": PASSWORD})
    assert stepped_up["steppedUpUntil"] is not None
    assert client.cookie() != before
    await client.call("GET", "/session")
    thief = await hub.nobody()
    thief.session.cookie_jar.update_cookies({COOKIE: before}, hub.server.make_url("/"))
    with pytest.raises(Refused, match="no_session"):
        await thief.call("GET", "/session")
    assert (await hub.log(action=Action.STEP_UP))[0].entry.outcome is Outcome.SUCCESS


async def test_a_failed_step_up_is_logged_and_changes_nothing(hub: Hub) -> None:
    client = await hub.client("secretary")
    before = client.cookie()
    with pytest.raises(Refused, match="wrong_code"):
        await client.call("POST", "/session/step-up", json={"code": "wrong"})
    assert client.cookie() == before
    assert (await hub.log(action=Action.STEP_UP))[0].entry.outcome is Outcome.FAILURE
    with pytest.raises(Refused, match="step_up_required"):
        await client.call("POST", f"/meetings/{hub.seed.ours.meeting}/convene")


async def test_signing_out_ends_the_session_and_its_socket_at_once(hub: Hub) -> None:
    client = await hub.client("chair")
    live = await hub.live("chair")
    await live.settle()
    answer = await client.raw("DELETE", "/session")
    assert answer.status == 204
    assert (await live.of_type("session_ended"))["reason"] == "signed_out"
    await live.closed()
    assert client.cookie() == ""
    client.session.cookie_jar.update_cookies({COOKIE: hub.seed.tokens["chair"]}, hub.server.make_url("/"))
    with pytest.raises(Refused, match="no_session"):
        await client.call("GET", "/session")
    assert await hub.log(action=Action.LOGOFF)


async def test_an_expired_session_is_told_apart_from_none(hub: Hub) -> None:
    long_ago = datetime.now(UTC) - timedelta(seconds=1)
    await hub.write(lambda tx: tx.conn.execute(update(session_table).values(idle_expires_at=long_ago)) and None)
    with pytest.raises(Refused, match="session_expired") as refused:
        await hub.call("chair", "GET", "/session")
    assert refused.value.status == 401
    with pytest.raises(Refused, match="no_session"):
        await (await hub.nobody()).call("GET", "/session")


async def test_a_disabled_person_loses_the_socket_at_the_next_ping(hub: Hub) -> None:
    live = await hub.live("north")
    await live.settle()
    await hub.write(lambda tx: disable_person(tx.conn, hub.seed.people["north"], tx.now))
    await live.socket.send_json({"id": 77, "type": "ping"})
    await live.of_type("session_ended")
    await live.closed()


async def test_a_disabled_person_loses_also_a_socket_that_never_pings(hub: Hub) -> None:
    live, other = await hub.live("north"), await hub.live("delta")
    await live.settle()
    await other.settle()
    await hub.write(lambda tx: disable_person(tx.conn, hub.seed.people["north"], tx.now))
    await reevaluate(hub.services)
    assert (await live.of_type("session_ended"))["reason"] == "no_session"
    await live.closed()
    await other.settle()


async def test_a_lowered_clearance_ends_following_a_meeting(hub: Hub) -> None:
    await hub.convene()
    live = await hub.live("north")
    await live.request("subscribe", meetingId=hub.seed.ours.meeting)
    await hub.write(lambda tx: set_clearance(tx.conn, hub.seed.people["north"], Label.PUBLIC))
    await reevaluate(hub.services)
    await live.of_type("resync")
    await hub.arrive(hub.seed.people["chair"])
    await live.settle()
    assert not [one for one in live.heard if one["type"] == "event"]
    with pytest.raises(Refused, match="not_found"):
        await live.request("subscribe", meetingId=hub.seed.ours.meeting)


async def test_a_session_has_no_more_sockets_than_anybody_needs(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.live.sockets.SOCKETS_PER_SESSION", 1)
    await hub.live("north")
    refused = await (await hub.client("north")).raw("GET", "/live", headers={"Upgrade": "websocket"})
    assert refused.status == 429
    await hub.live("delta")


async def test_signing_in_again_ends_the_session_that_the_browser_had(hub: Hub) -> None:
    client = await hub.client("delta")
    live = await hub.socket(client)
    before = client.cookie()
    await client.call("POST", "/session", json=RIGHT)
    assert (await live.of_type("session_ended"))["reason"] == "signed_out"
    assert (await client.call("GET", "/session"))["name"] == "Minh Tùng"
    thief = await hub.nobody()
    thief.session.cookie_jar.update_cookies({COOKIE: before}, hub.server.make_url("/"))
    with pytest.raises(Refused, match="no_session"):
        await thief.call("GET", "/session")


async def test_a_password_that_is_replaced_while_it_is_checked_lets_nobody_in(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, north = hub.services.passwords.check, hub.seed.people["north"]
    other = await asyncio.to_thread(hash_password, "sáu con cò trắng bay")

    async def check_and_replace(stored: str | None, password: str, source: str) -> None:
        await check(stored, password, source)
        await hub.write(lambda tx: change_password(tx.conn, north, other, tx.now))

    monkeypatch.setattr(hub.services.passwords, "check", check_and_replace)
    client = await hub.nobody()
    with pytest.raises(Refused, match="wrong_password"):
        await client.call("POST", "/session", json={"username": "north", "password": PASSWORD})
    assert client.cookie() == ""
