"""A room over two relays, in real browsers; one relay is killed and does not come back."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.e2e.gathering import sees
from tests.e2e.person import Person, browsing, until
from tests.e2e.pictures import COLOURS, write_camera
from tests.e2e.relays import HubHere, hub_here, relay_process
from tests.e2e.secretary import open_the_session

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
]
MOVED_S = 30  # from the kill: noticing it, joining again and the first picture, on a busy machine


async def test_people_on_two_relays_see_each_other_and_come_back_when_one_relay_dies(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        hub = await stack.enter_async_context(hub_here(tmp_path / "data"))
        await stack.enter_async_context(relay_process(hub, "first"))
        second = await stack.enter_async_context(relay_process(hub, "second"))
        meeting = await open_the_session(hub)
        people = await asyncio.gather(
            *[
                in_the_lobby(stack, hub, f"/meetings/{meeting}/room", tmp_path, name, colour)
                for name, colour in zip(("north", "delta"), COLOURS, strict=False)
            ]
        )
        for person in people:
            await person.click("join")
        await everybody_sees_everybody(people, "over two relays")
        assert homes(hub, meeting) == ["first", "second"]
        second.kill()
        killed = time.monotonic()
        await until(lambda: all_on(hub, meeting, "first"), "nobody left the dead relay", MOVED_S)
        await everybody_sees_everybody(people, "after the death of a relay")
        print(f"everybody saw everybody {time.monotonic() - killed:.1f} s after the kill")
        assert [person.problems for person in people] == [[], []]


async def in_the_lobby(stack: AsyncExitStack, hub: HubHere, room: str, folder: Path, name: str, colour: str) -> Person:
    camera = write_camera(folder / f"{name}.y4m", colour)
    person = await stack.enter_async_context(browsing(name, hub.origin, camera=camera))
    await person.let_in()
    await person.open(room)
    await person.sees("join")
    return person


async def everybody_sees_everybody(people: list[Person], when: str) -> None:
    for person in people:
        await until(lambda person=person: sees(person, len(people)), f"{person.username} does not see {when}", 30)


def homes(hub: HubHere, meeting: str) -> list[str]:
    """Return the relay of everybody in the room."""
    room = hub.services.rooms.get(meeting)
    return sorted(room.spread.home(one).id for one in room.endpoints) if room is not None else []


async def all_on(hub: HubHere, meeting: str, relay: str) -> bool:
    return homes(hub, meeting) == [relay] * 2
