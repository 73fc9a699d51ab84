"""One act, told to everybody: many pages follow a session, and each must hear each event once, in order.

The time counts from the chair's request on the wire to the arrival of the event at a page, so it holds the commit too.
Pages subscribe one wave after the other, as after the break of a large meeting; that is a figure of its own.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench import disk, organisation, report
from bench.hub import BenchFailed, LiveSocket, running, settings_in
from bench.organisation import Organisation, Seat
from signaling.http.pipeline import COOKIE

SUBSCRIBING_AT_ONCE = 50
ROUNDS = 40
PAUSE_S = 0.1  # between acts: the chair's hand, not a flood
ARRIVE_TIMEOUT_S = 30.0


@dataclass(slots=True)
class Page:
    """One follower: what arrived, and when; it is taken apart after the measurement."""

    socket: aiohttp.ClientWebSocketResponse
    arrived: list[tuple[float, str]] = field(default_factory=list)
    heard: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    reader: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.reader = asyncio.create_task(self.read())  # at once: who reads nothing is taken for dead

    async def read(self) -> None:
        """Note every event until the socket ends."""
        async for frame in self.socket:
            if frame.data.startswith('{"type":"event"'):
                self.arrived.append((time.perf_counter(), frame.data))
                self.heard.release()


async def run(folder: Path, sockets: int) -> list[str]:
    """Hold the session in a fresh deployment below ``folder`` and return the report line. Raises BenchFailed."""
    settings = settings_in(folder)
    house = await asyncio.to_thread(organisation.seed, settings, sockets)
    facts = await asyncio.to_thread(disk.store_facts, settings.database_file)
    async with running(settings) as client:
        began = time.perf_counter()
        pages = await _subscribe(client, house)
        subscribing_s = time.perf_counter() - began
        sent = await _act(client, house, pages)
        await asyncio.gather(*(page.socket.close() for page in pages))
    seconds = _delays(pages, sent)
    return [
        report.line(
            "fanout",
            **facts,
            sockets=len(pages),
            events=len(sent),
            deliveries=len(seconds),
            subscribed_per_s=round(len(pages) / subscribing_s),
            p50_ms=report.percentile_ms(seconds, 0.50),
            p99_ms=report.percentile_ms(seconds, 0.99),
        )
    ]


async def _subscribe(client: aiohttp.ClientSession, house: Organisation) -> list[Page]:
    gate = asyncio.Semaphore(SUBSCRIBING_AT_ONCE)

    async def follow(seat: Seat) -> Page:
        async with gate:
            headers = {"Cookie": f"{COOKIE}={seat.token}"}
            socket = await client.ws_connect("/api/v1/live", headers=headers, max_msg_size=0)
            await socket.send_str(json.dumps({"type": "subscribe", "id": 1, "meetingId": house.meeting_id}))
            answer = json.loads(await socket.receive_str())
            if answer["type"] != "reply":
                raise BenchFailed(f"subscribe was refused: {answer}")
            return Page(socket)

    return list(await asyncio.gather(*map(follow, house.members)))


async def _act(client: aiohttp.ClientSession, house: Organisation, pages: list[Page]) -> list[float]:
    """Let the chair prepare one poll after the other; return when each request left."""
    chair = await LiveSocket.open(client, house.chair.token)
    sent: list[float] = []
    for number in range(ROUNDS):
        sent.append(time.perf_counter())
        await chair.ask("poll.create", meetingId=house.meeting_id, itemId=house.item_id, title=f"Question {number}")
        await _everybody_heard(pages)
        await asyncio.sleep(PAUSE_S)
    await chair.close()
    return sent


async def _everybody_heard(pages: list[Page]) -> None:
    try:
        async with asyncio.timeout(ARRIVE_TIMEOUT_S):
            for page in pages:
                await page.heard.acquire()
    except TimeoutError as error:
        raise BenchFailed("an event did not reach every page") from error


def _delays(pages: list[Page], sent: list[float]) -> list[float]:
    """Return how long each delivery took. Raises BenchFailed for a page with a gap or a repetition."""
    for page in pages:
        revisions = [json.loads(text)["revision"] for _, text in page.arrived]
        if revisions != list(range(revisions[0], revisions[0] + len(sent))):
            raise BenchFailed("a page's revisions have a gap")
    return [at - began for page in pages for began, (at, _) in zip(sent, page.arrived, strict=True)]
