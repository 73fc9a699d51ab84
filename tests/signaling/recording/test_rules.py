"""Who may record, what ends a recording, and what goes by itself. Without a relay: nothing is ever captured here."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from auth.audit.entry import Action
from meetings import session_store
from signaling.errors import NotFound
from signaling.recording import keeper, store, tables
from signaling.recording.model import Recording, RecordingState
from signaling.store.transaction import Transaction
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Hub, Refused


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "FIRST_S", 0.0)
    monkeypatch.setattr(keeper, "BUSY_S", 0.02)


def path(hub: Hub) -> str:
    return f"/meetings/{hub.seed.ours.meeting}"


async def recording_now(hub: Hub) -> Any:
    return (await hub.call("north", "GET", path(hub)))["recording"]


async def begin(hub: Hub) -> None:
    await hub.call("chair", "PUT", f"{path(hub)}/recording-policy", json={"allowed": True})
    await hub.call("secretary", "POST", f"{path(hub)}/recordings")


async def all_of(hub: Hub) -> list[Recording]:
    return await hub.services.db.read(lambda conn: store.of_meeting(conn, hub.seed.ours.meeting))


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 — the hub is asked
            await asyncio.sleep(0.02)


async def ended(hub: Hub) -> bool:
    return (await all_of(hub))[-1].state is RecordingState.ENDED


async def test_recording_is_forbidden_until_it_is_allowed_and_everybody_is_told(hub: Hub) -> None:
    await hub.open()
    assert await recording_now(hub) == {"allowed": False, "active": None}
    with pytest.raises(Refused, match="recording_forbidden"):
        await hub.call("secretary", "POST", f"{path(hub)}/recordings")
    live = await hub.live("north")
    await live.request("subscribe", meetingId=hub.seed.ours.meeting)
    await begin(hub)
    told = await live.until(lambda one: one["type"] == "event" and one["event"]["type"] == "recording")
    assert told["event"]["recording"] == {"allowed": True, "active": None}
    assert (await recording_now(hub))["active"]["state"] == "waiting", "there is no relay: nothing is recorded"
    with pytest.raises(Refused, match="recording_running"):
        await hub.call("chair", "PUT", f"{path(hub)}/recording-policy", json={"allowed": False})
    assert len(await hub.log(action=Action.RECORDING_POLICY)) == 1


async def test_a_deployment_may_forbid_it_altogether(start: StartHub) -> None:
    async with start(recording=False) as hub:
        await hub.open()
        with pytest.raises(Refused, match="recording_forbidden"):
            await hub.call("secretary", "PUT", f"{path(hub)}/recording-policy", json={"allowed": True})
        with pytest.raises(Refused, match="recording_forbidden"):
            await hub.call("secretary", "POST", f"{path(hub)}/recordings")
        assert not (await hub.call("secretary", "GET", f"{path(hub)}/recordings"))["possible"]


async def test_nothing_is_recorded_before_the_meeting_is_opened(hub: Hub) -> None:
    await hub.convene()
    await hub.call("chair", "PUT", f"{path(hub)}/recording-policy", json={"allowed": True})
    with pytest.raises(Refused, match="denied"):
        await hub.call("chair", "POST", f"{path(hub)}/recordings")


async def test_a_full_disk_refuses(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.open()
    monkeypatch.setattr(type(hub.services.vault), "free_bytes", lambda _: 1000)
    with pytest.raises(Refused, match="recording_no_space"):
        await begin(hub)


async def test_it_ends_with_the_meeting_and_its_manifest_is_on_the_log(hub: Hub) -> None:
    await hub.open()
    await begin(hub)
    await hub.change(lambda tx: session_store.adjourn_meeting(tx.conn, hub.seed.ours.meeting, tx.now))
    await until(lambda: ended(hub))
    (found,) = await all_of(hub)
    assert (found.reason, found.stopped_by) == ("meeting_over", None)
    assert found.manifest is not None
    (sealed,) = await hub.log(action=Action.RECORDING_SEAL)
    assert sealed.entry.details["manifest"] == found.manifest.sha256
    assert (await recording_now(hub))["active"] is None


async def test_a_recording_that_was_on_is_on_after_a_restart_and_what_was_stopped_is_sealed(start: StartHub) -> None:
    async with start() as hub:
        await hub.open()
        await begin(hub)
    async with start() as hub:
        assert (await recording_now(hub))["active"]["state"] == "waiting"
        await hub.call("secretary", "POST", f"{path(hub)}/recordings/stop")
        await until(lambda: ended(hub))
        with pytest.raises(Refused, match="no_recording"):
            await hub.call("secretary", "POST", f"{path(hub)}/recordings/stop")


async def test_what_is_old_enough_is_destroyed_by_itself(hub: Hub) -> None:
    await hub.open()
    await begin(hub)
    await hub.call("secretary", "POST", f"{path(hub)}/recordings/stop")
    await until(lambda: ended(hub))
    (found,) = await all_of(hub)
    await hub.write(lambda tx: keeper.expire(hub.services, tx))
    assert len(await all_of(hub)) == 1
    days = hub.services.settings.recording_retention_days

    def age(tx: Transaction) -> None:
        tx.conn.execute(tables.recording.update().values(stopped_at=tx.now - timedelta(days=days + 1)))

    await hub.write(age)
    await hub.write(lambda tx: keeper.expire(hub.services, tx))
    assert await all_of(hub) == []
    await until(lambda: _purged(hub))
    assert found.manifest is not None
    with pytest.raises(NotFound):
        await hub.services.db.read(lambda conn: store.get(conn, found.meeting_id, found.id))
    (entry,) = await hub.log(action=Action.RECORDING_DELETE)
    assert (entry.entry.actor, entry.entry.details["reason"]) == (None, "retention")


async def _purged(hub: Hub) -> bool:
    return not await hub.services.db.read(store.to_purge)


async def test_a_download_needs_a_fresh_factor(hub: Hub) -> None:
    await hub.open()
    await begin(hub)
    await hub.call("secretary", "POST", f"{path(hub)}/recordings/stop")
    await until(lambda: ended(hub))
    (found,) = await all_of(hub)
    with pytest.raises(Refused, match="step_up_required"):
        await hub.call("chair", "GET", f"{path(hub)}/recordings/{found.id}/manifest")
    chair = await hub.client("chair", fresh=True)
    assert (await chair.call("GET", f"{path(hub)}/recordings/{found.id}/manifest"))["recording"] == found.id


async def test_who_is_not_named_in_a_restricted_item_does_not_get_what_was_recorded_meanwhile(hub: Hub) -> None:
    await hub.open()
    meeting = hub.seed.ours.meeting
    item = hub.seed.ours.items[0]
    restrict = {"title": "Nhân sự", "readers": [hub.seed.people["north"]]}
    await hub.call("secretary", "PUT", f"{path(hub)}/items/{item}", json=restrict)
    live = await hub.live("secretary")
    await live.request("subscribe", meetingId=meeting)
    await live.request("item.state", meetingId=meeting, itemId=item, to="under_discussion")
    await begin(hub)
    await hub.call("secretary", "POST", f"{path(hub)}/recordings/stop")
    await until(lambda: ended(hub))
    (found,) = await all_of(hub)
    chair = await hub.client("chair", fresh=True)
    listed = await chair.call("GET", f"{path(hub)}/recordings")
    assert (listed["recordings"], listed["withheld"]) == ([], 1)
    for way, end in (("GET", "/manifest"), ("GET", "/files/1"), ("DELETE", "")):
        with pytest.raises(Refused, match="not_found"):
            await chair.call(way, f"{path(hub)}/recordings/{found.id}{end}")
    secretary = await hub.client("secretary", fresh=True)
    assert len((await secretary.call("GET", f"{path(hub)}/recordings"))["recordings"]) == 1
