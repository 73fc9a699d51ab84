"""What a room costs that is spread over two relays, and how much longer a packet takes to the other one."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench import report
from bench.media import load
from bench.media.errors import BenchFailed
from bench.media.load import End, Receivers, Result, Sender
from bench.media.offer import Offer
from bench.media.packets import least_disturbed
from bench.media.relay import Relay, Stage, running_relay, staged
from media.control.mint import mint_link, mint_pipe_consumers, mint_piped_producer
from media.control.state import ProducerSpec

SUBSCRIBERS: Final = 40
RUNS: Final = 3
LATENCY_SUBSCRIBERS: Final = 10  # as many as in the row media_latency


@dataclass(slots=True)
class Spread:
    """One publisher at the first of two relays, half of its subscribers at each."""

    relays: tuple[Relay, Relay]
    sender: Sender
    near: Sequence[End]
    far: Sequence[End]

    def refresh(self) -> None:
        """Keep everybody's consent."""
        for relay in self.relays:
            relay.refresh()

    async def run(
        self, ends: Sequence[End], seconds: float, forwarder: int = 0, *, rate: float | None = None
    ) -> Result:
        """Measure one paced run, as these subscribers see it; ``forwarder`` is the relay whose CPU counts."""
        self.refresh()
        receivers = Receivers(ends)
        spec = load.specification("paced", receivers.count, seconds, self.relays[forwarder].pid)
        spec.rate = rate or spec.rate
        result = await load.run(spec, self.sender, receivers)
        if not result.verified or result.bad:
            raise BenchFailed("nothing came through the pipe that could be verified")
        return result


async def rows(plane: str, seconds: float) -> AsyncIterator[str]:
    """The cost of a room of 40 at one relay and at two, and what the pipe adds to the way of a packet."""
    async with running_relay(plane) as relay, spread(plane, SUBSCRIBERS) as both:
        stage = await staged(relay, SUBSCRIBERS)
        await stage.run("paced", load.WARM_S)
        yield await _cost(stage, both, plane, seconds)
    async with spread(plane, 2 * LATENCY_SUBSCRIBERS) as both:
        yield await _latency(both, plane, seconds)


@asynccontextmanager
async def spread(plane: str, subscribers: int) -> AsyncIterator[Spread]:
    """Two relay processes with a pipe between them."""
    async with running_relay(plane) as home, running_relay(plane) as away:
        offer = Offer()
        publisher, *near = await home.join(subscribers // 2 + 1)
        far = await away.join(subscribers - subscribers // 2)
        producer = await home.publish(publisher, offer)
        piped = await lay(home, away, producer)
        here = [home.end(one) for one in await home.subscribe(near, producer)]
        there = [away.end(one) for one in await away.subscribe(far, piped)]
        sending = home.peers[publisher]
        both = Spread((home, away), Sender(sending.sock, sending.outbound, offer.encodings()), here, there)
        await both.run([*here, *there], load.WARM_S)  # the first keyframe, and everybody's first look
        yield both


async def lay(home: Relay, away: Relay, producer: ProducerSpec) -> ProducerSpec:
    """Open a link and send a source through it; the source as the other relay knows it."""
    if away.hub.registration is None:
        raise BenchFailed("the relay has not registered")
    ends = mint_link(away.hub.registration.for_relays)
    consumers = mint_pipe_consumers(ends.active.id, producer, cname="bench")
    piped = mint_piped_producer(ends.passive.id, producer, consumers)
    await away.hub.apply(put=[ends.passive, piped])
    await home.hub.apply(put=[ends.active, *consumers])
    for relay in (home, away):
        await relay.hub.until(lambda hub=relay.hub: hub.transport_states.get(ends.active.id) == "connected")  # type: ignore[misc]
    return piped


async def _cost(stage: Stage, both: Spread, plane: str, seconds: float) -> str:
    """The two take turns, so that what disturbs one disturbs the other."""
    everybody = [*both.near, *both.far]
    runs: list[list[Result]] = [[], [], []]
    for _ in range(RUNS):
        both.refresh()
        runs[0].append(await stage.run("paced", seconds))
        for forwarder in range(len(both.relays)):
            stage.refresh()
            runs[1 + forwarder].append(await both.run(everybody, seconds, forwarder))
    one, home, away = (median(run.us_per_packet for run in least_disturbed(those)) for those in runs)
    return report.line(
        "media_pipe",
        variant=plane,
        n=len(everybody),
        us_cpu_per_packet_one_relay=round(one, 2),
        us_cpu_per_packet_two_relays=round(home + away, 2),
        share_of_second_relay=round(away / (home + away), 2),
        ratio=round((home + away) / one, 2),
    )


async def _latency(both: Spread, plane: str, seconds: float) -> str:
    rate = load.paced_rate(len(both.near) + len(both.far))
    near = [await both.run(both.near, seconds, rate=rate) for _ in range(RUNS)]
    far = [await both.run(both.far, seconds, rate=rate) for _ in range(RUNS)]
    near_p50, far_p50 = (median(run.p50_us for run in runs) for runs in (near, far))
    near_p99, far_p99 = (median(run.p99_us for run in runs) for runs in (near, far))
    return report.line(
        "media_pipe_latency",
        variant=plane,
        n=len(both.near) + len(both.far),
        p50_us=round(near_p50),
        p99_us=round(near_p99),
        piped_p50_us=round(far_p50),
        piped_p99_us=round(far_p99),
        added_p50_us=round(far_p50 - near_p50),
        added_p99_us=round(far_p99 - near_p99),
        lost=sum(run.gaps + run.stalls for run in far),
    )
