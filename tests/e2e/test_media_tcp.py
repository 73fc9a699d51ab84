"""A network that lets no UDP through: picture and sound come over TCP."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures import COLOURS, write_camera
from tests.e2e.product import free_port, running_product
from tests.e2e.secretary import presiding
from tests.network.udp_proxy import UdpProxy, udp_proxy

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
]
PEOPLE = ("north", "delta")


@pytest.fixture
async def blocked() -> AsyncIterator[tuple[UdpProxy, int]]:
    """A way to the relay's port over UDP on which every datagram is swallowed, and that port."""
    port = free_port(socket.SOCK_DGRAM)
    async with udp_proxy(port) as proxy:
        proxy.cut()
        yield proxy, port


async def test_people_whose_udp_is_blocked_see_each_other_over_tcp(
    tmp_path: Path, blocked: tuple[UdpProxy, int]
) -> None:
    proxy, port = blocked
    announced = f"127.0.0.1:{proxy.port}/udp,127.0.0.1:{port}/tcp"
    colours = dict(zip(PEOPLE, COLOURS, strict=False))
    cameras = {name: write_camera(tmp_path / f"{name}.y4m", colour) for name, colour in colours.items()}
    async with (
        running_product(tmp_path / "data", {"PLENUM_RELAY_ANNOUNCE": announced}, relay_port=port) as product,
        presiding(product) as secretary,
        browsing("north", product.origin, camera=cameras["north"]) as north,
        browsing("delta", product.origin, camera=cameras["delta"], beside=north) as delta,
    ):
        for person in (north, delta):
            await person.let_in()
            await person.open(secretary.path + "/room")
        await the_check_before_joining_says_so(north)
        for person in (north, delta):
            await person.click("join")
        for person in (north, delta):
            await until(lambda person=person: sees(person, set(colours.values())), "no moving picture over TCP", 120)
        assert proxy.swallowed > 0
        assert proxy.forwarded == 0
        assert north.problems == delta.problems == []


async def the_check_before_joining_says_so(person: Person) -> None:
    await expect(person["net-relay"]).to_have_attribute("data-tone", "weak", timeout=EXPECT_MS)
    await expect(person["net-relay"]).to_contain_text("TCP")


async def sees(person: Person, colours: set[str]) -> bool:
    """Whether these pictures, the own one included, are there and move."""
    before = await person.tiles()
    await asyncio.sleep(0.7)
    after = await person.tiles()
    moving = {one for one in after if one in before and after[one]["count"] != before[one]["count"]}
    return {after[one]["colour"] for one in moving} == colours
