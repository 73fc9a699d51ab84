"""What the hub does with requests that no honest page sends: it refuses them, and nobody else notices."""

import asyncio
import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData, WSServerHandshakeError
from yarl import URL

from meetings import agenda_store
from meetings.model import ItemId
from tests.documents import make_fixtures
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Client, Hub, Refused, ballot_id, until
from tests.signaling.scenario import HOSTILE


def paper(data: bytes, name: str = "to-trinh.pdf", title: str = "Tờ trình") -> FormData:
    form = FormData()
    form.add_field("title", title)
    form.add_field("file", BytesIO(data), filename=name, content_type="application/pdf")
    return form


def papers_path(hub: Hub) -> str:
    return f"/meetings/{hub.seed.ours.meeting}/items/{hub.seed.ours.items[0]}/papers"


async def error_of(client: Client, method: str, path: str, **arguments: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        await client.call(method, path, **arguments)
    return refused.value.status, refused.value.code


# --- uploads ---


async def test_files_that_are_no_good_pdf_are_refused(hub: Hub) -> None:
    client = await hub.client("secretary")
    for data, name, status, code in (
        (make_fixtures.text_named_pdf(), "a.pdf", 415, "file_type_refused"),
        (make_fixtures.plain(), "a.exe", 415, "file_type_refused"),
        (make_fixtures.truncated(), "a.pdf", 422, "pdf_broken"),
        (make_fixtures.encrypted(), "a.pdf", 422, "pdf_encrypted"),
        (b"", "a.pdf", 415, "file_type_refused"),
    ):
        assert await error_of(client, "POST", papers_path(hub), data=paper(data, name)) == (status, code)
    snapshot = await client.call("GET", f"/meetings/{hub.seed.ours.meeting}")
    assert snapshot["items"][0]["papers"] == []


async def test_an_upload_over_the_cap_is_cut_off_and_others_go_on(start: StartHub) -> None:
    async with start(upload_limit=300_000) as hub:
        client, other = await hub.client("secretary"), await hub.live("chair")
        answer = await client.raw("POST", papers_path(hub), data=paper(b"%PDF-1.7" + bytes(2_000_000)))
        assert answer.status == 413
        assert (await answer.json())["error"]["code"] == "upload_too_large"
        await other.settle()
        made = await client.call("POST", papers_path(hub), data=paper(make_fixtures.plain()))
        assert made["id"]


async def test_an_upload_that_is_no_form_or_has_no_file_is_refused(hub: Hub) -> None:
    client, path = await hub.client("secretary"), papers_path(hub)
    empty = FormData({"title": "ohne"}, default_to_multipart=True)
    assert await error_of(client, "POST", path, data=b"x", headers={"Content-Type": "text/plain"}) == (
        422,
        "upload_malformed",
    )
    assert await error_of(client, "POST", path, data=empty) == (422, "upload_malformed")


async def test_a_path_in_a_file_name_is_only_text(hub: Hub) -> None:
    client = await hub.client("secretary")
    made = await client.call(
        "POST", papers_path(hub), data=paper(make_fixtures.plain(), "../../etc/passwd.pdf", HOSTILE)
    )
    answer = await client.raw("GET", f"/meetings/{hub.seed.ours.meeting}/papers/{made['id']}/versions/1?download=1")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="_img src_x onerror_alert_1__')
    assert "\r" not in disposition and "<" not in disposition
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


# --- bodies ---


async def test_unknown_fields_are_refused_by_name(hub: Hub) -> None:
    client = await hub.client("secretary")
    answer = await client.raw("PATCH", f"/meetings/{hub.seed.ours.meeting}", json={"title": "x", "state": "archived"})
    error = (await answer.json())["error"]
    assert (answer.status, error["code"], error["params"]["field"]) == (422, "invalid", "state")


async def test_bodies_that_are_no_json_or_no_object_are_refused(hub: Hub) -> None:
    client, path = await hub.client("secretary"), f"/meetings/{hub.seed.ours.meeting}"
    json_type = {"Content-Type": "application/json"}
    for data in (b"{", b"[]", b"\xff\xfe", b"null", b'{"title": ' + b"[" * 10_000):
        assert await error_of(client, "PATCH", path, data=data, headers=json_type) == (422, "invalid")
    assert await error_of(client, "PATCH", path, data="title=x", headers={"Content-Type": "text/plain"}) == (
        422,
        "invalid",
    )


async def test_a_body_may_arrive_in_pieces(hub: Hub) -> None:
    async def pieces() -> Any:
        yield b'{"title": "'
        await asyncio.sleep(0.05)
        yield "Tên dài ".encode() * 20
        await asyncio.sleep(0.05)
        yield b'"}'

    client, path = await hub.client("secretary"), f"/meetings/{hub.seed.ours.meeting}"
    await client.call("PATCH", path, data=pieces(), headers={"Content-Type": "application/json"})
    assert (await client.call("GET", path))["meeting"]["title"].startswith("Tên dài Tên dài")


async def test_a_body_above_its_limit_is_not_read(hub: Hub) -> None:
    client = await hub.client("secretary")
    body, headers = BytesIO(b'{"title": "' + b"x" * 2_000_000 + b'"}'), {"Content-Type": "application/json"}
    path = f"/meetings/{hub.seed.ours.meeting}"
    assert await error_of(client, "PATCH", path, data=body, headers=headers) == (413, "too_large")


async def test_numbers_in_paths_that_are_no_numbers_lead_nowhere(hub: Hub) -> None:
    client = await hub.client("secretary")
    for number in ("0", "-1", "1_0", "٣", "9" * 5000, "99999999999999999999", "x"):
        path = f"/meetings/{hub.seed.ours.meeting}/papers/{hub.seed.ours.paper}/versions/{number}"
        assert await error_of(client, "GET", path) == (404, "not_found"), number


async def test_an_unknown_path_below_the_interface_is_not_found(hub: Hub) -> None:
    client = await hub.client("secretary")
    assert await error_of(client, "GET", "/nowhere") == (404, "not_found")
    assert (await client.raw("DELETE", "/directory")).status == 404


# --- origins ---


async def test_requests_from_pages_of_other_sites_are_refused(hub: Hub) -> None:
    client = await hub.client("secretary")
    path = f"/meetings/{hub.seed.ours.meeting}"
    for name, value in (
        ("Origin", "https://elsewhere.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ):
        headers = {name: value}
        assert await error_of(client, "PATCH", path, json={"title": "x"}, headers=headers) == (403, "bad_origin")
        with pytest.raises(WSServerHandshakeError) as refused:
            await hub.socket(client, headers=headers)
        assert refused.value.status == 403


async def test_our_own_page_may(hub: Hub) -> None:
    client = await hub.client("secretary")
    headers = {"Origin": hub.services.settings.origin, "Sec-Fetch-Site": "same-origin"}
    await client.call("PATCH", f"/meetings/{hub.seed.ours.meeting}", json={"title": "x"}, headers=headers)


# --- the socket ---


async def test_a_message_that_is_no_json_closes_only_its_sender(hub: Hub) -> None:
    bad, good = await hub.live("north"), await hub.live("delta")
    await bad.socket.send_str("{not json")
    answer = await bad.receive()
    assert (answer["type"], answer["id"], answer["error"]["code"]) == ("error", None, "invalid")
    await bad.closed()
    await good.settle()


async def test_a_binary_frame_closes_only_its_sender(hub: Hub) -> None:
    bad, good = await hub.live("north"), await hub.live("delta")
    await bad.socket.send_bytes(b"\x00\x01")
    assert (await bad.receive())["error"]["code"] == "invalid"
    await bad.closed()
    await good.settle()


async def test_a_message_of_65_kib_closes_only_its_sender(hub: Hub) -> None:
    bad, good = await hub.live("north"), await hub.live("delta")
    await bad.socket.send_str(json.dumps({"id": 1, "type": "ping", "x": "x" * 65 * 1024}))
    await bad.closed()
    assert bad.socket.close_code == 1009
    await good.settle()


MISFITS: tuple[tuple[dict[str, object], str], ...] = (
    ({"type": "ping", "extra": 1}, "ping.extra"),
    ({"type": "no_such_type"}, "message"),
    ({"type": "subscribe"}, "subscribe.meetingId"),
    ({"type": "subscribe", "meetingId": "../x"}, "subscribe.meetingId"),
    ({"type": "subscribe", "meetingId": "x", "after": -1}, "subscribe.after"),
    ({"type": "poll.cast", "meetingId": "x", "pollId": "x", "ballotId": "b", "optionId": "y"}, "poll.cast.ballotId"),
)


async def test_a_message_that_does_not_fit_is_answered_and_the_socket_lives(hub: Hub) -> None:
    live = await hub.live("north")
    for message, field in MISFITS:
        await live.socket.send_json({"id": 9, **message})
        answer = await live.receive()
        assert (answer["type"], answer["id"], answer["error"]["code"]) == ("error", 9, "invalid")
        assert answer["error"]["params"]["field"] == field
    await live.settle()


async def test_who_sends_too_fast_is_told_so_and_others_go_on(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.live.connection.BURST", 5.0)
    monkeypatch.setattr("signaling.live.connection.RATE_PER_S", 0.1)
    fast, other = await hub.live("north"), await hub.live("delta")
    codes = []
    for number in range(1, 21):
        await fast.socket.send_json({"id": number, "type": "unsubscribe", "meetingId": "x"})
        codes.append((await fast.receive()).get("error", {}).get("code"))
    assert codes[-1] == "too_many_requests"
    await other.settle()


async def test_a_client_that_does_not_read_is_dropped(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.live.connection.QUEUE_LIMIT", 3)
    await hub.convene()
    live = await hub.live("north")
    await live.request("subscribe", meetingId=hub.seed.ours.meeting)
    connection = hub.services.sockets.of_person(hub.seed.people["north"])[0]
    for _ in range(10):  # more than its queue holds before the loop runs again
        connection.send_text("{}")
    await live.closed()
    await until(lambda: not hub.services.sockets.of_person(hub.seed.people["north"]))


# --- voting ---


async def _poll(hub: Hub) -> dict[str, str]:
    await hub.open("chair", "north", "secretary")
    meeting = hub.seed.ours.meeting
    await hub.change(lambda tx: agenda_store.start_item(tx.conn, meeting, ItemId(hub.seed.ours.items[1]), tx.now))
    await (await hub.live("chair")).request("poll.open", meetingId=meeting, pollId=hub.seed.ours.poll)
    return {"meetingId": meeting, "pollId": hub.seed.ours.poll}


async def test_ballots_that_must_not_count_are_refused(hub: Hub) -> None:
    poll = await _poll(hub)
    north, secretary, delta = await hub.live("north"), await hub.live("secretary"), await hub.live("delta")
    yes = {"optionId": "yes", "ballotId": ballot_id()}
    with pytest.raises(Refused, match="denied"):
        await secretary.request("poll.cast", **poll, **yes)
    with pytest.raises(Refused, match="not_present"):
        await delta.request("poll.cast", **poll, **yes)
    with pytest.raises(Refused, match="unknown_option"):
        await north.request("poll.cast", **poll, optionId="maybe", ballotId=ballot_id())
    receipt = (await north.request("poll.cast", **poll, **yes))["receipt"]
    assert (await north.request("poll.cast", **poll, **yes))["receipt"] == receipt, "a retry is no second ballot"
    with pytest.raises(Refused, match=r"ballot_conflict|already"):
        await north.request("poll.cast", **poll, optionId="no", ballotId=ballot_id())
    chair = await hub.live("chair")
    with pytest.raises(Refused, match="ballot_conflict"):
        await chair.request("poll.cast", **poll, optionId="no", ballotId=yes["ballotId"])
    await chair.request("poll.close", **poll)
    with pytest.raises(Refused, match="poll_not_open"):
        await chair.request("poll.cast", **poll, optionId="no", ballotId=ballot_id())


async def test_without_a_relay_there_is_no_picture_but_the_vote_goes_on(hub: Hub) -> None:
    poll = await _poll(hub)
    north = await hub.live("north")
    with pytest.raises(Refused, match="relay_unavailable"):
        await north.request("media.join", meetingId=poll["meetingId"])
    with pytest.raises(Refused, match="no_endpoint"):
        await north.request("media.create_transport", meetingId=poll["meetingId"], direction="send")
    assert (await north.request("poll.cast", **poll, optionId="yes", ballotId=ballot_id()))["receipt"]


# --- text and files ---


async def test_text_comes_back_as_it_was_given_but_for_overrides_and_only_as_json(hub: Hub) -> None:
    shown = HOSTILE.replace("\u202e", "")  # what turns the direction of text around hides how a name ends
    client, path = await hub.client("secretary"), f"/meetings/{hub.seed.ours.meeting}"
    body = {"title": HOSTILE, "description": HOSTILE, "place": HOSTILE}
    await client.call("PATCH", path, json=body)
    await client.call("POST", path + "/items", json={"title": HOSTILE, "description": HOSTILE})
    answer = await client.raw("GET", path)
    assert answer.content_type == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    snapshot = await answer.json()
    assert [snapshot["meeting"][name] for name in body] == [shown] * 3
    assert snapshot["items"][-1]["title"] == shown


RANGES = (
    ("bytes=0-9", 206, 10),
    ("bytes=-5", 206, 5),
    ("bytes=5-2", 200, None),
    ("bytes=a-b", 200, None),
    ("bytes=0-1,5-6", 200, None),
    ("items=0-5", 200, None),
    ("bytes=999999999-", 416, None),
)


async def test_ranges_are_served_or_ignored_but_never_an_error_of_ours(hub: Hub) -> None:
    client = await hub.client("secretary")
    path = f"/meetings/{hub.seed.ours.meeting}/papers/{hub.seed.ours.paper}/versions/1"
    for given, status, length in RANGES:
        answer = await client.raw("GET", path, headers={"Range": given})
        assert answer.status == status, given
        if length is not None:
            assert len(await answer.read()) == length
            assert answer.headers["Content-Range"].startswith("bytes ")
    views = await hub.log(object_id=f"{hub.seed.ours.paper}:1")
    assert len(views) == 1, "one entry per person, version and session, not one per range"


OUTSIDE = (
    "/assets/../../app.py",
    "/assets/%2e%2e/%2e%2e/settings.py",
    "/assets/..%2f..%2fapp.py",
    "/assets/%00",
    "/assets/" + "a" * 5000,
    "/..%2f..%2fsettings.py",
)


async def test_no_path_leads_out_of_the_assets(hub: Hub) -> None:
    client = await hub.nobody()
    for path in OUTSIDE:
        url = URL(str(hub.server.make_url("")).rstrip("/") + path, encoded=True)
        async with client.session.get(url) as answer:
            text = await answer.text()
            assert answer.status in (400, 404, 503) or "<html" in text.lower(), path
            assert "create_app" not in text and "PLENUM_" not in text


async def test_a_site_that_does_not_exist_is_no_error_of_ours(hub: Hub) -> None:
    await hub.open()
    live = await hub.live("north")
    with pytest.raises(Refused, match="not_found"):
        await live.request("attend", meetingId=hub.seed.ours.meeting, mode="remote", siteId="nowhere")
    await live.settle()


async def test_only_who_may_read_a_restricted_item_runs_its_polls(hub: Hub) -> None:
    meeting, item = hub.seed.ours.meeting, hub.seed.ours.items[1]
    restricted = {"title": "Nhân sự", "kind": "decision", "readers": [hub.seed.people["north"]]}
    await hub.call("secretary", "PUT", f"/meetings/{meeting}/items/{item}", json=restricted)
    await hub.open("north")
    chair, north = await hub.live("chair"), await hub.live("north")
    for kind in ("poll.open", "poll.close"):
        with pytest.raises(Refused, match="not_found"):
            await chair.request(kind, meetingId=meeting, pollId=hub.seed.ours.poll)
    entry = await north.request("floor.request", meetingId=meeting)
    with pytest.raises(Refused, match="denied"):
        await chair.request("floor.withdraw", meetingId=meeting, speakerId=entry["id"])


async def test_only_who_may_read_a_restricted_item_votes_on_it(hub: Hub) -> None:
    meeting, item = hub.seed.ours.meeting, hub.seed.ours.items[1]
    restricted = {"title": "Nhân sự", "kind": "decision", "readers": [hub.seed.people["north"]]}
    await hub.call("secretary", "PUT", f"/meetings/{meeting}/items/{item}", json=restricted)
    await hub.open("chair", "north", "delta", "secretary")
    await hub.change(lambda tx: agenda_store.start_item(tx.conn, meeting, ItemId(item), tx.now))
    poll = {"meetingId": meeting, "pollId": hub.seed.ours.poll}
    secretary, north = await hub.live("secretary"), await hub.live("north")
    await secretary.request("poll.open", **poll)
    for username in ("chair", "delta"):
        with pytest.raises(Refused, match="not_found"):
            await (await hub.live(username)).request("poll.cast", **poll, optionId="yes", ballotId=ballot_id())
    assert (await north.request("poll.cast", **poll, optionId="yes", ballotId=ballot_id()))["receipt"]
    await secretary.request("poll.close", **poll)
    shown = (await hub.call("secretary", "GET", f"/meetings/{meeting}"))["polls"][0]
    assert [one["personId"] for one in shown["ballots"]] == [hub.seed.people["north"]]
    assert shown["result"]["absent"] == 0, "whoever may not read the item is no elector"
