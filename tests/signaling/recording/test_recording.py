"""A meeting that is recorded: hub, relay and recorder as they run, two members whose clocks differ by an hour."""

import asyncio
import os
import re
import signal
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from auth.audit.entry import Action
from signaling.recording import keeper, store
from signaling.recording.model import RecordingId
from tests.signaling.hub import Hub, Live, Refused
from tests.signaling.recording.speakers import real_relay, speaking
from tests.signaling.recording.studio import pictures, rises, tones

pytestmark = pytest.mark.process
ALIGNED_S = 0.6  # sources, relay and recorder share a busy machine here; test_capture.py is exact, on virtual time


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No killed hub left anything, and nobody waits for what failed on purpose."""
    monkeypatch.setattr(keeper, "FIRST_S", 0.0)
    monkeypatch.setattr(keeper, "RETRY_S", 0.1)


def is_in(state: str | None) -> Any:
    """A message that says so of the recording; None: that there is none any more."""

    def said(message: Any) -> bool:
        if message["type"] != "event" or message["event"]["type"] != "recording":
            return False
        active = message["event"]["recording"]["active"]
        return bool((active and active["state"]) == state)

    return said


async def hears(live: Live, state: str | None) -> None:
    """Wait for the next such message, and forget all before."""
    async with asyncio.timeout(30):
        await live.until(is_in(state))
    while not is_in(state)(live.heard.pop(0)):
        continue


async def test_a_recording_is_allowed_seen_by_all_survives_a_kill_and_can_be_played(hub: Hub) -> None:
    meeting = hub.seed.ours.meeting
    path = f"/meetings/{meeting}"
    await hub.open()
    async with real_relay(hub), speaking(hub, h264="delta", north=0.0, delta=-3600.0) as speakers:
        member = await hub.live("observer") if "observer" in hub.seed.tokens else await hub.live("chair")
        await member.request("subscribe", meetingId=meeting)
        secretary = await hub.client("secretary", fresh=True)
        with pytest.raises(Refused, match="recording_forbidden"):
            await secretary.call("POST", f"{path}/recordings")
        await secretary.call("PUT", f"{path}/recording-policy", json={"allowed": True})
        with pytest.raises(Refused, match="denied"):
            await hub.call("north", "POST", f"{path}/recordings")
        made = await secretary.call("POST", f"{path}/recordings")
        await hears(member, "waiting")
        await hears(member, "recording")
        with pytest.raises(Refused, match="recording_running"):
            await secretary.call("POST", f"{path}/recordings")
        await asyncio.sleep(5.0)
        await kill_the_writer(hub, made["id"])
        await hears(member, "waiting")
        await hears(member, "recording")
        await asyncio.sleep(1.5)
        speakers["north"].muted = True
        await asyncio.sleep(2.5)
        await secretary.call("POST", f"{path}/recordings/stop")
        await hears(member, "stopping")
        await hears(member, None)
    await what_is_there(hub, made["id"])
    await what_the_log_says(hub, made["id"])
    await it_is_destroyed(hub, made["id"])


async def kill_the_writer(hub: Hub, recording_id: str) -> None:
    found = await asyncio.to_thread(_children, "signaling.recording.worker")
    assert len(found) == 1
    os.kill(found[0], signal.SIGKILL)


def _children(module: str) -> list[int]:
    """Processes of ours that run a module."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes()
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            continue
        if module.encode() in command and parent == os.getpid():
            found.append(int(folder.name))
    return found


