"""Two relays with real sockets: a page on one, a page on the other, and hubs that come back."""

import pytest

from media.control.messages import Statistics
from media.control.mint import PipeEnds, mint_link, mint_pipe_consumers, mint_piped_producer
from tests.media.bot import bot
from tests.media.hub import ROOM, Hub, relay, running_hub

pytestmark = pytest.mark.usefixtures("plane")


async def lay(home: Hub, away: Hub) -> PipeEnds:
    assert away.registration is not None
    ends = mint_link(away.registration.candidates)
    await home.apply(put=[ends.active])
    await away.apply(put=[ends.passive])
    return ends


async def pipe(home: Hub, away: Hub, ends: PipeEnds, producer_id: str) -> None:
    producer = home.state.producers[producer_id]
    consumers = mint_pipe_consumers(ends.active.id, producer, cname="alice")
    await away.apply(put=[mint_piped_producer(ends.passive.id, producer, consumers)])
    await home.apply(put=consumers)


async def test_a_page_on_another_relay_sees_and_hears_also_when_its_hub_was_restarted() -> None:
    async with running_hub() as (home, port), relay(port), running_hub() as (away, away_port), relay(away_port):
        await home.until(home.registered.is_set)
        await away.until(away.registered.is_set)
        ends = await lay(home, away)
        await home.until(lambda: home.transport_states.get(ends.active.id) == "connected")
        await away.until(lambda: away.transport_states.get(ends.active.id) == "connected")
        async with bot(home) as alice, bot(away) as bob:
            await alice.produce()
            for producer in alice.producers.values():
                await pipe(home, away, ends, producer)
                await bob.consume(producer)
            await bob.receives(alice.producers["video"], 20)
            await bob.receives(alice.producers["audio"], 30)
            assert bob.picture_moves
            assert bob.loudness[alice.producers["audio"]] > 1000

            def is_measured() -> bool:
                told = [said.rooms.get(ROOM, {}).get(ends.active.id) for said in away.of_type(Statistics)]
                return any(one is not None and one.bitrate_in_bps > 0 for one in told)

            await away.until(is_measured)
            await away.stop()
            async with running_hub(away_port) as (restarted, _):
                await restarted.until(restarted.registered.is_set)
                assert restarted.state == away.state
                await restarted.until(lambda: restarted.transport_states.get(ends.active.id) == "connected")
                await bob.receives(alice.producers["video"], 10)
