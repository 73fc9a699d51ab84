"""From the click on *Join* to the first picture of somebody else, in real browsers beside each other.

Every page measures itself: the click to the first frame that its decoder hands out. One page after the other leaves and
joins again while the others send, so each sample is somebody coming late into a running room.
"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import TimeoutError as BrowserTimeout

from bench import report
from bench.hub import BenchFailed
from tests.e2e.person import Person, browsing
from tests.e2e.pictures import COLOURS, write_camera
from tests.e2e.product import running_product

ACCOUNTS = ("chair", "north", "delta", "highland")
ROUNDS = 5
FPS = 15
FRAME_TIMEOUT_MS = 30_000
MEASURED = "() => performance.getEntriesByName('join').at(-1)?.duration ?? null"


async def run(folder: Path) -> list[str]:
    """Run the product below ``folder`` with four browsers and return the report line. Raises BenchFailed."""
    async with AsyncExitStack() as stack:
        product = await stack.enter_async_context(running_product(folder / "data"))
        people = []
        for account, colour in zip(ACCOUNTS, COLOURS, strict=False):
            camera = write_camera(folder / f"{colour}.y4m", colour, FPS)
            people.append(await stack.enter_async_context(browsing(account, product.origin, camera=camera)))
        meeting = await _convene(stack, product.origin)
        for person in people:
            await person.sign_in()
            await _enter(person, meeting)
        seconds = [await _join_again(person, meeting) for _ in range(ROUNDS) for person in people]
    return [
        report.line(
            "join",
            browsers=len(people),
            samples=len(seconds),
            p50_ms=report.percentile_ms(seconds, 0.50),
            p95_ms=report.percentile_ms(seconds, 0.95),
        )
    ]


async def _convene(stack: AsyncExitStack, origin: str) -> str:
    """Convene and open the demo meeting; return its id."""
    secretary = await stack.enter_async_context(browsing("secretary", origin))
    await secretary.sign_in()
    meeting = str((await secretary.get("/meetings"))["meetings"][0]["id"])
    await secretary.open(f"/meetings/{meeting}")
    await secretary.click("convene")
    await secretary.step_up()
    await secretary.click("open-meeting")
    await secretary["adjourn"].wait_for()
    await secretary.page.close()
    return meeting


async def _enter(person: Person, meeting: str) -> None:
    await person.open(f"/meetings/{meeting}/room")
    await person["join"].wait_for()
    await person.page.wait_for_load_state("networkidle")  # somebody looks at the lobby before going in
    await person.click("join")
    await person["leave"].wait_for()


async def _join_again(person: Person, meeting: str) -> float:
    """Come in once more and return the seconds to the first picture. Raises BenchFailed if there is none."""
    await person.click("leave")
    await _enter(person, meeting)
    try:
        found = await person.page.wait_for_function(MEASURED, timeout=FRAME_TIMEOUT_MS)
    except BrowserTimeout as error:
        raise BenchFailed(f"{person.username} saw nobody") from error
    await asyncio.sleep(0.5)  # the room settles before the next one goes out
    return float(await found.json_value()) / 1000
