"""Administrators' routes on a running hub: what acts at once, what is logged, and what stays shut."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import FormData

from auth import accounts, sessions, welcome
from auth.audit.entry import Action
from auth.directory import add_site, disable_person, get_person, password_hash_of, person_by_username
from auth.model import Label, OrgRole, PersonId
from auth.passwords import verify_password
from auth.sessions import Source
from meetings import meeting_store
from signaling import first_start
from signaling.http.administration_import import MAX_BYTES
from signaling.http.pipeline import COOKIE
from signaling.http.table import ROUTES
from tests.signaling import requests
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Client, Hub, Refused

OURS = [route for route in ROUTES if route.path.startswith("/administration")]
WORDS = "bốn từ không liên quan nhau"
NEW = {"details": {"username": "Moi", "name": "Người Mới"}, "rights": {"roles": ["member"], "clearance": 1}}


@pytest.fixture
async def admin(hub: Hub) -> Client:
    """An administrator who has just stepped up."""
    return await hub.client("admin", fresh=True)


def _form(text: str | bytes, **fields: str) -> FormData:
    form = FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    data = text.encode() if isinstance(text, str) else text
    form.add_field("file", io.BytesIO(data), filename="people.csv", content_type="text/csv")
    return form


async def _person(hub: Hub, username: str) -> Any:
    return await hub.services.db.read(lambda conn: person_by_username(conn, username))


@pytest.mark.parametrize("username", ["secretary", "chair", "officer", "hall-north", "north"])
async def test_nobody_else_gets_into_administration(hub: Hub, username: str) -> None:
    client = await hub.client(username, fresh=True)
    for route in OURS:
        answer = await client.raw(route.method, requests.path(route, hub.seed.ours), **requests.arguments(route))
        assert (answer.status, (await answer.json())["error"]["code"]) == (403, "denied"), route


async def test_changes_need_a_fresh_factor_and_reading_does_not(hub: Hub) -> None:
    client = await hub.client("admin")
    for route in OURS:
        answer = await client.raw(route.method, requests.path(route, hub.seed.ours), **requests.arguments(route))
        refused = answer.status == 403 and (await answer.json())["error"]["code"] == "step_up_required"
        assert refused == (route.permission.value == "directory:manage"), route


async def test_a_new_account_comes_in_by_its_link_once(hub: Hub, admin: Client) -> None:
    link = await admin.call("POST", "/administration/people", json=NEW)
    token = link["path"].removeprefix("/welcome#")
    nobody = await hub.nobody()
    owner = await nobody.call("POST", "/welcome/look-up", json={"token": token})
    assert owner == {"username": "moi", "name": "Người Mới", "locale": "vi", "first": True}
    with pytest.raises(Refused, match="weak_password"):
        await nobody.call("POST", "/welcome", json={"token": token, "password": "nguoimoi2026"})
    body = {"token": token, "password": WORDS}
    answers = await asyncio.gather(*(nobody.raw("POST", "/welcome", json=body) for _ in range(3)))
    assert sorted(answer.status for answer in answers) == [204, 410, 410]
    await nobody.call("POST", "/session", json={"username": "moi", "password": WORDS})
    made = (await hub.log(action=Action.PERSON_CREATE))[0].entry
    assert (made.actor, made.object_id) == (hub.seed.people["admin"], link["personId"])
    assert made.details["username"] == "moi"
    assert token not in str(await hub.log(limit=1000))


async def test_guessed_links_are_slowed_down_and_logged(hub: Hub) -> None:
    nobody = await hub.nobody()
    codes = []
    for number in range(22):
        answer = await nobody.raw("POST", "/welcome/look-up", json={"token": f"guess-{number}"})
        codes.append((await answer.json())["error"]["code"])
    assert codes == ["link_invalid"] * 20 + ["throttled"] * 2
    assert len(await hub.log(action=Action.WELCOME_FAILURE)) == 1


async def test_a_link_that_has_ended_opens_nothing(hub: Hub) -> None:
    north = hub.seed.people["north"]
    token = await hub.write(lambda tx: welcome.make_link(tx.conn, north, tx.now, timedelta(seconds=-1)))
    with pytest.raises(Refused, match="link_invalid"):
        await (await hub.nobody()).call("POST", "/welcome", json={"token": token, "password": WORDS})


async def test_a_reset_ends_the_sessions_only_when_the_link_is_used(hub: Hub, admin: Client) -> None:
    north = hub.seed.people["north"]
    socket = await hub.live("north")
    link = await admin.call("POST", f"/administration/people/{north}/welcome-link")
    await socket.settle()
    body = {"token": link["path"].removeprefix("/welcome#"), "password": WORDS}
    await (await hub.nobody()).call("POST", "/welcome", json=body)
    await socket.closed()
    stored = await hub.services.db.read(lambda conn: password_hash_of(conn, north))
    assert stored is not None
    await asyncio.to_thread(verify_password, stored, WORDS)


async def _slowly(first: bytes, rest: bytes, go_on: asyncio.Event) -> AsyncIterator[bytes]:
    yield first
    await go_on.wait()
    yield rest


async def _send_slowly(hub: Hub, admin: Client, method: str, path: str, body: bytes, kind: str) -> str:
    """Send a request of which the half is on its way when the administrator's account is closed; return the answer."""
    go_on = asyncio.Event()
    data = _slowly(body[:9], body[9:], go_on)
    sent = asyncio.create_task(admin.raw(method, path, data=data, headers={"Content-Type": kind}))
    for _ in range(3):  # by then the hub has read the head and decided on it
        await hub.call("north", "GET", "/session")
    mine = hub.seed.people["admin"]
    await hub.write(lambda tx: disable_person(tx.conn, mine, tx.now))
    go_on.set()
    answer = await sent
    return "" if answer.status < 400 else str((await answer.json())["error"]["code"])


