"""What the hub does by itself while nobody asks."""

from datetime import timedelta
from unittest.mock import Mock

import pytest

from auth import throttle
from auth.audit.entry import Action
from auth.audit.once import aggregate_failure
from meetings import meeting_store
from meetings.model import PresenceStatus
from signaling import housekeeping
from tests.signaling.conftest import StartHub
from tests.signaling.fake_relay import connected
from tests.signaling.hub import Hub, until


async def _status(hub: Hub, username: str) -> str:
    snapshot = await hub.call("secretary", "GET", f"/meetings/{hub.seed.ours.meeting}")
    mine = next(one for one in snapshot["participants"] if one["personId"] == hub.seed.people[username])
    return str(mine["presence"]["status"])


async def test_presence_ends_when_the_grace_time_is_over(start: StartHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "PRESENCE_EVERY_S", 0.05)
    async with start(presence_grace_s=1) as hub:
        await hub.open()
        meeting = hub.seed.ours.meeting
        watcher, live = await hub.live("chair"), await hub.live("north")
        await watcher.request("subscribe", meetingId=meeting)
        await live.request("attend", meetingId=meeting, mode="remote")
        assert await _status(hub, "north") == PresenceStatus.PRESENT
        await live.socket.close()
        gone = await watcher.until(
            lambda one: one.get("event", {}).get("presence", {}).get("status") == PresenceStatus.ABSENT
        )
        assert gone["event"]["personId"] == hub.seed.people["north"]
        left = (await hub.log(action=Action.PRESENCE_LEAVE))[0].entry
        assert (left.actor, left.object_id) == (None, meeting)
        assert dict(left.details) == {"person": hub.seed.people["north"], "reason": "grace"}


async def test_presence_before_a_restart_ends_unless_people_come_back(
    start: StartHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "PRESENCE_EVERY_S", 0.05)
    async with start() as hub:
        await hub.open("north", "delta")
    async with start(presence_grace_s=1) as hub:
        live, watcher = await hub.live("delta"), await hub.live("chair")
        await watcher.request("subscribe", meetingId=hub.seed.ours.meeting)
        await live.request("attend", meetingId=hub.seed.ours.meeting, mode="remote")
        await watcher.until(lambda one: one.get("event", {}).get("presence", {}).get("status") == PresenceStatus.ABSENT)
        assert [await _status(hub, name) for name in ("north", "delta")] == ["absent", "present"]


async def test_media_that_ends_by_itself_or_is_taken_over_is_logged(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.open()
    meeting, person = hub.seed.ours.meeting, hub.seed.people["north"]
    async with connected(hub):
        first, second = await hub.live("north"), await hub.live("north")
        opened = [
            (await page.request("media.join", meetingId=meeting, takeOver=True))["endpointId"]
            for page in (first, second)
        ]
        await housekeeping.record_closed(hub.services)
        monkeypatch.setattr("signaling.live.rooms.HOLDER_GRACE_S", 0.05)
        await second.socket.close()
        await until(lambda: hub.services.rooms.get(meeting) is None)
        await housekeeping.record_closed(hub.services)
        third = await hub.live("north")
        await third.request("media.join", meetingId=meeting)
        await third.request("media.leave", meetingId=meeting)
        await housekeeping.record_closed(hub.services)
    asked, lost, taken = [one.entry for one in await hub.log(action=Action.MEDIA_LEAVE)]
    assert (asked.actor, lost.actor, taken.actor) == (person, None, None)
    assert dict(taken.details) == {"person": person, "endpoint": opened[0], "reason": "taken_over"}
    assert dict(lost.details) == {"person": person, "endpoint": opened[1], "reason": "lost"}


async def test_what_was_closed_is_logged_later_when_it_cannot_be_now(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.open()
    async with connected(hub):
        page = await hub.live("north")
        await page.request("media.join", meetingId=hub.seed.ours.meeting)
        hub.services.rooms.close_room(hub.seed.ours.meeting)
        with monkeypatch.context() as broken, pytest.raises(RuntimeError):
            broken.setattr(housekeeping, "entry", Mock(side_effect=RuntimeError("no")))
            await housekeeping.record_closed(hub.services)
        await housekeeping.record_closed(hub.services)
    assert [one.entry.details["reason"] for one in await hub.log(action=Action.MEDIA_LEAVE)] == ["ended"]


async def test_a_step_that_fails_does_not_end_the_others(
    start: StartHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []

    def broken(*_: object) -> tuple[object, ...]:
        calls.append(1)
        raise RuntimeError("no")

    monkeypatch.setattr(housekeeping, "PRESENCE_EVERY_S", 0.02)
    async with start() as hub:
        monkeypatch.setattr(meeting_store, "meetings_in", broken)
        await until(lambda: len(calls) >= 3)
        await (await hub.live("north")).settle()
    assert "housekeeping failed" in caplog.text


async def test_repeated_failures_of_strangers_become_one_count(hub: Hub) -> None:
    for _ in range(4):
        await hub.write(
            lambda tx: aggregate_failure(tx.conn, tx.log, "192.0.2.1", tx.now - timedelta(minutes=2)) and None
        )
    await hub.write(lambda tx: throttle.begin_attempt(tx.conn, "old", "192.0.2.1", tx.now - timedelta(days=3)) and None)
    await hub.write(lambda tx: housekeeping._tidy(hub.services, tx))
    entries = await hub.log(action=Action.LOGON_FAILURE)
    assert [one.entry.details["count"] for one in entries] == [4, 1]
