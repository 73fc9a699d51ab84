"""What the hub does by itself while nobody asks."""

from datetime import timedelta

import pytest

from auth import throttle
from auth.audit.entry import Action
from auth.audit.once import aggregate_failure
from meetings import meeting_store
from meetings.model import PresenceStatus
from signaling import housekeeping
from tests.signaling.conftest import StartHub
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