async def what_is_there(hub: Hub, recording_id: str) -> None:
    """Two parts of four files each; what the killed one wrote can be played, and all agree on the time."""
    path = f"/meetings/{hub.seed.ours.meeting}/recordings"
    secretary = await hub.client("secretary", fresh=True)
    (found,) = (await secretary.call("GET", path))["recordings"]
    assert (found["state"], found["reason"]) == ("ended", "asked")
    assert len(found["files"]) == 8
    assert [one["complete"] for one in found["files"]] == [one["part"] == 2 for one in found["files"]]
    files = await hub.services.db.read(lambda conn: store.files(conn, RecordingId(recording_id)))
    senders = {one.number: one.owner_id for one in files}
    marks: dict[int, dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in found["files"]:
        answer = await secretary.raw("GET", f"{path}/{recording_id}/files/{one['number']}?download=1")
        in_h264 = one["kind"] == "video" and senders[one["number"]] == hub.seed.people["delta"]
        media_type, suffix = ("video/x-matroska", "mkv") if in_h264 else (f"{one['kind']}/webm", "webm")
        assert (answer.status, answer.content_type) == (200, media_type)
        assert re.fullmatch(rf"attachment; .*\.{suffix}", answer.headers["Content-Disposition"])
        data = await answer.read()
        assert len(data) == one["size"]
        seen = rises(pictures(data)) if one["kind"] == "video" else tones(data)
        for at in seen:
            marks[one["part"]][round(at / 2 - min(seen) / 2)].append(at % 2)
        middle = await secretary.raw(
            "GET", f"{path}/{recording_id}/files/{one['number']}", headers={"Range": "bytes=1000-1999"}
        )
        assert (middle.status, await middle.read()) == (206, data[1000:2000])
    flat = [at for part in marks[1].values() for at in part]
    assert len(flat) >= 6
    spread = [(at - flat[0] + 1) % 2 - 1 for at in flat]
    assert max(spread) - min(spread) < ALIGNED_S, marks
    for stranger, code in (("north", "denied"), ("b-secretary", "not_found"), ("officer", "not_found")):
        if stranger in hub.seed.tokens:
            with pytest.raises(Refused, match=code):
                await hub.call(stranger, "GET", f"{path}/{recording_id}/files/1")
    chair = await hub.nobody()
    with pytest.raises(Refused, match="no_session"):
        await chair.call("GET", f"{path}/{recording_id}/files/1")


async def what_the_log_says(hub: Hub, recording_id: str) -> None:
    secretary = hub.seed.people["secretary"]
    acts = {
        action: await hub.log(action=action)
        for action in (Action.RECORDING_START, Action.RECORDING_STOP, Action.RECORDING_PART, Action.RECORDING_SEAL)
    }
    assert [len(found) for found in acts.values()] == [1, 1, 2, 1]
    assert {acts[one][0].entry.actor for one in (Action.RECORDING_START, Action.RECORDING_STOP)} == {secretary}
    assert len(await hub.log(action=Action.RECORDING_DOWNLOAD)) == 16, "each file downloaded once, and played once"
    client = await hub.client("secretary")
    path = f"/meetings/{hub.seed.ours.meeting}/recordings"
    listed = (await client.call("GET", path))["recordings"][0]
    assert acts[Action.RECORDING_SEAL][0].entry.details["manifest"] == listed["manifestSha256"]
    written = await client.call("GET", f"{path}/{recording_id}/manifest")
    assert [one["sha256"] for one in written["files"]] == [one["sha256"] for one in listed["files"]]


async def it_is_destroyed(hub: Hub, recording_id: str) -> None:
    services, path = hub.services, f"/meetings/{hub.seed.ours.meeting}/recordings"
    files = await services.db.read(lambda conn: store.files(conn, RecordingId(recording_id)))
    places = [services.vault.path(one.recording_id, one.number) for one in files]
    for place in places:
        content = await asyncio.to_thread(place.read_bytes)
        assert b"webm" not in content and b"OpusHead" not in content, "never in the clear"
    secretary = await hub.client("secretary", fresh=True)
    await secretary.call("DELETE", f"{path}/{recording_id}")
    with pytest.raises(Refused, match="not_found"):
        await secretary.call("GET", f"{path}/{recording_id}/files/1")
    async with asyncio.timeout(10):
        while await services.db.read(store.to_purge):  # noqa: ASYNC110 — it tells nobody
            await asyncio.sleep(0.05)
    assert not any([await asyncio.to_thread(place.exists) for place in places])
    assert (await secretary.call("GET", path))["recordings"] == []
    assert len(await hub.log(action=Action.RECORDING_DELETE)) == 1