async def test_whoever_loses_the_account_while_a_request_is_on_its_way_changes_nothing(hub: Hub, admin: Client) -> None:
    path = f"/administration/people/{hub.seed.people['north']}/lock"
    assert await _send_slowly(hub, admin, "PUT", path, b'{"disabled": true}', "application/json") == "no_session"
    assert (await _person(hub, "north")).disabled_at is None


async def test_stepping_up_in_another_window_does_not_break_what_is_on_its_way(hub: Hub, admin: Client) -> None:
    go_on = asyncio.Event()
    path = f"/administration/people/{hub.seed.people['north']}/lock"
    data, kind = _slowly(b'{"disabled":', b"true}", go_on), {"Content-Type": "application/json"}
    sent = asyncio.create_task(admin.raw("PUT", path, data=data, headers=kind))
    for _ in range(3):
        await hub.call("north", "GET", "/session")
    await hub.client("admin", fresh=True)  # which exchanges the token
    go_on.set()
    assert (await sent).status == 204
    assert (await _person(hub, "north")).disabled_at is not None


async def test_whoever_loses_the_account_during_an_upload_imports_nothing(hub: Hub, admin: Client) -> None:
    text = "username,name,roles\nlan,Lan,administrator\n"
    digest = (await admin.call("POST", "/administration/directory/plan", data=_form(text)))["digest"]
    field = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="p.csv"\r\n\r\n{}\r\n--x--\r\n'
    body = (field.format("digest", digest) + file.format(text)).encode()
    kind = "multipart/form-data; boundary=x"
    assert await _send_slowly(hub, admin, "POST", "/administration/directory", body, kind) == "no_session"
    assert await _person(hub, "lan") is None


