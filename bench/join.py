"""From the click on *Join* to the first picture of somebody else, in real browsers beside each other.

Every page measures itself: the click to the first frame that its decoder hands out. One page after the other leaves and
joins again while the others send, so each sample is somebody coming late into a running room.

Browsers that share their cores slow each other down: each decodes and draws everybody in software. So the same is
measured with one browser among members who play themselves, with as many pictures in the room; each row says how busy
the machine was from click to picture, and who had the processors.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import TimeoutError as BrowserTimeout

from bench import processors, report
from bench.hub import BenchFailed
from tests.e2e.person import Person, browsing
from tests.e2e.pictures import COLOURS, write_camera
from tests.e2e.product import running_product
from tests.e2e.secretary import open_the_session

ACCOUNTS = ("chair", "highland", "delta", "north")  # in the other direction than members are played
ROUNDS, SAMPLES = 5, 20
FPS = 15
FRAME_TIMEOUT_MS = 30_000
SEES = """(others) => others <= [...document.querySelectorAll('[data-testid^=tile-]:not([data-own]) video')]
  .filter((video) => video.videoWidth).length"""
MEASURED = "() => performance.getEntriesByName('join').at(-1)?.duration ?? null"


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is in the room: people with browsers, and members who play themselves."""

    browsers: int
    bots: int

    @property
    def accounts(self) -> list[str]:
        """Who has a browser: nobody who is played."""
        return list(ACCOUNTS[: self.browsers])


CROWDS = (Crowd(browsers=1, bots=3), Crowd(browsers=4, bots=0))


async def run(folder: Path) -> list[str]:
    """Run the product below ``folder`` once for each crowd and return the report lines. Raises BenchFailed."""
    lines = []
    for number, crowd in enumerate(CROWDS):
        place = folder / str(number)
        place.mkdir()
        lines.append(await _measure(place, crowd))
    return lines


async def _measure(folder: Path, crowd: Crowd) -> str:
    async with AsyncExitStack() as stack:
        product = await stack.enter_async_context(running_product(folder / "data", bots=crowd.bots))
        people = []
        for account, colour in zip(crowd.accounts, COLOURS, strict=False):
            camera = write_camera(folder / f"{colour}.y4m", colour, FPS)
            people.append(await stack.enter_async_context(browsing(account, product.origin, camera=camera)))
        meeting = await open_the_session(product)
        for person in people:
            await person.sign_in()
            await _enter(person, meeting)
        if crowd.bots:  # they come by themselves
            await people[0].page.wait_for_function(SEES, arg=crowd.bots, timeout=FRAME_TIMEOUT_MS)
        seconds: list[float] = []
        loads: list[processors.Load] = []
        for _ in range(max(ROUNDS, SAMPLES // len(people))):
            for person in people:
                seconds.append(await _join_again(person, meeting, loads))
    return report.line(
        "join",
        browsers=crowd.browsers,
        bots=crowd.bots,
        samples=len(seconds),
        p50_ms=report.percentile_ms(seconds, 0.50),
        p95_ms=report.percentile_ms(seconds, 0.95),
        **processors.shares(loads),
    )


async def _enter(person: Person, meeting: str) -> None:
    await _look_into_the_lobby(person, meeting)
    await person.click("join")
    await person["leave"].wait_for()


async def _look_into_the_lobby(person: Person, meeting: str) -> None:
    await person.open(f"/meetings/{meeting}/room")
    await person["join"].wait_for()
    await person.page.wait_for_load_state("networkidle")  # somebody looks at the lobby before going in


async def _join_again(person: Person, meeting: str, loads: list[processors.Load]) -> float:
    """Come in once more and return the seconds to the first picture. Raises BenchFailed if there is none."""
    await person.click("leave")
    await _look_into_the_lobby(person, meeting)
    before = processors.now()
    await person.click("join")
    try:
        found = await person.page.wait_for_function(MEASURED, timeout=FRAME_TIMEOUT_MS)
    except BrowserTimeout as error:
        raise BenchFailed(f"{person.username} saw nobody") from error
    loads.append(processors.between(before, processors.now()))
    await asyncio.sleep(0.5)  # the room settles before the next one goes out
    return float(await found.json_value()) / 1000
