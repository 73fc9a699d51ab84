"""A room over two real relays: pages on either see and hear each other, also after one has died."""

from contextlib import AsyncExitStack

import pytest
from aiohttp.test_utils import unused_port

from media.control.state import PipeSpec
from signaling.relays.placement import Placement
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Hub, until
from tests.signaling.relays.real import link, real_relay
from tests.signaling.test_drain_process import Seat, see_each_other

pytestmark = pytest.mark.process


async def test_people_on_two_relays_see_and_hear_each_other(hub: Hub) -> None:
    await hub.open("chair", "north")
    hub.services.registry.placement = Placement(full_transports=1)
    meeting = hub.seed.ours.meeting
    seats = [Seat(await hub.live(username), meeting) for username in ("chair", "north")]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(real_relay(hub, "first"))
        await seats[0].enter()
        async with real_relay(hub, "second"):
            await seats[1].enter()
            room = hub.services.rooms.get(meeting)
            assert room is not None
            assert {one.id for one in room.spread.links} == {"first", "second"}
            await see_each_other(*seats)
            await until(lambda: room.spread.pipe_states() == {"connected": 1})
            page = seats[0].page
            assert page is not None and seats[1].page is not None
            voice = seats[1].page.producers["audio"]
            await page.consume(voice)
            await page.receives(voice, 20)
            assert page.loudness[voice] > 1000
        async with real_relay(hub, "second"):
            assert await seats[1].closed() == "lost"
            assert room.spread.lead is link(hub, "first")
            await seats[1].enter()
            await see_each_other(*seats)
        for seat in seats:
            await seat.leave()


async def test_sound_and_picture_go_on_between_relays_while_the_hub_is_restarted(start: StartHub) -> None:
    port = unused_port()
    async with AsyncExitStack() as relays:
        async with start(control_port=port) as hub:
            await hub.open("chair", "north")
            hub.services.registry.placement = Placement(full_transports=1)
            meeting = hub.seed.ours.meeting
            seats = [Seat(await hub.live(username), meeting) for username in ("chair", "north")]
            for name, seat in zip(("first", "second"), seats, strict=True):
                await relays.enter_async_context(real_relay(hub, name))
                await seat.enter()
            await see_each_other(*seats)
            before = pipes(hub)
        chair, north = (seat.page for seat in seats)
        assert chair is not None and north is not None
        await chair.receives(north.producers["video"], 10)
        async with start(control_port=port) as hub:
            await until(lambda: hub.services.registry.connected == 2)
            await until(lambda: pipes(hub) == before)
            room = hub.services.rooms.get(meeting)
            assert room is not None and not room.spread.awaited
            seats[1].live = await hub.live("north")
            assert (await seats[1].ask("media.join", endpointId=seats[1].endpoint))["resumed"]
            await chair.receives(north.producers["video"], 10)
            await seats[1].ask("media.set_producer", producerId=north.producers["video"], paused=True)
            copies = [one.room(meeting).producers[north.producers["video"]] for one in room.spread.links]
            assert [one.paused for one in copies] == [True, True]
            for seat in seats:
                await seat.leave()


def pipes(hub: Hub) -> list[PipeSpec]:
    """Return both ends of all pipes of our meeting's room."""
    found = [one.room(hub.seed.ours.meeting).pipes.values() for one in hub.services.registry.links]
    return [pipe for ends in found for pipe in ends]