async def test_disabling_ends_socket_and_cookie_at_once(hub: Hub, admin: Client) -> None:
    north = hub.seed.people["north"]
    socket = await hub.live("north")
    await admin.call("PUT", f"/administration/people/{north}/lock", json={"disabled": True})
    await socket.closed()
    assert socket.heard[-1] == {"type": "session_ended", "reason": "disabled"}
    with pytest.raises(Refused, match="no_session"):
        await hub.call("north", "GET", "/session")
    entry = (await hub.log(action=Action.PERSON_DISABLE))[0].entry
    assert (entry.actor, entry.object_id) == (hub.seed.people["admin"], north)
    await admin.call("PUT", f"/administration/people/{north}/lock", json={"disabled": False})
    assert (await hub.log(action=Action.PERSON_ENABLE))[0].entry.object_id == north
    with pytest.raises(Refused, match="no_session"):  # the old session does not come back with the account
        await hub.call("north", "GET", "/session")


async def test_a_lower_clearance_closes_a_labelled_meeting_at_once(hub: Hub, admin: Client) -> None:
    await hub.open("north")
    north, meeting = hub.seed.people["north"], hub.seed.ours.meeting
    socket = await hub.live("north")
    await socket.request("subscribe", meetingId=meeting)
    await admin.call("PUT", f"/administration/people/{north}/rights", json={"roles": ["member"], "clearance": 0})
    await socket.closed()
    entry = (await hub.log(action=Action.CLEARANCE_CHANGE))[0].entry
    assert (entry.object_id, entry.details["old"], entry.details["new"]) == (north, 1, 0)
    labelled = await hub.services.db.read(lambda conn: meeting_store.load_meeting(conn, meeting).details.label)
    assert labelled > Label.PUBLIC
    await _sign_in_again(hub, "north", north)
    with pytest.raises(Refused, match="not_found"):
        await hub.call("north", "GET", f"/meetings/{meeting}")


async def _sign_in_again(hub: Hub, username: str, person_id: PersonId) -> None:
    def start(tx: Any) -> str:
        return sessions.start(tx.conn, get_person(tx.conn, person_id), tx.now, Source("::1"))[0]

    client = await hub.client(username)
    client.session.cookie_jar.update_cookies({COOKIE: await hub.write(start)}, hub.server.make_url("/"))


async def test_rights_above_the_ceiling_and_of_ones_own_are_refused(hub: Hub, admin: Client) -> None:
    people = hub.seed.people
    for username, body, code in (
        ("north", {"roles": ["member"], "clearance": 5}, "label_above_ceiling"),
        ("north", {"roles": ["member", "security_officer"]}, "role_conflict"),
        ("admin", {"roles": ["security_officer"]}, "own_account"),
    ):
        with pytest.raises(Refused, match=code):
            await admin.call("PUT", f"/administration/people/{people[username]}/rights", json=body)
    with pytest.raises(Refused, match="own_account"):
        await admin.call("PUT", f"/administration/people/{people['admin']}/lock", json={"disabled": True})
    with pytest.raises(Refused, match="own_account"):
        await admin.call("DELETE", f"/administration/people/{people['admin']}/second-factor")
    with pytest.raises(Refused, match="not_found"):
        await admin.call("GET", "/administration/people/nobody")


async def test_a_change_is_logged_with_old_and_new(hub: Hub, admin: Client) -> None:
    north = hub.seed.people["north"]
    page = await admin.call("GET", f"/administration/people/{north}")
    before = page["account"]
    body = {name: before[name] for name in ("username", "name", "unitId", "siteId")} | {"title": "Mới"}
    await admin.call("PUT", f"/administration/people/{north}", json=body | {"locale": page["locale"]})
    entry = (await hub.log(action=Action.PERSON_CHANGE))[0].entry
    assert (entry.details["old_title"], entry.details["new_title"]) == (before["title"], "Mới")
    assert "new_name" not in entry.details


