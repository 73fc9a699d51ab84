"""A room over two relays is recorded whole: who is on the other relay comes to the lead by a pipe."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from signaling.recording import keeper
from signaling.relays.placement import Placement
from tests.signaling.hub import Hub
from tests.signaling.recording.speakers import speaking
from tests.signaling.recording.studio import pictures, rises, tones
from tests.signaling.recording.test_recording import hears
from tests.signaling.relays.real import real_relay

pytestmark = pytest.mark.process


async def test_people_on_both_relays_are_in_the_recording(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "FIRST_S", 0.0)
    meeting = hub.seed.ours.meeting
    path = f"/meetings/{meeting}"
    await hub.open()
    hub.services.registry.placement = Placement(full_transports=1)
    async with AsyncExitStack() as stack:
        for name in ("first", "second"):
            await stack.enter_async_context(real_relay(hub, name))
        await stack.enter_async_context(speaking(hub, north=0.0, delta=0.0))
        room = hub.services.rooms.get(meeting)
        assert room is not None
        assert {home.id for home in room.spread.homes} == {"first", "second"}
        member = await hub.live("chair")
        await member.request("subscribe", meetingId=meeting)
        secretary = await hub.client("secretary", fresh=True)
        await secretary.call("PUT", f"{path}/recording-policy", json={"allowed": True})
        made = await secretary.call("POST", f"{path}/recordings")
        await hears(member, "recording")
        await asyncio.sleep(4.5)
        await secretary.call("POST", f"{path}/recordings/stop")
        await hears(member, None)
    (found,) = (await secretary.call("GET", f"{path}/recordings"))["recordings"]
    people = {one["name"] for one in found["files"]}
    assert len(people) == 2
    wanted = {(name, kind) for name in people for kind in ("audio", "video")}
    assert {(one["name"], one["kind"]) for one in found["files"]} == wanted
    for one in found["files"]:
        answer = await secretary.raw("GET", f"{path}/recordings/{made['id']}/files/{one['number']}?download=1")
        data = await answer.read()
        seen = rises(pictures(data)) if one["kind"] == "video" else tones(data)
        assert len(seen) >= 1, one
