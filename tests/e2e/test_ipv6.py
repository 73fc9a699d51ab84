"""Members whose machines have no IPv4 at all meet like everybody else."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.gathering import sees
from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures import COLOURS, write_camera
from tests.e2e.product import running_product
from tests.e2e.secretary import open_the_session
from tests.network.hosts import network

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
    pytest.mark.needs("hosts"),
]


async def test_two_members_without_ipv4_see_each_other(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        hosts = stack.enter_context(network("office", ipv6=True))
        office, centre = hosts["office"], hosts["centre"]
        product = await stack.enter_async_context(running_product(tmp_path / "data", host=centre))
        there = [f"--host-resolver-rules=MAP localhost [{centre.address}]"]
        meeting = await open_the_session(product, office)
        people: list[Person] = []
        for name, colour in zip(("north", "delta"), COLOURS, strict=False):
            camera = write_camera(tmp_path / f"{name}.y4m", colour)
            beside = people[0] if people else None
            browser = browsing(name, product.origin, camera=camera, host=office, flags=there, beside=beside)
            people.append(await stack.enter_async_context(browser))
        for person in people:
            await person.sign_in()
            await person.open(f"/meetings/{meeting}/room")
            await expect(person["net-relay"]).to_contain_text("UDP", timeout=EXPECT_MS)
            await person.click("join")
        await asyncio.gather(*[until(lambda one=one: sees(one, 2), "does not see everybody", 40) for one in people])
        assert [person.problems for person in people] == [[], []]
