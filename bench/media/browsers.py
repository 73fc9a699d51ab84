"""What people see on a bad network: real browsers in the running product, behind a network that loses and delays.

Every page measures itself: when its decoder handed out each frame of the others, and what its receivers count.
"""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench import report
from bench.media.errors import BenchFailed
from tests.e2e.person import Person, browsing, until
from tests.e2e.product import free_port, running_product
from tests.e2e.secretary import presiding
from tests.network.udp_proxy import UdpProxy, udp_proxy

SETTLE_S: Final = 4.0
SEES_S: Final = 60.0
THROTTLED_BPS: Final = 300_000
ADAPT_S: Final = 15.0
HEAR_S: Final = 5.0
SEEN: Final = 2  # by somebody who only listens; each of the two sees the other

# Keeps every peer connection of a page and its frames, and notes each picture of the others as it is shown. Runs before
# the page's own.
WATCH: Final = """() => {
  const Native = window.RTCPeerConnection;
  const peers = (window.top.benchPeers ??= []);
  window.RTCPeerConnection = class extends Native {
    constructor(...given) { super(...given); peers.push(this); }
  };
  const watched = new WeakSet();
  window.benchFrames = new Map();
  const watch = (video, times) => {
    const note = (now) => { times.push(now); video.requestVideoFrameCallback(note); };
    video.requestVideoFrameCallback(note);
  };
  setInterval(() => {
    for (const tile of document.querySelectorAll('[data-testid^="tile-"]:not([data-own="true"])')) {
      const video = tile.querySelector('video');
      if (!video || watched.has(video)) continue;
      watched.add(video);
      if (!benchFrames.has(tile.dataset.testid)) benchFrames.set(tile.dataset.testid, []);
      watch(video, benchFrames.get(tile.dataset.testid));
    }
  }, 100);
  window.benchBegin = () => { for (const times of benchFrames.values()) times.splice(0, times.length - 1); };
  window.benchLongestGap = () => Math.max(0, ...[...benchFrames.values()].map((times) => {
    const ends = [...times, performance.now()];
    return Math.max(...ends.slice(1).map((time, index) => time - ends[index]), 0);
  }));
  window.benchInbound = async () => {
    const found = [];
    for (const peer of peers) {
      if (peer.connectionState === 'closed') continue;
      for (const entry of (await peer.getStats()).values()) {
        if (entry.type === 'inbound-rtp') found.push(entry);
      }
    }
    return found;
  };
}"""


@dataclass(frozen=True, slots=True)
class Network:
    """One kind of bad network."""

    loss: float = 0.0
    jitter_ms: float = 0.0


NETWORKS: Final = (Network(), Network(0.02), Network(0.05), Network(0.10), Network(jitter_ms=50))


@dataclass(frozen=True, slots=True)
class Counts:
    """What all receivers of one page have counted so far."""

    frames: int
    freezes: int
    frozen_s: float
    concealed: int
    samples: int
    heights: tuple[int, ...]


@dataclass(slots=True)
class Room:
    """A running product behind a proxy, and who is in its room."""

    origin: str
    path: str
    proxy: UdpProxy
    stack: AsyncExitStack

    async def join(self, account: str, button: str = "join") -> Person:
        """Bring somebody in with a browser of their own."""
        person = await self.stack.enter_async_context(browsing(account, self.origin))
        await enter(person, self.path, button)
        return person


async def enter(person: Person, room: str, button: str = "join") -> None:
    """Let somebody, whose page measures itself from now on, sign in and join."""
    await person.page.add_init_script(f"({WATCH})()")
    await person.sign_in()
    await person.open(room)
    await person.click(button)
    await person["leave"].wait_for()


@asynccontextmanager
async def room(folder: Path, plane: str) -> AsyncIterator[Room]:
    """Start the product with this data plane and open its session."""
    port = free_port(socket.SOCK_DGRAM)
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(udp_proxy(port))
        settings = {"PLENUM_RELAY_ANNOUNCE": f"127.0.0.1:{proxy.port}/udp", "PLENUM_DATAPLANE": plane}
        product = await stack.enter_async_context(running_product(folder / "data", settings, relay_port=port))
        secretary = await stack.enter_async_context(presiding(product))
        yield Room(product.origin, secretary.path + "/room", proxy, stack)


async def networks(folder: Path, plane: str, seconds: float) -> AsyncIterator[str]:
    """Two people who see each other, on one bad network after the other. Raises BenchFailed."""
    async with room(folder, plane) as here:
        people = [await here.join(account) for account in ("north", "delta")]
        await everybody_sees(people, 1)
        for network in NETWORKS:
            here.proxy.loss, here.proxy.jitter_ms = network.loss, network.jitter_ms
            await asyncio.sleep(SETTLE_S)
            yield await _watched(plane, network, people, seconds)