async def test_sessions_links_and_factors_of_others_can_be_taken_away(hub: Hub, admin: Client) -> None:
    secretary = hub.seed.people["secretary"]
    path = f"/administration/people/{secretary}"
    assert (await admin.call("GET", path))["secondFactor"]
    await admin.call("POST", path + "/welcome-link")
    assert (await admin.call("GET", path))["linkUntil"]
    await admin.call("DELETE", path + "/welcome-link")
    await admin.call("DELETE", path + "/second-factor")
    after = await admin.call("GET", path)
    assert (after["secondFactor"], after["linkUntil"], after["sessions"]) == (False, None, 0)
    await _sign_in_again(hub, "secretary", secretary)
    await admin.call("DELETE", path + "/sessions")
    with pytest.raises(Refused, match="no_session"):
        await hub.call("secretary", "GET", "/session")


async def test_people_are_found_page_by_page(hub: Hub, admin: Client) -> None:
    found = await admin.call("GET", "/administration/people?q=ngoc+bich")
    assert [one["username"] for one in found["people"]] == ["highland"]
    halls = await admin.call("GET", "/administration/people?role=room&page=99")
    assert (halls["page"], halls["pages"], halls["total"]) == (1, 1, 2)
    for query in ("role=king", "state=x", "page=-1"):
        with pytest.raises(Refused, match="invalid"):
            await admin.call("GET", f"/administration/people?{query}")


async def test_places_are_kept_and_logged(hub: Hub, admin: Client) -> None:
    unit = (await admin.call("POST", "/administration/units", json={"name": "Ban Mới"}))["id"]
    site = {"name": "Điểm cầu mới", "unitId": unit, "addressRanges": ["10.9.0.0/16"]}
    made = (await admin.call("POST", "/administration/sites", json=site))["id"]
    with pytest.raises(Refused, match="place_in_use"):
        await admin.call("DELETE", f"/administration/units/{unit}")
    with pytest.raises(Refused, match="address_range_invalid"):
        await admin.call("PUT", f"/administration/sites/{made}", json=site | {"addressRanges": ["here"]})
    await admin.call("PUT", f"/administration/sites/{made}", json={"name": "Khác"})
    await admin.call("PUT", f"/administration/units/{unit}", json={"name": "Ban Khác"})
    places = await admin.call("GET", "/administration/places")
    assert [one["addressRanges"] for one in places["sites"] if one["id"] == made] == [[]]
    await admin.call("DELETE", f"/administration/units/{unit}")
    await admin.call("DELETE", f"/administration/sites/{made}")
    assert len(await hub.log(action=Action.UNIT_CHANGE)) == len(await hub.log(action=Action.SITE_CHANGE)) == 3


async def test_a_site_where_a_hall_stands_stays(hub: Hub, admin: Client) -> None:
    site = await hub.write(lambda tx: add_site(tx.conn, "Sảnh").id)
    hall = {"details": {"username": "sanh", "name": "Sảnh", "siteId": site}, "rights": {"roles": ["room"]}}
    with pytest.raises(Refused, match="hall_without_site"):
        await admin.call("POST", "/administration/people", json=hall | {"details": {"username": "s", "name": "S"}})
    await admin.call("POST", "/administration/people", json=hall)
    with pytest.raises(Refused, match="place_in_use"):
        await admin.call("DELETE", f"/administration/sites/{site}")


async def test_an_import_does_what_was_shown_and_gives_the_links_once(hub: Hub, admin: Client) -> None:
    text = "username,name,site\nlan,Lan,Trụ sở\nnorth,Minh Tùng,Trụ sở\n"
    socket = await hub.live("north")
    plan = await admin.call("POST", "/administration/directory/plan", data=_form(text, sites="1"))
    assert [row["act"] for row in plan["rows"]] == ["create", "change"]
    assert await _person(hub, "lan") is None
    with pytest.raises(Refused, match="import_stale"):
        await admin.call("POST", "/administration/directory", data=_form(text, sites="0", digest=plan["digest"]))
    form = _form(text, sites="1", digest=plan["digest"])
    done = await admin.call("POST", "/administration/directory", data=form)
    assert (done["created"], done["changed"], done["refused"]) == (1, 1, 0)
    token = done["links"][0]["path"].removeprefix("/welcome#")
    assert (await (await hub.nobody()).call("POST", "/welcome/look-up", json={"token": token}))["username"] == "lan"
    again = await admin.call("POST", "/administration/directory/plan", data=_form(text))
    assert [row["act"] for row in again["rows"]] == ["unchanged", "unchanged"]
    assert (await hub.log(action=Action.DIRECTORY_IMPORT))[0].entry.details["created"] == 1
    await socket.settle()  # another site takes nobody's rights


