"""Members and relays that use the room's media against the others: what each may say is what is its own."""

import json
from typing import Any

import pytest

from media.control.messages import (
    Failed,
    LayersWanted,
    RelayCounters,
    Snapshot,
    Statistics,
    encode,
    parse_relay_message,
)
from media.errors import ControlError
from signaling.live.connection import MEDIA_BURST
from signaling.relays.placement import Placement
from tests.media import parameters
from tests.signaling.fake_relay import FakeRelay, connected
from tests.signaling.hub import Hub, Refused
from tests.signaling.test_media import Page, enter, state


async def sends(page: Page, kind: str, source: str) -> str:
    given = parameters.opus() if kind == "audio" else parameters.vp8()
    fields: dict[str, Any] = {"kind": kind, "source": source, "rtpParameters": given}
    made = await page.request("media.produce", transportId=await page.transport("send"), **fields)
    return str(made["producerId"])


async def test_a_voice_cannot_be_called_a_camera_to_escape_being_muted(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        for kind, source in (("audio", "camera"), ("audio", "screen"), ("video", "microphone")):
            with pytest.raises(Refused, match="invalid"):
                await sends(north, kind, source)
        voice = await sends(north, "audio", "microphone")
        await chair.request("media.mute", endpointIds=[north.endpoint])
        await relay.until(lambda: state(hub, relay).producers[voice].paused)


async def test_sources_that_begin_again_and_again_are_refused_after_a_while(hub: Hub) -> None:
    """Each of them is received anew by every page."""
    await hub.open()
    async with connected(hub):
        north = await enter(hub, "north")
        transport = await north.transport("send")
        wanted = {"transportId": transport, "kind": "audio", "source": "microphone"}
        with pytest.raises(Refused, match="too_many_requests"):
            for _ in range(int(5 * MEDIA_BURST)):
                await north.request("media.produce", rtpParameters=parameters.opus(), **wanted)


async def test_a_relay_says_nothing_of_what_is_on_another(hub: Hub) -> None:
    await hub.open("chair", "north")
    hub.services.registry.placement = Placement(full_transports=1)
    async with connected(hub, name="first") as first:
        chair = await enter(hub, "chair")
        camera = await sends(chair, "video", "camera")
        async with connected(hub, FakeRelay(), name="second") as second:
            await (await enter(hub, "north")).transport("recv")
            transport = next(iter(state(hub, first).transports))
            await second.send(LayersWanted(room=chair.meeting, layers={camera: -1}))
            await second.transport_state(chair.meeting, transport, "failed")
            await second.send(Failed(room=chair.meeting, revision=0, reason="resync"))
            await second.until(lambda: second.count(Snapshot) == 1)
        await chair.live.settle()
        assert not [one for one in chair.live.heard if one["type"] == "layers_wanted"]
        room = hub.services.rooms.get(chair.meeting)
        assert room is not None
        assert room.endpoints[chair.endpoint].connection == "connected"
        await first.send(LayersWanted(room=chair.meeting, layers={camera: -1}))
        await chair.live.until(lambda one: one["type"] == "layers_wanted")


@pytest.mark.parametrize(
    "dropped",
    [{"Maria": 1}, {"a b": 1}, {"x" * 41: 1}, {f"r{n}": 1 for n in range(65)}],
    ids=["name", "words", "long", "many"],
)
def test_a_relay_makes_no_labels_of_its_own(dropped: dict[str, int]) -> None:
    good = Statistics(relay=RelayCounters(dropped={"address_in_use": 1}))
    assert parse_relay_message(encode(good)) == good
    with pytest.raises(ControlError):
        parse_relay_message(json.dumps({"type": "statistics", "relay": {"dropped": dropped}}))