async def _watched(plane: str, network: Network, people: list[Person], seconds: float) -> str:
    before = [await counts(person) for person in people]
    for person in people:
        await person.page.evaluate("benchBegin()")
    began = time.monotonic()
    await asyncio.sleep(seconds)
    after = [await counts(person) for person in people]
    elapsed = time.monotonic() - began
    gaps = [float(await person.page.evaluate("benchLongestGap()")) for person in people]
    pairs = list(zip(before, after, strict=True))
    return report.line(
        "media_network",
        variant=plane,
        loss=network.loss,
        jitter_ms=network.jitter_ms,
        seconds=round(elapsed, 1),
        fps=round(min((late.frames - early.frames) / elapsed for early, late in pairs), 1),
        freezes=sum(late.freezes - early.freezes for early, late in pairs),
        frozen_s=round(sum(late.frozen_s - early.frozen_s for early, late in pairs), 2),
        longest_freeze_ms=round(max(gaps)),
        concealed=max(concealed(early, late) for early, late in pairs),
    )


async def throttled(folder: Path, plane: str) -> str:
    """The line of somebody who only listens is suddenly narrow: how soon the picture is small, what others notice."""
    async with room(folder, plane) as here:
        people = [await here.join(account) for account in ("north", "delta")]
        await everybody_sees(people, 1)  # so that all their addresses are known
        known = here.proxy.addresses
        narrow = await here.join("highland", "join-listening")
        await everybody_sees([narrow], SEEN)
        await asyncio.sleep(SETTLE_S)
        full = max((await counts(narrow)).heights, default=0)
        before = [await counts(person) for person in people]
        began = time.monotonic()
        here.proxy.throttle(here.proxy.addresses - known, THROTTLED_BPS)
        low_after_s = await _until_smaller(narrow, full, began)
        heard = await counts(narrow)
        await asyncio.sleep(HEAR_S)
        after, last = [await counts(person) for person in people], await counts(narrow)
        elapsed = time.monotonic() - began
    return report.line(
        "media_throttled",
        variant=plane,
        bps=THROTTLED_BPS,
        full_height=full,
        low_height=max(last.heights, default=0),
        low_layer_after_s=low_after_s,
        fps=round((last.frames - heard.frames) / HEAR_S / SEEN, 1),
        concealed=concealed(heard, last),
        others_fps=round(min((b.frames - a.frames) / elapsed for a, b in zip(before, after, strict=True)), 1),
        others_freezes=sum(b.freezes - a.freezes for a, b in zip(before, after, strict=True)),
    )


async def _until_smaller(person: Person, full: int, began: float) -> float | None:
    """Seconds until every picture is smaller than before and moves; None if that does not come to pass."""
    last = await counts(person)
    while time.monotonic() - began < ADAPT_S:
        await asyncio.sleep(0.2)
        now = await counts(person)
        if now.frames > last.frames and max(now.heights, default=0) < full:
            return round(time.monotonic() - began, 1)
        last = now
    return None


async def counts(person: Person) -> Counts:
    """What a page has received so far; only sources that still send."""
    entries: list[dict[str, Any]] = json.loads(
        await person.page.evaluate("benchInbound().then((found) => JSON.stringify(found))")
    )
    video = [entry for entry in entries if entry["kind"] == "video"]
    audio = [entry for entry in entries if entry["kind"] == "audio"]
    return Counts(
        frames=sum(entry.get("framesDecoded", 0) for entry in video),
        freezes=sum(entry.get("freezeCount", 0) for entry in video),
        frozen_s=sum(entry.get("totalFreezesDuration", 0.0) for entry in video),
        concealed=sum(entry.get("concealedSamples", 0) - entry.get("silentConcealedSamples", 0) for entry in audio),
        samples=sum(entry.get("totalSamplesReceived", 0) for entry in audio),
        heights=tuple(entry["frameHeight"] for entry in video if entry.get("framesPerSecond")),
    )


def concealed(early: Counts, late: Counts) -> float:
    """The share of sound that was invented because the real one did not come in time."""
    samples = late.samples - early.samples
    return round((late.concealed - early.concealed) / samples, 4) if samples else 1.0


async def everybody_sees(people: list[Person], others: int) -> None:
    """Wait until each has pictures of so many others. Raises BenchFailed."""

    async def seen() -> bool:
        found = [await counts(person) for person in people]
        return all(len(one.heights) >= others and one.frames > 10 * others for one in found)

    try:
        await until(seen, "not everybody sees the others", SEES_S)
    except AssertionError as error:
        raise BenchFailed(str(error)) from error
