"""Signing in in two steps, stepping up with a code, who must have a second factor, and what a demo offers."""

import asyncio
import logging
from base64 import b32decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from sqlalchemy import update

from auth import pending, totp
from auth.audit.entry import Action, Outcome
from auth.factor_tables import pending_sign_in
from auth.factors import replace_recovery_codes, reset_factors
from auth.model import MeetingRole
from auth.permissions import WITHOUT_FACTOR, Permission
from auth.sessions import Source
from meetings import participant_store
from signaling import demo
from signaling.http.pipeline import COOKIE
from signaling.http.route import Route
from signaling.http.session import PENDING
from signaling.http.table import ROUTES
from signaling.live.keep_alive import reevaluate
from tests.signaling import requests
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Client, Hub, Refused

CHAIR = {"username": "chair", "password": demo.PASSWORD}


async def half_way(hub: Hub) -> Client:
    """Return a browser in which the chair has given the password."""
    client = await hub.nobody()
    answer = await client.raw("POST", "/session", json=CHAIR)
    assert (answer.status, await answer.json()) == (200, {"me": None, "recoveryCodesLeft": None})
    return client


def pending_of(client: Client) -> str:
    return next((one.value for one in client.session.cookie_jar if one.key == PENDING), "")


async def test_after_the_password_nobody_is_signed_in_before_the_code(hub: Hub) -> None:
    client = await half_way(hub)
    assert client.cookie() == ""
    with pytest.raises(Refused, match="no_session"):
        await client.call("GET", "/session")
    client.session.cookie_jar.update_cookies({COOKIE: pending_of(client)}, hub.server.make_url("/"))
    with pytest.raises(Refused, match="no_session"):
        await client.call("GET", "/session")
    assert not await hub.log(action=Action.LOGON)


async def test_the_code_opens_the_session_and_the_log_names_both_factors(hub: Hub) -> None:
    client = await half_way(hub)
    answer = await client.raw("POST", "/session/code", json={"code": await hub.code("chair")})
    body = await answer.json()
    assert (body["me"]["name"], body["me"]["secondFactor"]) == ("Hoàng Lan", "enrolled")
    assert (await client.call("GET", "/session"))["name"] == "Hoàng Lan"
    assert (await hub.log(action=Action.LOGON))[0].entry.details["factor"] == "password+totp"
    flags = next(one.lower() for one in answer.headers.getall("Set-Cookie") if one.startswith(COOKIE))
    assert "httponly" in flags and "secure" in flags and "samesite=strict" in flags
    assert pending_of(client) == ""


async def test_the_token_of_the_first_step_is_out_of_reach_of_scripts_and_stored_as_a_hash(hub: Hub) -> None:
    client = await hub.nobody()
    answer = await client.raw("POST", "/session", json=CHAIR)
    cookie = answer.headers["Set-Cookie"].lower()
    assert cookie.startswith(PENDING.lower()) and "httponly" in cookie and "max-age=300" in cookie
    assert pending_of(client) not in await answer.text()
    stored = await hub.services.db.read(lambda conn: conn.execute(pending_sign_in.select()).one())
    assert pending_of(client).encode() not in stored.token_hash


async def test_of_two_parallel_second_steps_with_one_code_exactly_one_signs_in(hub: Hub) -> None:
    one, other = await half_way(hub), await half_way(hub)
    body = {"code": await hub.code("chair")}
    answers = await asyncio.gather(*(client.raw("POST", "/session/code", json=body) for client in (one, other)))
    assert sorted(answer.status for answer in answers) == [200, 401]
    assert {(await answer.json())["error"]["code"] for answer in answers if answer.status == 401} == {"wrong_code"}
    assert len(await hub.log(action=Action.LOGON)) == 1


async def test_one_first_step_makes_one_session(hub: Hub) -> None:
    client = await half_way(hub)
    token = pending_of(client)
    await client.call("POST", "/session/code", json={"code": await hub.code("chair")})
    client.session.cookie_jar.update_cookies({PENDING: token}, hub.server.make_url("/"))
    with pytest.raises(Refused, match="sign_in_expired") as refused:
        await client.call("POST", "/session/code", json={"code": await hub.code("chair")})
    assert refused.value.status == 401


async def test_a_first_step_ends_after_five_minutes(hub: Hub) -> None:
    client = await half_way(hub)
    past = datetime.now(UTC) - timedelta(seconds=1)
    await hub.write(lambda tx: tx.conn.execute(update(pending_sign_in).values(expires_at=past)) and None)
    with pytest.raises(Refused, match="sign_in_expired"):
        await client.call("POST", "/session/code", json={"code": await hub.code("chair")})


