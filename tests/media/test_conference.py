"""The relay as a process would run it: real sockets, a real control channel, two pages on aiortc."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from media.service import RelaySettings, run_relay
from tests.media.bot import bot
from tests.media.hub import running_hub


@asynccontextmanager
async def relay(port: int) -> AsyncIterator[None]:
    stop = asyncio.Event()
    settings = RelaySettings(
        relay_id="relay-1",
        control_url=f"ws://127.0.0.1:{port}",
        listen_ip="127.0.0.1",
        port=0,
    )
    running = asyncio.create_task(run_relay(settings, stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def test_two_pages_see_and_hear_each_other() -> None:
    async with running_hub() as (hub, port), relay(port):
        async with asyncio.timeout(5):
            await hub.registered.wait()
        async with bot(hub) as alice, bot(hub) as bob:
            await alice.produce()
            await bob.produce()
            for sender, receiver in ((alice, bob), (bob, alice)):
                for producer in sender.producers.values():
                    await receiver.consume(producer)
            for sender, receiver in ((alice, bob), (bob, alice)):
                await receiver.receives(sender.producers["video"], 30)
                await receiver.receives(sender.producers["audio"], 50)
                assert receiver.picture_moves
                assert receiver.loudness[sender.producers["audio"]] > 1000