async def test_an_import_that_takes_rights_away_ends_what_is_open(hub: Hub, admin: Client) -> None:
    socket = await hub.live("north")
    text = "username,name,clearance\nnorth,Minh Tùng,public\n"
    plan = await admin.call("POST", "/administration/directory/plan", data=_form(text))
    await admin.call("POST", "/administration/directory", data=_form(text, digest=plan["digest"]))
    await socket.closed()


async def test_files_beyond_the_limit_and_other_files_are_refused(hub: Hub, admin: Client) -> None:
    path = "/administration/directory/plan"
    answer = await admin.raw("POST", path, data=_form("username,name\n" + "u,N\n" * 20_001))
    error = (await answer.json())["error"]
    assert (error["code"], error["params"]["reason"]) == ("import_invalid", "too_many_rows")
    with pytest.raises(Refused, match="upload_too_large"):
        await admin.call("POST", path, data=_form(b"x" * (MAX_BYTES + 1)))
    with pytest.raises(Refused, match="import_invalid"):
        await admin.call("POST", path, data=_form(b"\x89PNG\r\n"))


async def test_the_export_is_logged_and_imports_without_change(hub: Hub, admin: Client) -> None:
    data = await admin.call("GET", "/administration/directory")
    plan = await admin.call("POST", "/administration/directory/plan", data=_form(data))
    assert {row["act"] for row in plan["rows"]} == {"unchanged"}
    assert len(await hub.log(action=Action.DIRECTORY_EXPORT)) == 1
    template = await admin.call("GET", "/administration/directory/template")
    rows = await admin.call("POST", "/administration/directory/plan", data=_form(template, units="1", sites="1"))
    assert [row["act"] for row in rows["rows"]] == ["create"] * 3


async def test_operations_tell_policies_certificates_and_storage(hub: Hub, admin: Client) -> None:
    state = await admin.call("GET", "/administration/operations")
    policies = {one["key"]: (one["value"], one["variable"]) for one in state["policies"]}
    assert policies["label_ceiling"] == (1, "PLENUM_LABEL_CEILING")
    assert policies["session_idle_minutes"] == (60, "PLENUM_SESSION_POLICY")
    assert {one["kind"] for one in state["certificates"]} == {"root", "issuing", "hub", "relay"}
    assert not any(one["due"] for one in state["certificates"])
    assert state["storage"]["usedBytes"] > 0
    counts = await admin.call("GET", "/administration/counts")
    assert (counts["active"], counts["halls"], counts["disabled"]) == (11, 2, 0)


async def test_a_deployment_with_people_prints_no_setup_link(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    await first_start.announce(hub.services)
    assert "/welcome#" not in capsys.readouterr().out


async def test_an_empty_deployment_prints_a_new_setup_link_at_each_start(
    start: StartHub, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    async with start(data=tmp_path / "empty") as hub:
        first = _link(capsys.readouterr().out)
        await first_start.announce(hub.services)
        second = _link(capsys.readouterr().out)
        nobody = await hub.nobody()
        with pytest.raises(Refused, match="link_invalid"):
            await nobody.call("POST", "/welcome/look-up", json={"token": first})
        await nobody.call("POST", "/welcome", json={"token": second, "password": WORDS})
        await first_start.announce(hub.services)
        assert "/welcome#" not in capsys.readouterr().out
        found = await _person(hub, first_start.USERNAME)
        assert found.roles == {OrgRole.ADMINISTRATOR}
        assert await hub.services.db.read(accounts.anybody_can_sign_in)


def _link(printed: str) -> str:
    return printed.split("/welcome#")[1].split(maxsplit=1)[0]