async def test_a_first_step_is_for_its_source_alone(hub: Hub) -> None:
    client = await half_way(hub)
    elsewhere = update(pending_sign_in).values(source="192.0.2.1")
    await hub.write(lambda tx: tx.conn.execute(elsewhere) and None)
    with pytest.raises(Refused, match="sign_in_expired"):
        await client.call("POST", "/session/code", json={"code": await hub.code("chair")})


async def test_a_code_without_a_first_step_opens_nothing(hub: Hub) -> None:
    client = await hub.nobody()
    with pytest.raises(Refused, match="sign_in_expired"):
        await client.call("POST", "/session/code", json={"code": await hub.code("chair")})


async def test_wrong_codes_are_slowed_down_with_the_password_and_the_right_password_forgives_nothing(hub: Hub) -> None:
    client = await half_way(hub)
    for _ in range(5):
        with pytest.raises(Refused, match="wrong_code"):
            await client.call("POST", "/session/code", json={"code": "x"})
    assert (await client.raw("POST", "/session", json=CHAIR)).status == 429
    failures = [one.entry for one in await hub.log(action=Action.LOGON_FAILURE)]
    assert [(one.actor, one.outcome) for one in failures] == [(hub.seed.people["chair"], Outcome.FAILURE)] * 5
    assert {one.details["factor"] for one in failures} == {"code"}


async def test_after_a_few_wrong_codes_the_password_has_to_be_given_again(hub: Hub) -> None:
    client = await half_way(hub)
    forgive = "DELETE FROM login_failure"
    for _ in range(pending.MAX_FAILURES):
        with pytest.raises(Refused, match="wrong_code"):
            await client.call("POST", "/session/code", json={"code": "x"})
        await hub.write(lambda tx: tx.conn.exec_driver_sql(forgive) and None)
    with pytest.raises(Refused, match="sign_in_expired"):
        await client.call("POST", "/session/code", json={"code": await hub.code("chair")})


async def test_a_spent_code_stays_spent_after_a_restart(start: StartHub) -> None:
    async with start() as hub:
        body = {"code": await hub.code("chair")}
        await (await half_way(hub)).call("POST", "/session/code", json=body)
    async with start() as hub:
        with pytest.raises(Refused, match="wrong_code"):
            await (await half_way(hub)).call("POST", "/session/code", json=body)


async def test_of_parallel_uses_of_a_recovery_code_exactly_one_counts_and_it_is_logged(hub: Hub) -> None:
    chair = hub.seed.people["chair"]
    codes = await hub.write(lambda tx: replace_recovery_codes(tx.conn, chair))
    clients = [await half_way(hub) for _ in range(3)]
    answers = await asyncio.gather(*(one.raw("POST", "/session/code", json={"code": codes[0]}) for one in clients))
    assert sorted(one.status for one in answers) == [200, 401, 401]
    assert [(await one.json())["recoveryCodesLeft"] for one in answers if one.status == 200] == [9]
    used = (await hub.log(action=Action.RECOVERY_CODE_USE))[0].entry
    assert (used.actor, used.details["left"]) == (chair, 9)
    assert (await hub.log(action=Action.LOGON))[0].entry.details["factor"] == "password+recovery_code"


async def test_the_strict_policy_keeps_out_for_hours(start: StartHub) -> None:
    async with start(session_policy="vn-l3") as hub:
        assert hub.services.throttle.longest == timedelta(hours=12)
        far = "UPDATE login_failure SET failures = 60"
        client = await hub.nobody()
        assert (await client.raw("POST", "/session", json=CHAIR | {"password": "wrong"})).status == 401
        await hub.write(lambda tx: tx.conn.exec_driver_sql(far) and None)
        error = (await (await client.raw("POST", "/session", json=CHAIR)).json())["error"]
        assert error["params"]["seconds"] > 11 * 3600


# --- stepping up ---


async def test_the_password_is_not_enough_to_step_up_for_who_has_a_second_factor(hub: Hub) -> None:
    client = await hub.client("secretary")
    with pytest.raises(Refused, match="code_required"):
        await client.call("POST", "/session/step-up", json={"password": demo.PASSWORD})
    with pytest.raises(Refused, match="step_up_required"):
        await client.call("POST", f"/meetings/{hub.seed.ours.meeting}/convene")
    failure = (await hub.log(action=Action.STEP_UP))[0].entry
    assert (failure.outcome, failure.details["factor"]) == (Outcome.FAILURE, "password")


