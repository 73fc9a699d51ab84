"""Members whose networks lead to no relay: a TURN server is their only way, by UDP for one and by TCP for the other."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from socket import SOCK_DGRAM

import pytest
from playwright.async_api import expect

from tests.e2e.gathering import sees
from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures import COLOURS, write_camera
from tests.e2e.product import free_port, running_product
from tests.e2e.secretary import open_the_session
from tests.network.hosts import Host, network
from tests.network.turn import PORT, SECRET, coturn

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
    pytest.mark.needs("hosts", "turnserver"),
]

# Runs in every frame of a page: the connections may be in one of its own.
KEEP_CONNECTIONS = """
  window.top.connections ??= [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) { super(...given); window.top.connections.push(this); }
  };
"""
#: How the connections that stand reach the TURN server; a direct one has no such protocol.
WAYS = """async () => {
  const open = window.connections.filter((one) => one.connectionState === 'connected');
  const reports = await Promise.all(open.map((one) => one.getStats()));
  return reports.map((report) => {
    const all = [...report.values()];
    const transport = all.find((one) => one.type === 'transport');
    const pair = all.find((one) => one.id === transport.selectedCandidatePairId);
    return all.find((one) => one.id === pair.localCandidateId).relayProtocol ?? 'direct';
  });
}"""


async def test_two_members_see_each_other_over_a_turn_server(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        hosts = stack.enter_context(network("lax", "strict"))
        centre, relay_port = hosts["centre"], free_port(SOCK_DGRAM)
        for protocol in ("udp", "tcp"):
            for site in ("lax", "strict"):
                hosts[site].refuse(protocol, centre.address, relay_port)
        hosts["strict"].refuse("udp", centre.address, PORT)
        await stack.enter_async_context(coturn(centre, tmp_path, centre.address))
        settings = turn_settings(tmp_path, centre)
        product = await stack.enter_async_context(
            running_product(tmp_path / "data", settings, centre, relay_port=relay_port)
        )
        meeting = await open_the_session(product, hosts["lax"])
        people = []
        for name, site, colour in zip(("north", "delta"), ("lax", "strict"), COLOURS, strict=False):
            camera = write_camera(tmp_path / f"{name}.y4m", colour)
            browser = browsing(name, product.origin, camera=camera, host=hosts[site])
            people.append(await stack.enter_async_context(browser))
        await asyncio.gather(*[joins(one, meeting) for one in people])
        await asyncio.gather(*[until(lambda one=one: sees(one, 2), "does not see everybody", 40) for one in people])

        async def by_udp_where_that_works() -> bool:
            return [await ways(one) for one in people] == [{"udp"}, {"tcp"}]

        await until(by_udp_where_that_works, "the TURN server is not reached as it could be")
        assert [person.problems for person in people] == [[], []]


def turn_settings(folder: Path, centre: Host) -> dict[str, str]:
    secret = folder / "turn-secret"
    secret.write_text(SECRET)
    urls = [f"turn:{centre.address}:{PORT}?transport={protocol}" for protocol in ("udp", "tcp")]
    return {"PLENUM_TURN_URLS": ",".join(urls), "PLENUM_TURN_SECRET_FILE": str(secret)}


async def joins(person: Person, meeting: str) -> None:
    """The lobby says beforehand which way it will be."""
    await person.page.add_init_script(KEEP_CONNECTIONS)
    await person.let_in()
    await person.open(f"/meetings/{meeting}/room")
    await expect(person["net-relay"]).to_have_attribute("data-tone", "weak", timeout=EXPECT_MS)
    await expect(person["net-relay"]).to_contain_text("TURN")
    await person.click("join")


async def ways(person: Person) -> set[str]:
    """How the TURN server is reached by what this page sends and receives through."""
    return set(await person.page.evaluate(WAYS))
