"""One's own account: sessions, password, second factor."""

from base64 import b32decode
from datetime import UTC, datetime

import pytest

from auth import totp, welcome
from auth.audit.entry import Action, Outcome
from auth.directory import get_person
from auth.sessions import Source, start
from signaling import demo
from signaling.http.pipeline import COOKIE
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Client, Hub, Refused

NEXT = "sáu con cò trắng bay"


async def other_browser(hub: Hub, username: str, *, address: str = "203.0.113.9") -> Client:
    """Return a second browser in which somebody is signed in."""
    source = Source(address, "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0")

    token = await hub.write(
        lambda tx: start(tx.conn, get_person(tx.conn, hub.seed.people[username]), tx.now, source)[0]
    )
    client = await hub.nobody()
    client.session.cookie_jar.update_cookies({COOKIE: token}, hub.server.make_url("/"))
    return client


async def enrol(client: Client) -> list[str]:
    """Set up an authenticator and return the recovery codes."""
    secret = (await client.call("POST", "/account/second-factor"))["secret"]
    code = totp.code_at(b32decode(secret), totp.counter_at(datetime.now(UTC)))
    answer = await client.call("POST", "/account/second-factor/confirmation", json={"code": code})
    codes: list[str] = answer["codes"]
    return codes


# --- sessions ---


async def test_the_own_sessions_are_listed_and_nobody_elses(hub: Hub) -> None:
    await other_browser(hub, "north")
    await other_browser(hub, "delta")
    listed = (await hub.call("north", "GET", "/account"))["sessions"]
    assert [one["current"] for one in listed] == [False, True]
    assert (listed[0]["address"], "Firefox" in listed[0]["userAgent"]) == ("203.0.113.9", True)


async def test_an_ended_session_is_over_at_once_on_its_sockets_too(hub: Hub) -> None:
    other = await other_browser(hub, "north")
    live = await hub.socket(other)
    await live.settle()
    client = await hub.client("north")
    mine = (await client.call("GET", "/account"))["sessions"]
    ended = next(one["id"] for one in mine if not one["current"])
    await client.call("DELETE", f"/account/sessions/{ended}")
    assert (await live.of_type("session_ended"))["reason"] == "revoked"
    await live.closed()
    with pytest.raises(Refused, match="no_session"):
        await other.call("GET", "/session")
    entry = (await hub.log(action=Action.SESSION_REVOKE))[0].entry
    assert (entry.actor, entry.object_id) == (hub.seed.people["north"], ended)
    await client.call("GET", "/session")


async def test_all_others_end_and_this_one_stays(hub: Hub) -> None:
    others = [await other_browser(hub, "north") for _ in range(3)]
    client = await hub.client("north")
    await client.call("DELETE", "/account/sessions")
    for one in others:
        with pytest.raises(Refused, match="no_session"):
            await one.call("GET", "/session")
    assert len((await client.call("GET", "/account"))["sessions"]) == 1


async def test_nobody_ends_somebody_elses_session(hub: Hub) -> None:
    theirs = (await hub.call("delta", "GET", "/account"))["sessions"][0]["id"]
    for wanted in (theirs, "x" * 20):
        with pytest.raises(Refused, match="not_found"):
            await hub.call("north", "DELETE", f"/account/sessions/{wanted}")
    await hub.call("delta", "GET", "/session")


# --- the password ---


async def test_a_changed_password_is_the_only_one_and_ends_all_other_sessions(hub: Hub) -> None:
    other, client = await other_browser(hub, "north"), await hub.client("north")
    before = client.cookie()
    await client.call("POST", "/account/password", json={"current": demo.PASSWORD, "next": NEXT})
    assert client.cookie() not in ("", before)
    await client.call("GET", "/session")
    with pytest.raises(Refused, match="no_session"):
        await other.call("GET", "/session")
    stranger = await hub.nobody()
    for password, status in ((demo.PASSWORD, 401), (NEXT, 200)):
        answer = await stranger.raw("POST", "/session", json={"username": "north", "password": password})
        assert answer.status == status
    assert (await hub.log(action=Action.PASSWORD_CHANGE))[0].entry.outcome is Outcome.SUCCESS


async def test_changing_the_password_ends_a_reset_link_that_was_not_used(hub: Hub) -> None:
    north, client = hub.seed.people["north"], await hub.client("north")
    token = await hub.write(lambda tx: welcome.make_link(tx.conn, north, tx.now, welcome.RESET))
    await client.call("POST", "/account/password", json={"current": demo.PASSWORD, "next": NEXT})
    with pytest.raises(Refused, match="link_invalid"):
        await (await hub.nobody()).call("POST", "/welcome/look-up", json={"token": token})


async def test_a_wrong_present_password_changes_nothing_and_is_slowed_down(hub: Hub) -> None:
    client = await hub.client("north")
    for _ in range(5):
        with pytest.raises(Refused, match="wrong_password"):
            await client.call("POST", "/account/password", json={"current": "wrong", "next": NEXT})
    with pytest.raises(Refused, match="throttled"):
        await client.call("POST", "/account/password", json={"current": demo.PASSWORD, "next": NEXT})
    failure = (await hub.log(action=Action.PASSWORD_CHANGE))[0].entry
    assert (failure.outcome, failure.actor) == (Outcome.FAILURE, hub.seed.people["north"])


