"""What people notice when one of them gets another address: real browsers in the running product."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from bench import report
from bench.media import browsers
from tests.e2e.person import Person, browsing
from tests.e2e.product import running_product
from tests.e2e.secretary import open_the_session
from tests.network.hosts import Host, may_make_hosts, move_to_another_cable, network

#: The first is the one whose address changes.
PEOPLE: Final = ("north", "delta")
SETTLE_S, WATCHED_S = 4.0, 6.0
_NUMBER: Final = 100  # of the first other cable

Change = Callable[[], object]


async def changes(folder: Path, plane: str, times: int) -> AsyncIterator[str]:
    """Behind a NAT that changes its mind; at the same interface; from one interface to another. Raises BenchFailed."""
    for name in ("nat", "own"):
        (folder / name).mkdir()
    async with browsers.room(folder / "nat", plane) as here:
        people = [await here.join(account) for account in PEOPLE]
        yield await _watched(plane, "nat", people, [here.proxy.rebind] * times)
    if not may_make_hosts():
        print("bench: an address of the computer's own changes only for root, with iproute2", file=sys.stderr)
        return
    async with _at_sites(folder / "own", plane) as (people, centre, site):
        same = [partial(site.change_address, 50 + time) for time in range(times)]
        yield await _watched(plane, "own", people, same)
        yield await _watched(plane, "interface", people, _moves(centre, site, times))


def _moves(centre: Host, site: Host, times: int) -> Sequence[Change]:
    """From cable to cable, each time to another one."""
    current = site

    def move(number: int) -> None:
        nonlocal current
        current = move_to_another_cable(centre, current, number)

    return [partial(move, _NUMBER + time) for time in range(times)]


@asynccontextmanager
async def _at_sites(folder: Path, plane: str) -> AsyncIterator[tuple[list[Person], Host, Host]]:
    """Two people, each at a site that is a host of its own; with the central host and the site of the first."""
    async with AsyncExitStack() as stack:
        hosts = stack.enter_context(network("office", *PEOPLE))
        settings = {"PLENUM_DATAPLANE": plane}
        product = await stack.enter_async_context(running_product(folder / "data", settings, hosts["centre"]))
        meeting = await open_the_session(product, hosts["office"])
        people = [
            await stack.enter_async_context(browsing(account, product.origin, host=hosts[account]))
            for account in PEOPLE
        ]
        for person in people:
            await browsers.enter(person, f"/meetings/{meeting}/room")
        yield people, hosts["centre"], hosts[PEOPLE[0]]


async def _watched(plane: str, change: str, people: list[Person], changes: Sequence[Change]) -> str:
    """How long pictures stand still with each change: those that the first sees, and that of the first."""
    await browsers.everybody_sees(people, 1)
    still: list[list[float]] = []
    for make in changes:
        await asyncio.sleep(SETTLE_S)
        for person in people:
            await person.page.evaluate("benchBegin()")
        make()
        await asyncio.sleep(WATCHED_S)
        still.append([float(await person.page.evaluate("benchLongestGap()")) / 1000 for person in people])
    return report.line(
        "media_changed_address",
        variant=plane,
        change=change,
        times=len(still),
        sees_again_s=round(median(one[0] for one in still), 2),
        seen_again_s=round(median(one[1] for one in still), 2),
        worst_s=round(max(max(one) for one in still), 2),
    )
