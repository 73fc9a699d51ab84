"""Two relays as processes; one is told to end in the middle of a meeting."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, cast

import pytest
from aiohttp.test_utils import unused_port

from meetings import poll_store
from meetings.model import PollId
from meetings.records import PollDetails
from meetings.rules import PRESETS
from signaling.settings import to_environment
from signaling.store.transaction import Transaction
from tests.media.bot import Bot
from tests.media.hub import Hub as RelayHub
from tests.signaling.hub import Hub, Live, ballot_id, until

pytestmark = pytest.mark.process
DRAIN_S = 20


class Seat:
    """One person's page in the room, as ``tests.media.bot`` drives it: it asks the hub over its socket."""

    def __init__(self, live: Live, meeting: str) -> None:
        self.live = live
        self.meeting = meeting
        self.endpoint = ""
        self.page: Bot | None = None
        self._ways: Iterator[str] = iter(())
        self._turn = asyncio.Lock()

    async def ask(self, kind: str, /, **fields: Any) -> Any:
        async with self._turn:
            return await self.live.request(kind, meetingId=self.meeting, **fields)

    async def enter(self) -> Bot:
        """Join, open both transports and send sound and picture."""
        await self.leave()
        joined = await self.ask("media.join", endpointId=self.endpoint or None)
        self.endpoint = joined["endpointId"]
        self._ways = iter(("send", "recv"))
        self.page = Bot(cast(RelayHub, self))
        await self.page.start()
        await self.page.produce()
        return self.page

    async def leave(self) -> None:
        if self.page is not None:
            await self.page.close()

    async def create_transport(self) -> Any:
        return await self.ask("media.create_transport", direction=next(self._ways))

    async def connect_transport(self, transport_id: str, dtls: Any) -> None:
        await self.ask("media.connect_transport", transportId=transport_id, dtlsParameters=dtls)

    async def produce(self, transport_id: str, kind: str, parameters: Any) -> str:
        source = {"audio": "microphone", "video": "camera"}[kind]
        fields = {"transportId": transport_id, "kind": kind, "source": source, "rtpParameters": parameters}
        return str((await self.ask("media.produce", **fields))["producerId"])

    async def consume(self, transport_id: str, producer_id: str, capabilities: Any) -> dict[str, Any]:
        fields = {"transportId": transport_id, "producerId": producer_id, "rtpCapabilities": capabilities}
        made = await self.ask("media.consume", **fields)
        await self.ask("media.set_consumer", consumerId=made["consumerId"], paused=False)
        return {
            "id": made["consumerId"],
            "producerId": producer_id,
            "kind": made["kind"],
            "rtpParameters": made["rtpParameters"],
        }

    async def closed(self) -> str:
        """Return why the endpoint was closed."""
        async with self._turn:
            message = await self.live.until(
                lambda one: one["type"] == "endpoint_closed" and one["endpointId"] == self.endpoint
            )
        return str(message["reason"])


@asynccontextmanager
async def relay(hub: Hub, name: str) -> AsyncIterator[Process]:
    settings = replace(hub.services.settings, relay_name=name, relay_port=unused_port(), drain_seconds=DRAIN_S)
    environment = to_environment(replace(settings, relay_announce="127.0.0.1", relay_listen="127.0.0.1"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "signaling.cli", "relay"), env=os.environ | environment
    )
    try:
        await until(lambda: any(one.id == name and one.connected for one in hub.services.registry.links))
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def see_each_other(one: Seat, other: Seat) -> None:
    for receiver, sender in ((one, other), (other, one)):
        assert receiver.page is not None and sender.page is not None
        await receiver.page.consume(sender.page.producers["video"])
        await receiver.page.receives(sender.page.producers["video"], 5)
        assert receiver.page.picture_moves


async def open_poll(hub: Hub) -> str:
    meeting, by = hub.seed.ours.meeting, hub.seed.people["chair"]
    details = PollDetails(title="Biểu quyết", rules=PRESETS["simple_majority"])

    def run(tx: Transaction) -> str:
        poll_id = poll_store.create_poll(tx.conn, meeting, details, by, tx.now)[0].id
        tx.changed(meeting, poll_store.open_poll(tx.conn, meeting, PollId(poll_id), tx.now))
        return poll_id

    return str(await hub.write(run))


async def test_a_draining_relay_hands_its_room_over_and_ends(hub: Hub) -> None:
    await hub.open("chair", "north")
    seats = [Seat(await hub.live(username), hub.seed.ours.meeting) for username in ("chair", "north")]
    for seat in seats:
        await seat.ask("subscribe")
    ballot = {"pollId": await open_poll(hub), "ballotId": ballot_id(), "optionId": "yes"}
    async with relay(hub, "first") as first:
        for seat in seats:
            await seat.enter()
        await see_each_other(*seats)
        async with relay(hub, "second"):
            started = time.monotonic()
            first.send_signal(signal.SIGTERM)
            receipt = await seats[1].ask("poll.cast", **ballot)
            for seat in seats:
                assert await seat.closed() == "moved"
            for seat in seats:
                await seat.enter()
            await see_each_other(*seats)
            assert await seats[1].ask("poll.cast", **ballot) == receipt
            assert await first.wait() == 0
            assert time.monotonic() - started < DRAIN_S, "it ends as soon as nobody is left"
            second = next(one for one in hub.services.registry.links if one.id == "second")
            room = second.room(hub.seed.ours.meeting)
            assert (len(room.transports), len(room.producers)) == (4, 4)
            for seat in seats:
                await seat.leave()
