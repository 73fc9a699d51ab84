"""What else a relay costs: a busy neighbour thread, handshakes, memory, simulcast. One data plane at a time."""

import time
from collections.abc import AsyncIterator
from statistics import median
from typing import Final

from bench import report
from bench.media import load
from bench.media.errors import BenchFailed
from bench.media.fit import slope
from bench.media.offer import Offer
from bench.media.relay import Stage, running_relay, staged
from media.control.state import View

RECEIVERS: Final = 10
RUNS: Final = 3
HANDSHAKES: Final = 120
PARTICIPANTS: Final = 100
STEP: Final = 20
SIMULCAST_RECEIVERS: Final = 40  # in thirds, by the size of their tiles
SIMULCAST_PACKETS_PER_S: Final = 100.0
LAYERS: Final = ("low", "middle", "high")
TILES: Final = ((160, 90), (640, 360), (1280, 720))  # the layers are 320, 640 and 1280 wide
SETTLE_S: Final = 3.0


async def latency(plane: str, seconds: float) -> AsyncIterator[str]:
    """What the relay adds to the way of a packet, also while Python computes beside it in the same process."""
    for busy in (False, True):
        async with running_relay(plane, busy=busy) as relay:
            stage = await staged(relay, RECEIVERS)
            runs = [await stage.run("paced", seconds) for _ in range(RUNS)]
        yield report.line(
            "media_latency",
            variant=plane,
            n=RECEIVERS,
            busy_thread=busy,
            packets_per_second=round(load.paced_rate(RECEIVERS)),
            p50_us=round(median(run.p50_us for run in runs)),
            p99_us=round(median(run.p99_us for run in runs)),
            verified=sum(run.verified for run in runs),
            bad=sum(run.bad for run in runs),
        )


async def handshakes(plane: str) -> str:
    """How many pages can come in: checks, DTLS and keys, as many at once as the bench can play."""
    async with running_relay(plane) as relay:
        await relay.join(4)
        cpu, began = load.cpu_s(relay.pid), time.perf_counter()
        await relay.join(HANDSHAKES)
        wall_s, cpu_s = time.perf_counter() - began, load.cpu_s(relay.pid) - cpu
    return report.line(
        "media_handshakes",
        variant=plane,
        handshakes=HANDSHAKES,
        per_s=round(HANDSHAKES / wall_s),
        per_cpu_s=round(HANDSHAKES / cpu_s),
        ms_cpu_per_handshake=round(cpu_s * 1000 / HANDSHAKES, 2),
    )


async def memory(plane: str) -> str:
    """What somebody costs who is there and silent: a transport to send, one to receive, one consumer."""
    async with running_relay(plane) as relay:
        (publisher,) = await relay.join(1)
        producer = await relay.publish(publisher, Offer())
        points = []
        for present in range(STEP, PARTICIPANTS + STEP + 1, STEP):
            transports = await relay.join(2 * STEP)
            await relay.subscribe(transports[:STEP], producer)
            relay.refresh()
            points.append((float(present), relay.rss_bytes() / 1024))
    return report.line(
        "media_memory",
        variant=plane,
        participants=PARTICIPANTS,
        kb_per_participant=round(slope(points), 1),
        rss_kb=round(points[-1][1]),
    )


async def simulcast(plane: str, seconds: float) -> str:
    """Three layers from one publisher; a third each of the receivers draws it small, middle and large."""
    async with running_relay(plane) as relay:
        stage = await staged(relay, SIMULCAST_RECEIVERS, Offer(LAYERS), simulcast_views())
        await _play(stage, SETTLE_S)
        run = await _play(stage, seconds)
    if not run.verified:
        raise BenchFailed(f"{plane} forwarded no layer that could be verified")
    return report.line(
        "media_simulcast",
        variant=plane,
        n=SIMULCAST_RECEIVERS,
        layers_in=len(LAYERS),
        receivers_by_layer=stage.receivers.by_source(len(LAYERS)),
        us_cpu_per_packet=round(run.us_per_packet, 2),
        packets_per_second=round(run.received / run.wall_s),
        verified=run.verified,
        bad=run.bad,
    )


def simulcast_views() -> list[View]:
    """How each receiver looks at the publisher."""
    sizes = [TILES[index * len(TILES) // SIMULCAST_RECEIVERS] for index in range(SIMULCAST_RECEIVERS)]
    return [View(width=width, height=height) for width, height in sizes]


async def _play(stage: Stage, seconds: float) -> load.Result:
    stage.relay.refresh()
    spec = load.specification("paced", stage.receivers.count, seconds, stage.relay.pid)
    spec.rate = SIMULCAST_PACKETS_PER_S
    return await load.run(spec, stage.sender, stage.receivers)
