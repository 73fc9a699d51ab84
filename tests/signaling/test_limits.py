"""One session, or one client that stalls, takes neither the hub's memory nor its workers from the others."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, cast

import pytest
from yarl import URL

from auth.audit.entry import Action
from auth.model import Label, SessionId
from documents import repository as papers
from documents.model import PaperId
from documents.store import BlobStore
from meetings.model import ItemId
from signaling.errors import TooManyRequests
from signaling.fair_use import Recent, Slots
from signaling.http.table import PREFIX
from signaling.live.commands import streams
from signaling.live.connection import Connection
from signaling.live.latest import Latest
from signaling.live.room import Room
from signaling.store.transaction import Transaction
from signaling.wire.media import Endpoint
from tests.documents import make_fixtures
from tests.signaling.hub import Client, Hub, Refused, until
from tests.signaling.test_bad_input import paper, papers_path

MEBIBYTE = 2**20
ONE, OTHER = SessionId("one"), SessionId("other")


# --- slots ---


async def test_a_session_has_its_slots_and_all_together_have_theirs() -> None:
    slots = Slots(2, overall=3)
    async with slots.hold(ONE), slots.hold(ONE):
        with pytest.raises(TooManyRequests):
            await slots.hold(ONE).__aenter__()
        async with slots.hold(OTHER):
            with pytest.raises(TooManyRequests):
                await slots.hold(SessionId("third")).__aenter__()
    async with slots.hold(ONE), slots.hold(ONE):
        pass


async def test_some_wait_for_a_slot_but_not_for_ever() -> None:
    slots = Slots(1, waiting=1, wait_s=0.05)
    entered = asyncio.Event()

    async def wait() -> None:
        async with slots.hold(ONE):
            entered.set()

    async with slots.hold(ONE):
        with pytest.raises(TooManyRequests):
            await wait()
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        with pytest.raises(TooManyRequests):
            await wait()
    await waiting
    assert entered.is_set()


async def test_a_recent_result_is_not_made_again_and_a_failure_is() -> None:
    made: list[int] = []

    async def make() -> int:
        made.append(1)
        if len(made) == 1:
            raise ValueError
        await asyncio.sleep(0.01)
        return len(made)

    recent: Recent[int] = Recent(60.0)
    with pytest.raises(ValueError):
        await recent.get("key", make)
    assert await asyncio.gather(*(recent.get("key", make) for _ in range(5))) == [2] * 5
    assert await Recent[int](0.0).get("key", make) == 3


# --- downloads ---


async def _large_paper(hub: Hub, size: int) -> tuple[str, bytes]:
    """Add a paper of so many bytes to our first item; return its path and its bytes."""
    data, paper_id = secrets.token_bytes(size), papers.new_paper_id()
    blob = await asyncio.to_thread(hub.services.blobs.put, paper_id, 1, Label.INTERNAL, data)
    by, item = hub.seed.people["secretary"], ItemId(hub.seed.ours.items[0])

    def add(tx: Transaction) -> None:
        papers.add_paper(
            tx.conn,
            hub.seed.ours.meeting,
            item,
            title="Lớn",
            label=Label.INTERNAL,
            created_by=by,
            now=tx.now,
            paper_id=PaperId(paper_id),
        )
        papers.add_version(tx.conn, PaperId(paper_id), 1, blob, pages=1, file_name="a.pdf", uploaded_by=by, now=tx.now)

    await hub.write(add)
    return f"/meetings/{hub.seed.ours.meeting}/papers/{paper_id}/versions/1", data


async def test_a_range_opens_only_what_is_asked_for(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    path, data = await _large_paper(hub, 3 * MEBIBYTE + 77)
    opened: list[int] = []
    read_range = BlobStore.read_range

    def reading(self: BlobStore, *arguments: Any, start: int, length: int) -> bytes:
        opened.append(length)
        return read_range(self, *arguments, start=start, length=length)

    monkeypatch.setattr(BlobStore, "read_range", reading)
    client = await hub.client("secretary")
    answer = await client.raw("GET", path, headers={"Range": "bytes=1000000-1000099"})
    assert (answer.status, await answer.read()) == (206, data[1_000_000:1_000_100])
    assert answer.headers["Content-Range"] == f"bytes 1000000-1000099/{len(data)}"
    assert opened == [100]
    answer = await client.raw("GET", path)
    assert (answer.headers["Content-Length"], await answer.read()) == (str(len(data)), data)
    assert max(opened) <= 256 * 1024


async def test_a_file_that_was_altered_is_an_error_before_and_a_cut_after_the_first_piece(hub: Hub) -> None:
    path, _ = await _large_paper(hub, MEBIBYTE)
    client = await hub.client("secretary")
    blob = max((hub.seed.folder / "blobs").rglob("*"), key=lambda one: one.stat().st_size)
    sound = await asyncio.to_thread(blob.read_bytes)
    await asyncio.to_thread(blob.write_bytes, sound[:-1] + bytes([sound[-1] ^ 1]))
    with pytest.raises(Exception, match=r"payload|disconnected|reset"):
        await client.raw("GET", path)
    await asyncio.to_thread(blob.write_bytes, sound[:-5])
    assert (await client.raw("GET", path)).status == 500


async def test_a_reader_who_does_not_read_is_cut_off(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.http.files.WRITE_TIMEOUT_S", 0.3)
    path, data = await _large_paper(hub, 24 * MEBIBYTE)
    client = await hub.client("secretary")
    url: URL = hub.server.make_url(PREFIX + path)
    reader, writer = await asyncio.open_connection(url.host, url.port, limit=2**16)
    writer.write(f"GET {url.path} HTTP/1.1\r\nHost: x\r\nCookie: {_cookie(client)}\r\n\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    await asyncio.sleep(1.0)
    received = 0
    try:
        while piece := await reader.read(MEBIBYTE):
            received += len(piece)
    except ConnectionError:
        pass
    writer.close()
    assert received < len(data)
    assert len(await client.call("GET", path)) == len(data)


def _cookie(client: Client) -> str:
    return "; ".join(f"{one.key}={one.value}" for one in client.session.cookie_jar)


async def test_a_fifth_download_waits_for_one_of_four(hub: Hub) -> None:
    path = f"/meetings/{hub.seed.ours.meeting}/papers/{hub.seed.ours.paper}/versions/1"
    client = await hub.client("secretary")
    await (await hub.live("secretary")).settle()
    (connection,) = hub.services.sockets.of_person(hub.seed.people["secretary"])
    async with AsyncExitStack() as held:
        for _ in range(4):
            await held.enter_async_context(hub.services.fair_use.downloads.hold(connection.subject.session_id))
        fifth = asyncio.create_task(client.call("GET", path))
        await asyncio.sleep(0.1)
        assert not fifth.done()
        assert await hub.call("chair", "GET", path)
    assert await fifth


# --- uploads ---


async def _stalling(reached: asyncio.Event, go_on: asyncio.Event) -> AsyncIterator[bytes]:
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'
    reached.set()
    await go_on.wait()


async def test_uploads_that_stall_are_few_and_end(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.http.receive.SILENCE_S", 0.5)
    client, headers = await hub.client("secretary"), {"Content-Type": "multipart/form-data; boundary=b"}
    go_on = asyncio.Event()
    reached = [asyncio.Event() for _ in range(3)]
    stalled = [
        asyncio.create_task(client.raw("POST", papers_path(hub), data=_stalling(one, go_on), headers=headers))
        for one in reached
    ]
    for one in reached:
        await one.wait()
    await asyncio.sleep(0.1)
    with pytest.raises(Refused, match="too_many_requests"):
        await client.call("POST", papers_path(hub), data=paper(make_fixtures.plain()))
    await hub.call("chair", "POST", papers_path(hub), data=paper(make_fixtures.plain()))
    answers = await asyncio.gather(*stalled)
    go_on.set()
    assert [one.status for one in answers] == [408, 408, 408]
    assert (await answers[0].json())["error"]["code"] == "too_slow"
    await client.call("POST", papers_path(hub), data=paper(make_fixtures.plain()))


# --- verification ---


async def test_checking_a_record_again_and_again_occupies_no_worker(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/meetings/{hub.seed.ours.meeting}"
    secretary = await hub.client("secretary", fresh=True)
    await secretary.call("POST", f"{path}/convene")
    run, runs = hub.services.workers.run, []

    async def running(function: Callable[..., object], *arguments: Any, **named: Any) -> object:
        runs.append(function.__name__)
        return await run(function, *arguments, **named)

    monkeypatch.setattr(hub.services.workers, "run", running)
    asked = [secretary.raw("GET", f"{path}/agenda/1/verification") for _ in range(20)]
    answers = [(one.status, await one.json()) for one in await asyncio.gather(*asked)]
    assert {status for status, _ in answers} == {200, 429}
    assert all(body["accepted"] for status, body in answers if status == 200)
    assert (await hub.call("chair", "GET", f"{path}/agenda/1/verification"))["accepted"]
    assert runs == ["verify_pdf"]


# --- sockets ---


async def _connection(hub: Hub, username: str) -> Connection:
    return hub.services.sockets.of_person(hub.seed.people[username])[0]


async def test_a_client_megabytes_behind_is_dropped_but_one_large_message_is_sent(hub: Hub) -> None:
    live = await hub.live("north")
    await live.settle()
    connection = await _connection(hub, "north")
    connection.send_text('{"type": "large", "x": "' + "x" * 3 * MEBIBYTE + '"}')
    assert (await live.receive())["type"] == "large"
    for _ in range(5):
        connection.send_text('{"x": "' + "x" * MEBIBYTE + '"}')
    await live.closed()
    await until(lambda: not hub.services.sockets.of_person(hub.seed.people["north"]))


async def test_a_second_subscription_follows_once_the_first_is_read(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.live.connection.SUBSCRIBE_WAIT_S", 0.05)
    live, meeting = await hub.live("secretary"), hub.seed.ours.meeting
    for _ in range(3):
        await live.request("subscribe", meetingId=meeting)
    unread = Connection((await _connection(hub, "secretary")).subject)
    await unread.begin_subscribing(meeting)
    unread.end_subscribing(meeting, answered=True)  # queued, and nobody writes
    with pytest.raises(TooManyRequests):
        await unread.begin_subscribing(meeting)


async def test_a_view_that_cannot_be_logged_leaves_nobody_following(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise TooManyRequests("the log is not there")

    monkeypatch.setattr(streams, "record_view", fail)
    live = await hub.live("secretary")
    with pytest.raises(Refused, match="too_many_requests"):
        await live.request("subscribe", meetingId=hub.seed.ours.meeting)
    assert (await _connection(hub, "secretary")).subscriptions == {}
    monkeypatch.undo()
    assert (await live.request("subscribe", meetingId=hub.seed.ours.meeting))["snapshot"]


async def test_the_first_value_leaves_at_once_and_of_later_ones_only_the_latest() -> None:
    sent: list[int] = []
    latest = Latest()
    for value in range(50):
        latest.offer("key", lambda value=value: sent.append(value))  # type: ignore[misc]
    latest.offer("other", lambda: sent.append(-1))
    assert sent == [0, -1]
    await asyncio.sleep(0.3)
    assert sent == [0, -1, 49]
    await asyncio.sleep(0.3)
    latest.offer("key", lambda: sent.append(100))
    assert sent[-1] == 100


async def test_what_changes_in_one_moment_makes_one_message() -> None:
    sent: list[int] = []
    latest = Latest(0.02)
    for value in range(3):
        latest.offer("key", lambda value=value: sent.append(value))  # type: ignore[misc]
    assert sent == []
    await asyncio.sleep(0.1)
    latest.offer("key", lambda: sent.append(3))
    assert sent == [2]
    await asyncio.sleep(0.3)
    assert sent == [2, 3]


@dataclass(frozen=True, slots=True)
class _EmptyRoom:
    id: str

    def wire(self) -> list[Endpoint]:
        return []


async def test_a_room_that_changes_all_the_time_is_sent_a_few_times_a_second(hub: Hub) -> None:
    await hub.convene()
    live = await hub.live("north")
    await live.request("subscribe", meetingId=hub.seed.ours.meeting)
    for _ in range(60):
        hub.services.sockets.room_changed(cast(Room, _EmptyRoom(hub.seed.ours.meeting)))
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    await live.settle()
    assert 2 <= len([one for one in live.heard if one["type"] == "room"]) <= 5


async def test_how_good_a_connection_is_is_told_when_it_changes_and_not_oftener_than_the_interval(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.live.qualities.INTERVAL_S", 0.2)
    await hub.convene()
    meeting = hub.seed.ours.meeting
    north, delta, chair = [await hub.live(username) for username in ("north", "delta", "chair")]
    for live in (north, delta):
        await live.request("subscribe", meetingId=meeting)
    for quality in ("good", *["weak", "bad"] * 20):
        await north.request("ephemeral", meetingId=meeting, key="quality", value=quality)
    await delta.until(lambda one: one.get("value") == "bad")
    await chair.request("subscribe", meetingId=meeting)
    assert (await chair.of_type("ephemeral"))["value"] == "bad", "who comes later hears it too"
    await north.socket.close()
    last = await delta.until(lambda one: one.get("value") == "good")
    assert last["personId"] == hub.seed.people["north"]
    told = [one["value"] for one in delta.heard if one["type"] == "ephemeral"]
    assert told[0] == "weak" and told[-2:] == ["bad", "good"] and len(told) < 6


# --- what the log tells ---


async def test_the_log_does_not_tell_titles_of_papers_of_restricted_items(hub: Hub) -> None:
    meeting, item = hub.seed.ours.meeting, hub.seed.ours.items[0]
    restricted = {"title": "Nhân sự", "kind": "information", "readers": [hub.seed.people["north"]]}
    client = await hub.client("secretary")
    await client.call("PUT", f"/meetings/{meeting}/items/{item}", json=restricted)
    made = await client.call("POST", papers_path(hub), data=paper(make_fixtures.plain(), title="Lý lịch"))
    path = f"/meetings/{meeting}/papers/{made['id']}"
    for query in ("", "?download=1"):
        await client.call("GET", f"{path}/versions/1{query}")
    await client.call("DELETE", path)
    for action in (Action.PAPER_UPLOAD, Action.PAPER_VIEW, Action.PAPER_DOWNLOAD, Action.PAPER_REMOVE):
        (logged, *_) = await hub.log(action=action)
        assert made["id"] in (logged.entry.object_id or "")
        assert "Lý lịch" not in str(logged.entry.details)
