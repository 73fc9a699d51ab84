"""A relay that is about to end, or is gone for good, while another one is there."""

import asyncio

import pytest

from auth.audit.entry import Action
from media.control.messages import Draining, Drop
from signaling.housekeeping import record_closed
from tests.signaling.fake_relay import FakeRelay, connected
from tests.signaling.hub import Hub, until
from tests.signaling.test_media import Page, enter


async def two_in_a_room(hub: Hub) -> tuple[Page, Page]:
    chair, north = await enter(hub, "chair"), await enter(hub, "north")
    await north.microphone()
    return chair, north


async def moved(page: Page, reason: str = "moved") -> None:
    """Wait until the page is told to join again, and join."""
    said = await page.live.of_type("endpoint_closed")
    assert (said["endpointId"], said["reason"]) == (page.endpoint, reason)
    joined = await page.request("media.join", endpointId=page.endpoint)
    assert not joined["resumed"]
    page.endpoint = joined["endpointId"]


async def test_a_room_moves_to_another_relay_when_its_own_is_draining(hub: Hub) -> None:
    await hub.open()
    room = hub.seed.ours.meeting
    async with connected(hub, name="first") as first:
        chair, north = await two_in_a_room(hub)
        async with connected(hub, name="second") as second:
            await first.send(Draining(seconds=30))
            await moved(chair)
            await moved(north)
            await north.microphone()
            await second.until(lambda: room in second.rooms and len(second.rooms[room].producers) == 1)
            await first.until(lambda: room not in first.rooms)
            assert first.count(Drop) == 1
    await record_closed(hub.services)
    reasons = [one.entry.details["reason"] for one in await hub.log(action=Action.MEDIA_LEAVE)]
    assert reasons == ["moved", "moved"]


async def test_without_another_relay_everybody_stays_until_there_is_one(hub: Hub) -> None:
    await hub.open()
    async with connected(hub, name="first") as first:
        await first.send(Draining(seconds=30))
        chair, north = await two_in_a_room(hub)  # it is still the only one, and better than none
        await chair.live.settle()
        assert not [one for one in chair.live.heard if one["type"] == "endpoint_closed"]
        async with connected(hub, name="second"):
            await moved(chair)
            await moved(north)


async def test_a_new_room_is_not_placed_on_a_draining_relay(hub: Hub) -> None:
    await hub.open()
    room = hub.seed.ours.meeting
    async with connected(hub, name="first") as first, connected(hub, name="second") as second:
        await first.send(Draining(seconds=30))
        await until(lambda: any(link.draining.is_set() for link in hub.services.registry.links))
        north = await enter(hub, "north")
        await north.microphone()
        assert room in second.rooms
        assert room not in first.rooms


async def test_pages_join_again_when_a_drained_relay_has_ended(hub: Hub) -> None:
    await hub.open()
    async with connected(hub, name="first") as first:
        chair, _ = await two_in_a_room(hub)
        await first.send(Draining(seconds=30))
    await until(lambda: hub.services.registry.connected == 0)
    said = await chair.live.of_type("endpoint_closed")
    assert said["reason"] == "lost"
    async with connected(hub, FakeRelay(instance="after"), name="first"):
        assert not (await chair.request("media.join", endpointId=chair.endpoint))["resumed"]


async def test_a_room_whose_relay_stays_away_starts_anew_on_another(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.live.rooms.RELAY_GRACE_S", 0.05)
    await hub.open()
    async with connected(hub, name="first"):
        chair, north = await two_in_a_room(hub)
    async with connected(hub, name="second") as second:
        await until(
            lambda: all(
                one.away(asyncio.get_running_loop().time()) > 0.05 or one.connected
                for one in hub.services.registry.links
            )
        )
        joined = await chair.request("media.join", endpointId=chair.endpoint)
        assert not joined["resumed"]
        await moved(north, "lost")
        await north.microphone()
        await second.until(lambda: bool(second.rooms))