@pytest.mark.parametrize("weak", ["short", "minhtung2026!", "password12345", "aaaaaaaaaaaaaaaa"])
async def test_a_password_that_others_would_guess_is_refused(hub: Hub, weak: str) -> None:
    with pytest.raises(Refused, match="weak_password"):
        await hub.call("north", "POST", "/account/password", json={"current": demo.PASSWORD, "next": weak})


async def test_the_present_password_is_not_a_new_one_and_trying_it_is_no_failure(hub: Hub) -> None:
    client = await hub.client("north")
    for _ in range(6):
        with pytest.raises(Refused, match="password_reused"):
            await client.call("POST", "/account/password", json={"current": demo.PASSWORD, "next": demo.PASSWORD})


async def test_the_strict_policy_bars_earlier_passwords_too(start: StartHub) -> None:
    async with start(session_policy="vn-l3") as hub:
        client = await hub.client("north")
        await client.call("POST", "/account/password", json={"current": demo.PASSWORD, "next": NEXT})
        with pytest.raises(Refused, match="password_reused"):
            await client.call("POST", "/account/password", json={"current": NEXT, "next": demo.PASSWORD})
        assert (await client.call("GET", "/account"))["passwordsBarred"] == 10


async def test_the_default_policy_lets_an_earlier_password_come_back(hub: Hub) -> None:
    client = await hub.client("north")
    await client.call("POST", "/account/password", json={"current": demo.PASSWORD, "next": NEXT})
    await client.call("POST", "/account/password", json={"current": NEXT, "next": demo.PASSWORD})


# --- the second factor ---


async def test_changing_factors_needs_a_fresh_proof(hub: Hub) -> None:
    client = await hub.client("north")
    for method, path in (
        ("POST", "/account/second-factor"),
        ("DELETE", "/account/second-factor"),
        ("POST", "/account/recovery-codes"),
    ):
        with pytest.raises(Refused, match="step_up_required"):
            await client.call(method, path)


async def test_who_has_no_duty_may_enrol_and_remove_again(hub: Hub) -> None:
    client = await hub.client("north", fresh=True)
    await enrol(client)
    held = await client.call("GET", "/account")
    assert (held["enforced"], held["recoveryCodesLeft"]) == (False, 10)
    assert held["authenticatorSince"] is not None
    await client.call("DELETE", "/account/second-factor")
    assert (await client.call("GET", "/account"))["authenticatorSince"] is None
    assert await hub.log(action=Action.FACTOR_REMOVE)
    with pytest.raises(Refused, match="not_found"):
        await client.call("DELETE", "/account/second-factor")


async def test_a_session_that_the_password_alone_opened_does_not_outlive_the_enrolment(hub: Hub) -> None:
    client, other = await hub.client("north", fresh=True), await other_browser(hub, "north")
    live = await hub.socket(other)
    await live.settle()
    await enrol(client)
    assert (await live.of_type("session_ended"))["reason"] == "revoked"
    with pytest.raises(Refused, match="no_session"):
        await other.call("GET", "/session")
    await client.call("GET", "/session")


@pytest.mark.parametrize("username", ["secretary", "chair", "officer", "admin"])
async def test_a_second_factor_that_a_duty_demands_can_be_replaced_and_not_removed(hub: Hub, username: str) -> None:
    client = await hub.client(username, fresh=True)
    assert (await client.call("GET", "/account"))["enforced"] is True
    with pytest.raises(Refused, match="factor_enforced") as refused:
        await client.call("DELETE", "/account/second-factor")
    assert refused.value.status == 409
    await enrol(client)
    with pytest.raises(Refused, match="wrong_code"):
        await client.call("POST", "/session/step-up", json={"code": _demo_code()})
    assert (await hub.log(action=Action.FACTOR_ENROL))[0].entry.details["replaced"] is True


def _demo_code() -> str:
    return totp.code_at(demo.SECRET, totp.counter_at(datetime.now(UTC)))


async def test_new_recovery_codes_void_the_old_ones(hub: Hub) -> None:
    client = await hub.client("north", fresh=True)
    old = await enrol(client)
    new = (await client.call("POST", "/account/recovery-codes"))["codes"]
    with pytest.raises(Refused, match="wrong_code"):
        await client.call("POST", "/session/step-up", json={"code": old[0]})
    await client.call("POST", "/session/step-up", json={"code": new[0]})
    assert (await client.call("GET", "/account"))["recoveryCodesLeft"] == 9
    assert await hub.log(action=Action.RECOVERY_CODES)


async def test_there_are_no_recovery_codes_without_an_authenticator(hub: Hub) -> None:
    client = await hub.client("north", fresh=True)
    with pytest.raises(Refused, match="not_found"):
        await client.call("POST", "/account/recovery-codes")
    with pytest.raises(Refused, match="no_enrolment"):
        await client.call("POST", "/account/second-factor/confirmation", json={"code": "123456"})