async def test_a_code_steps_up_once(hub: Hub) -> None:
    client, body = await hub.client("secretary"), {"code": await hub.code("secretary")}
    assert (await client.call("POST", "/session/step-up", json=body))["steppedUpUntil"] is not None
    with pytest.raises(Refused, match="wrong_code"):
        await client.call("POST", "/session/step-up", json=body)
    failure, success = (one.entry for one in await hub.log(action=Action.STEP_UP))
    assert (success.outcome, success.details["factor"]) == (Outcome.SUCCESS, "totp")
    assert failure.outcome is Outcome.FAILURE


async def test_a_code_that_opened_the_session_does_not_step_up_too(hub: Hub) -> None:
    client, body = await half_way(hub), {"code": await hub.code("chair")}
    await client.call("POST", "/session/code", json=body)
    with pytest.raises(Refused, match="wrong_code"):
        await client.call("POST", "/session/step-up", json=body)


async def test_a_step_up_wants_one_proof(hub: Hub) -> None:
    client = await hub.client("north")
    for body in ({}, {"password": "x", "code": "y"}):
        with pytest.raises(Refused, match="invalid"):
            await client.call("POST", "/session/step-up", json=body)


async def test_codes_are_counted_for_the_person_whatever_the_address(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await hub.client("secretary")
    monkeypatch.setattr("signaling.http.step_up.source", _many_addresses())
    answers = [await client.raw("POST", "/session/step-up", json={"code": "x"}) for _ in range(21)]
    assert [one.status for one in answers] == [401] * 20 + [429]


def _many_addresses() -> Callable[[web.Request], Source]:
    numbers = iter(range(1, 250))
    return lambda _request: Source(f"198.51.100.{next(numbers)}")


# --- who must have one ---


async def without_factor(hub: Hub, username: str) -> Client:
    """Return the browser of somebody whose second factor was reset."""
    await hub.write(lambda tx: reset_factors(tx.conn, hub.seed.people[username]))
    return await hub.client(username)


def _call_for(route: Route, hub: Hub) -> tuple[str, str]:
    return route.method, requests.path(route, hub.seed.ours)


@pytest.mark.parametrize("username", ["secretary", "officer", "admin", "chair"])
async def test_whoever_must_have_a_second_factor_reaches_only_the_account_without_one(hub: Hub, username: str) -> None:
    client = await without_factor(hub, username)
    assert (await client.call("GET", "/session"))["secondFactor"] == "missing"
    for route in ROUTES:
        if route.permission in WITHOUT_FACTOR | {Permission.PUBLIC}:
            continue
        method, path = _call_for(route, hub)
        answer = await client.raw(method, path, **requests.arguments(route))
        assert answer.status == 403, path
        assert (await answer.json())["error"]["code"] == "second_factor_required", path
    assert (await client.raw("GET", "/account")).status == 200
    denied = (await hub.log(action=Action.DENIAL))[0].entry
    assert denied.details["reason"] == "second_factor_required"


async def test_enrolling_opens_everything_at_once(hub: Hub) -> None:
    await without_factor(hub, "secretary")
    client = await hub.nobody()
    signed_in = await client.call("POST", "/session", json=CHAIR | {"username": "secretary"})
    assert signed_in["me"]["secondFactor"] == "missing"
    enrolment = await client.call("POST", "/account/second-factor")  # the password was given just now
    secret = enrolment["secret"]
    assert secret in enrolment["uri"] and len(enrolment["qr"]) == len(enrolment["qr"][0])
    with pytest.raises(Refused, match="wrong_code"):
        await client.call("POST", "/account/second-factor/confirmation", json={"code": "x"})
    codes = await client.call("POST", "/account/second-factor/confirmation", json={"code": _code(secret)})
    assert len(codes["codes"]) == 10
    assert (await client.call("GET", "/session"))["secondFactor"] == "enrolled"
    await client.call("GET", f"/meetings/{hub.seed.ours.meeting}")
    enrolled, failed = [one.entry for one in await hub.log(action=Action.FACTOR_ENROL)]
    assert (enrolled.actor, enrolled.details["replaced"]) == (hub.seed.people["secretary"], False)
    assert (failed.actor, failed.outcome) == (hub.seed.people["secretary"], Outcome.FAILURE)


def _code(secret: str) -> str:
    return totp.code_at(b32decode(secret), totp.counter_at(datetime.now(UTC)))


async def test_who_becomes_chair_needs_a_second_factor_from_the_next_request_on(hub: Hub) -> None:
    await hub.convene()
    meeting, north = hub.seed.ours.meeting, hub.seed.people["north"]
    client, live = await hub.client("north"), await hub.live("north")
    await client.call("GET", f"/meetings/{meeting}")
    await live.request("subscribe", meetingId=meeting)
    await hub.change(
        lambda tx: participant_store.change_participant(
            tx.conn, meeting, north, MeetingRole.CHAIR, entitled=True, now=tx.now
        )
    )
    for path in (f"/meetings/{meeting}", "/meetings", "/directory"):
        with pytest.raises(Refused, match="second_factor_required"):
            await client.call("GET", path)
    with pytest.raises(Refused, match="second_factor_required"):
        await live.request("attend", meetingId=meeting, mode="remote")
    await reevaluate(hub.services)
    await live.of_type("resync")
    with pytest.raises(Refused, match="second_factor_required"):
        await live.request("subscribe", meetingId=meeting)


async def test_the_duty_ends_with_the_meeting(hub: Hub) -> None:
    client = await without_factor(hub, "chair")
    with pytest.raises(Refused, match="second_factor_required"):
        await client.call("GET", "/meetings")
    await hub.call(
        "secretary",
        "POST",
        f"/meetings/{hub.seed.ours.meeting}/transitions",
        json={"to": "cancelled", "reason": "Không đủ người"},
    )
    assert (await client.call("GET", "/session"))["secondFactor"] == "none"
    await client.call("GET", "/meetings")


# --- the demo ---


async def test_nothing_of_the_demo_exists_anywhere_else(hub: Hub) -> None:
    client = await half_way(hub)
    text = await (await client.raw("GET", "/entrance")).text()
    assert '"demo":null' in text
    assert demo.PASSWORD not in text
    assert (await client.raw("GET", "/entrance/demo-code")).status == 404
    signed_in = await hub.client("secretary")
    assert (await signed_in.raw("GET", "/entrance/demo-code")).status == 404
    assert hub.services.code_window == 1


async def test_a_demo_offers_its_accounts_and_codes_that_are_not_spent(start: StartHub) -> None:
    async with start(demo=True) as hub:
        client = await half_way(hub)
        offered = (await client.call("GET", "/entrance"))["demo"]
        assert offered["password"] == demo.PASSWORD
        assert [one["username"] for one in offered["accounts"]] == [one.username for one in demo.ACCOUNTS]
        first = (await client.call("GET", "/entrance/demo-code"))["code"]
        await client.call("POST", "/session/code", json={"code": first})
        seen = {first}
        for _ in range(5):
            code = (await client.call("GET", "/entrance/demo-code"))["code"]
            assert code not in seen
            seen.add(code)
            await client.call("POST", "/session/step-up", json={"code": code})


async def test_a_demo_offers_no_code_to_nobody_and_none_of_an_authenticator_that_is_not_the_demos(
    start: StartHub,
) -> None:
    async with start(demo=True) as hub:
        assert (await (await hub.nobody()).raw("GET", "/entrance/demo-code")).status == 404
        client = await hub.client("chair", fresh=True)
        secret = (await client.call("POST", "/account/second-factor"))["secret"]
        await client.call("POST", "/account/second-factor/confirmation", json={"code": _code(secret)})
        assert (await client.raw("GET", "/entrance/demo-code")).status == 404


async def test_nothing_secret_is_logged(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = await half_way(hub)
    token, code = pending_of(client), await hub.code("chair")
    await client.call("POST", "/session/code", json={"code": code})
    cookie = client.cookie()
    await client.raw("POST", "/session/step-up", json={"code": code})
    client = await hub.client("north", fresh=True)
    enrolment = await client.call("POST", "/account/second-factor")
    codes = await client.call("POST", "/account/second-factor/confirmation", json={"code": _code(enrolment["secret"])})
    told = caplog.text + str([dict(one.entry.details) for one in await hub.log(limit=100)])
    for secret in (token, cookie, code, demo.PASSWORD, enrolment["secret"], *codes["codes"]):
        assert secret not in told


async def test_what_is_signed_names_the_factor_of_the_step_up(hub: Hub) -> None:
    client = await hub.client("secretary")
    await client.call("POST", "/session/step-up", json={"code": await hub.code("secretary")})
    await client.call("POST", f"/meetings/{hub.seed.ours.meeting}/convene")
    signed = await hub.log(action=Action.DOCUMENT_SIGN)
    assert {one.entry.details["factor"] for one in signed} == {"totp"}
    stored = await hub.services.db.read(
        lambda conn: conn.exec_driver_sql("SELECT factor FROM signature").scalars().all()
    )
    assert set(stored) == {"totp"}
