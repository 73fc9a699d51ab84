"""``python -m bench.media.soak``: hours of people coming and going, and what that leaves behind in the relay.

One JSON line at the end; exit status 1 if anything was wrong, or memory grew in the last ten minutes.
"""

import argparse
import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Final

from bench import report
from bench.media import load
from bench.media.errors import BenchFailed
from bench.media.fit import minutes, slope
from bench.media.forwarders import PLANES
from bench.media.load import Receivers, Sender
from bench.media.offer import Offer
from bench.media.relay import Relay, running_relay
from media.control.state import ConsumerSpec, ProducerSpec

SUBSCRIBERS: Final = 20
COME_AND_GO: Final = 3
TURN_S: Final = 5.0
REJOINS: Final = 4
PACKETS_PER_S: Final = 200.0
NAP_US: Final = 500
#: Memory is judged by the last so many minutes, after as many at least in which it rises to the most that is needed.
JUDGED_MIN, LEAST_MIN = 10, 20
#: Twice the most that was seen in ten such minutes of a relay that keeps nothing. A leak of 8 bytes for each consumer
#: that comes is more. In Python each packet is some objects, so that what is needed at most varies more.
GROWTH_KB_PER_MIN: Final = {"native": 5.0, "python": 40.0}


@dataclass(slots=True)
class Tally:
    """What has been seen so far; memory in KB over minutes."""

    received: int = 0
    verified: int = 0
    bad: int = 0
    silent_turns: int = 0
    joins: int = 0
    leaves: int = 0
    rejoins: int = 0
    cpu_s: float = 0.0
    memory: list[tuple[float, float]] = field(default_factory=list)


class Crowd:
    """One publisher, who goes and comes back, and subscribers who change."""

    def __init__(self, relay: Relay, offer: Offer, producer: ProducerSpec, sender: Sender) -> None:
        self._relay = relay
        self._offer = offer
        self._producer = producer
        self._sender = sender
        self._present: list[ConsumerSpec] = []
        self._random = random.Random(1)
        self.tally = Tally()

    @classmethod
    async def gather(cls, relay: Relay) -> "Crowd":
        """The first ones come."""
        offer = Offer()
        (publisher,) = await relay.join(1)
        producer = await relay.publish(publisher, offer)
        peer = relay.peers[publisher]
        crowd = cls(relay, offer, producer, Sender(peer.sock, peer.outbound, offer.encodings()))
        await crowd.come(SUBSCRIBERS)
        return crowd

    async def come(self, count: int) -> None:
        """So many join and subscribe."""
        transports = await self._relay.join(count)
        self._present += await self._relay.subscribe(transports, self._producer)
        self.tally.joins += count

    async def go(self, count: int) -> None:
        """So many leave, whoever it is."""
        gone = self._random.sample(self._present, count)
        self._present = [one for one in self._present if one not in gone]
        await self._relay.leave([one.transport_id for one in gone])
        self.tally.leaves += count

    async def rejoin(self) -> None:
        """Those who stay get the publisher's source anew, as when somebody leaves and comes back."""
        await self._relay.hub.apply(remove=[self._producer.id])
        self._producer = await self._relay.publish(self._producer.transport_id, self._offer)
        transports = [one.transport_id for one in self._present]
        self._present = await self._relay.subscribe(transports, self._producer)
        self.tally.rejoins += 1

    async def turn(self, seconds: float) -> None:
        """Let media flow for a while, then count."""
        self._relay.refresh()
        ends = [self._relay.end(one) for one in self._present]
        spec = load.specification("paced", len(ends), seconds, self._relay.pid)
        spec.rate, spec.nap_us = PACKETS_PER_S, NAP_US
        result = await load.run(spec, self._sender, Receivers(ends))
        self.tally.received += result.received
        self.tally.verified += result.verified
        self.tally.bad += result.bad
        self.tally.cpu_s += result.cpu_s
        self.tally.silent_turns += result.received < 0.9 * result.sent * len(ends)


async def soak(plane: str, seconds: float) -> Tally:
    """Run it so long. Raises BenchFailed, also if the relay ends."""
    async with running_relay(plane) as relay:
        crowd = await Crowd.gather(relay)
        began = time.monotonic()
        while (elapsed := time.monotonic() - began) < seconds:
            for _ in range(REJOINS):
                await crowd.turn(TURN_S / REJOINS)
                await crowd.rejoin()
            await crowd.go(COME_AND_GO)
            await crowd.come(COME_AND_GO)
            crowd.tally.memory.append((elapsed / 60, relay.rss_bytes() / 1024))
    return crowd.tally


def line(plane: str, seconds: float, tally: Tally) -> str:
    """The report; memory as it was in each minute, and as a line through the last ten."""
    return report.line(
        "media_soak",
        variant=plane,
        seconds=round(seconds),
        received=tally.received,
        verified=tally.verified,
        bad=tally.bad,
        silent_turns=tally.silent_turns,
        joins=tally.joins,
        leaves=tally.leaves,
        rejoins=tally.rejoins,
        us_cpu_per_packet=round(tally.cpu_s * 1e6 / max(1, tally.received), 2),
        rss_kb=[round(value) for value in minutes(tally.memory)],
        rss_kb_per_min=round(growth(tally), 2),
    )


def growth(tally: Tally) -> float:
    """KB a minute, of the last ten minutes."""
    return slope(list(enumerate(minutes(tally.memory)[-JUDGED_MIN:])))


def main(arguments: list[str] | None = None) -> int:
    """Soak each data plane in turn, or the one that is named."""
    parser = argparse.ArgumentParser(prog="python -m bench.media.soak", description="Load with joins and leaves.")
    parser.add_argument("--seconds", type=float, default=3600.0, help="how long (default 3600)")
    parser.add_argument("--plane", choices=PLANES, default=PLANES[0], help=f"data plane (default {PLANES[0]})")
    options = parser.parse_args(arguments)
    if options.seconds < 60 * LEAST_MIN:
        parser.error(f"memory is judged by the last {JUDGED_MIN} of at least {LEAST_MIN} minutes")
    try:
        tally = asyncio.run(soak(options.plane, options.seconds))
        print(line(options.plane, options.seconds, tally), flush=True)
    except BenchFailed as error:
        print(f"soak: {error}", file=sys.stderr)
        return 1
    wrong = tally.bad or tally.silent_turns or not tally.verified or growth(tally) > GROWTH_KB_PER_MIN[options.plane]
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
