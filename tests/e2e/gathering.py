"""People in a meeting's room, each in a browser of their own, behind cables that a test can pull."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import SOCK_DGRAM
from typing import Any

from playwright.async_api import expect

from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures import COLOURS, write_camera
from tests.e2e.product import Product, free_port, running_product
from tests.e2e.secretary import open_the_session
from tests.network.tcp_proxy import TcpProxy, tcp_proxy
from tests.network.udp_proxy import UdpProxy, udp_proxy


@dataclass(frozen=True, slots=True)
class Gathering:
    """``hub`` is the way of everybody's page to the hub, ``relay`` that to the relay; ``folder`` is for files."""

    product: Product
    hub: TcpProxy
    relay: UdpProxy
    folder: Path
    people: dict[str, Person]
    meeting: str

    def __getitem__(self, username: str) -> Person:
        return self.people[username]

    @property
    def room(self) -> str:
        """The address of the room."""
        return f"/meetings/{self.meeting}/room"

    @property
    def flags(self) -> list[str]:
        """What sends a Chromium's way to the hub through the cable."""
        return [f"--host-resolver-rules=MAP localhost:{self.product.port} 127.0.0.1:{self.hub.port}"]

    def cut(self) -> None:
        """Pull both cables."""
        self.hub.cut()
        self.relay.cut()

    def restore(self) -> None:
        """Plug both in again."""
        self.hub.restore()
        self.relay.restore()

    async def everybody_sees_everybody(self, message: str, timeout_s: float = 30) -> None:
        """Each receiver decodes each sender's colour, and sees the frame count move."""
        for person in self.people.values():
            await until(
                lambda person=person: sees(person, len(self.people)), f"{person.username}: {message}", timeout_s
            )


#: A film of a camera stands still for half a second before it begins anew, and a look takes over a second where a hub
#: starts and every page calls it.
STILL_MOVING_S = 8.0


async def sees(person: Person, count: int) -> bool:
    """Whether pictures of so many people move on a page, each in a colour of its own."""
    before = await person.tiles()
    await asyncio.sleep(0.5)
    after = await person.tiles()
    moving = {one for one in after if one in before and after[one]["count"] != before[one]["count"]}
    colours = sorted(after[one]["colour"] for one in moving)
    return colours == sorted(list(COLOURS)[:count])


async def join_time_ms(person: Person) -> float | None:
    """From the press on *Join* to the first picture of somebody else, None before that."""
    measured: Any = await person.page.evaluate("performance.getEntriesByName('join')[0]?.duration ?? null")
    return None if measured is None else float(measured)


@asynccontextmanager
async def gathering(folder: Path, names: Sequence[str], flags: Sequence[str] = ()) -> AsyncIterator[Gathering]:
    """Open the demo meeting's session, and bring these members to its lobby."""
    async with AsyncExitStack() as stack:
        relay_port = free_port(SOCK_DGRAM)
        relay = await stack.enter_async_context(udp_proxy(relay_port))
        announced = {"PLENUM_RELAY_ANNOUNCE": f"127.0.0.1:{relay.port}"}
        product = await stack.enter_async_context(running_product(folder / "data", announced, relay_port=relay_port))
        hub = await stack.enter_async_context(tcp_proxy(product.port))
        meeting = await open_the_session(product)
        here = Gathering(product, hub, relay, folder, {}, meeting)
        beside: Person | None = None
        for name, colour in zip(names, COLOURS, strict=False):
            camera = write_camera(folder / f"{name}.y4m", colour)
            browser = browsing(name, product.origin, camera=camera, flags=[*here.flags, *flags], beside=beside)
            beside = here.people[name] = await stack.enter_async_context(browser)
        await asyncio.gather(*[to_the_lobby(here, one) for one in here.people.values()])
        yield here


async def to_the_lobby(here: Gathering, person: Person) -> None:
    """Stand before the door."""
    await person.let_in()
    await person.open(here.room)
    await expect(person["join"]).to_be_visible(timeout=EXPECT_MS)
