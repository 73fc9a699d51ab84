"""A relay is told to end in the middle of a meeting: the pages go on on another one, and nobody has to click."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from socket import SOCK_DGRAM

import pytest

from tests.e2e.gathering import Gathering, gathering
from tests.e2e.person import Person, until
from tests.e2e.product import Product, free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
]
DRAIN_S = 20
STANDSTILL_S = 6.0  # what somebody sees of it, on a machine that is busy with other things

# Notes for how long no new picture of somebody else was shown at the longest. Runs in the page.
WATCH = """() => {
  const seen = window.standstill = { pictures: 0, longestMs: 0, last: null, at: performance.now() };
  setInterval(() => {
    const video = document.querySelector('[data-testid^="tile-"]:not([data-own]) video');
    const shown = video?.getVideoPlaybackQuality().totalVideoFrames;
    if (!shown || shown === seen.last) return;
    const now = performance.now();
    Object.assign(seen, { longestMs: Math.max(seen.longestMs, now - seen.at), last: shown, at: now });
    seen.pictures++;
  }, 50);
}"""


async def test_pages_move_to_another_relay_when_theirs_is_told_to_end(tmp_path: Path) -> None:
    async with gathering(tmp_path, ["north", "delta"]) as here:
        with without_a_relay(here.product):
            async with relay(here.product, "first") as first:
                for person in here.people.values():
                    await person.click("join")
                await here.everybody_sees_everybody("does not see everybody at first", 40)
                async with relay(here.product, "second"):
                    stood = await standstills(here, first)
                    assert max(stood) < STANDSTILL_S
                    await here.everybody_sees_everybody("did not come along")
    assert [person.problems for person in here.people.values()] == [[], []]


async def standstills(here: Gathering, ending: Process) -> list[float]:
    """For how long each one's picture of the other stood still, in seconds, while a relay ended."""
    for person in here.people.values():
        await person.page.evaluate(WATCH)
    ending.send_signal(signal.SIGTERM)
    async with asyncio.timeout(DRAIN_S):
        assert await ending.wait() == 0, "it ends by itself as soon as nobody is left"
    return [await longest_standstill(person) for person in here.people.values()]


async def longest_standstill(person: Person) -> float:
    """What the page has measured, when some pictures have come since."""
    before = int(await person.page.evaluate("standstill.pictures"))

    async def later() -> bool:
        return int(await person.page.evaluate("standstill.pictures")) > before + 5

    await until(later, "no picture came by the other relay", 40)
    return float(await person.page.evaluate("standstill.longestMs")) / 1000


@contextmanager
def without_a_relay(product: Product) -> Iterator[None]:
    """End the product's own relay for good, as where relays are on machines of their own."""
    os.kill(product.supervisor.pid, signal.SIGSTOP)  # who would start it again
    product.kill("relay")
    try:
        yield
    finally:
        os.kill(product.supervisor.pid, signal.SIGCONT)


@asynccontextmanager
async def relay(product: Product, name: str) -> AsyncIterator[Process]:
    """Run one with a name, and return when the hub knows it."""
    environment = environment_of(product.process("serve")) | {
        "PLENUM_RELAY_NAME": name,
        "PLENUM_RELAY_PORT": str(free_port(SOCK_DGRAM)),
        "PLENUM_RELAY_ANNOUNCE": "127.0.0.1",
        "PLENUM_DRAIN_SECONDS": str(DRAIN_S),
    }
    folder = product.data.parent
    with (folder / f"{name}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "signaling.cli", "relay"), env=environment, stderr=log
        )
    try:
        await until(
            lambda: told(folder / "product.log", f"relay {name} adopted"), f"the relay {name} did not connect", 30
        )
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def environment_of(process: int) -> dict[str, str]:
    variables = Path(f"/proc/{process}/environ").read_bytes().decode().split("\0")
    return dict(one.split("=", 1) for one in variables if one)


async def told(log: Path, words: str) -> bool:
    return words in await asyncio.to_thread(log.read_text)
