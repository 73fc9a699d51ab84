"""CPU for each forwarded packet: every forwarder beside the others, in short runs that take turns."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from statistics import median
from typing import Final, TypeVar

from bench import report
from bench.media.errors import BenchFailed, NotHere
from bench.media.forwarders import JANUS, LIMIT, Forwarder, Stage, stages
from bench.media.janus import janus_host
from bench.media.load import Result

LOADS: Final = ("saturated", "paced")
WARM_S: Final = 0.2
REFRESH_S: Final = 1.0
T = TypeVar("T")
Key = tuple[str, str]  # variant, load


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    sizes: tuple[int, ...]
    rounds: int
    seconds: float


async def run(effort: Effort, variants: Iterable[str] = ()) -> AsyncIterator[str]:
    """Yield the report lines, one size after the other; of all variants if none is named. Raises BenchFailed."""
    async with AsyncExitStack() as stack:
        host = await _entered(stack, janus_host())
        failures: list[str] = []
        for size in effort.sizes:
            try:
                for line in rows(size, await _measure(effort, size, stages(host), frozenset(variants))):
                    yield line
            except BenchFailed as error:
                failures.append(str(error))
    if failures:
        raise BenchFailed("; ".join(failures))


async def _measure(
    effort: Effort, size: int, known: Mapping[str, Stage], variants: frozenset[str]
) -> dict[Key, list[Result]]:
    """Set everything up at once, since what takes turns meets the same disturbances."""
    async with AsyncExitStack() as stack:
        here: dict[str, Forwarder] = {}
        refreshing = asyncio.create_task(_refresh(here))
        try:
            for variant, stage in known.items():
                if not variants or variant in variants:
                    forwarder = await _entered(stack, stage(size))
                    if forwarder is not None:
                        here[variant] = forwarder
        finally:
            refreshing.cancel()
        return await _take_turns(effort, here)


async def _refresh(here: Mapping[str, Forwarder]) -> None:
    """While others are still being set up, nobody may fall silent."""
    while True:
        await asyncio.sleep(REFRESH_S)
        for forwarder in here.values():
            forwarder.refresh()


async def _entered(stack: AsyncExitStack, context: AbstractAsyncContextManager[T]) -> T | None:
    """What the context gives; None, with a word on standard error, where this machine lacks something."""
    try:
        return await stack.enter_async_context(context)
    except NotHere as error:
        print(f"bench: {error}", file=sys.stderr)
        return None


async def _take_turns(effort: Effort, here: Mapping[str, Forwarder]) -> dict[Key, list[Result]]:
    turns = [(variant, load) for load in LOADS for variant in here if (variant, load) != (LIMIT, "paced")]
    results: dict[Key, list[Result]] = {turn: [] for turn in turns}
    order = random.Random(1)
    for forwarder in here.values():
        await forwarder.run("paced", WARM_S)  # the first keyframe, and everybody's first look
    for _ in range(effort.rounds):
        order.shuffle(turns)
        for variant, load in turns:
            for forwarder in here.values():
                forwarder.refresh()
            results[variant, load].append(await here[variant].run(load, effort.seconds))
    return results


def rows(size: int, results: Mapping[Key, list[Result]]) -> Iterator[str]:
    """One line for each variant and load, medians over the least disturbed rounds.

    The limit has no paced runs: paced rows are compared with the saturated limit, and with the paced Janus. Raises
    BenchFailed at the end if there are variants of which nothing could be verified in some run; they have no row.
    """
    whole = {key: runs for key, runs in results.items() if all(one.received and one.verified for one in runs)}
    quiet = {key: least_disturbed(runs) for key, runs in whole.items()}
    cost = {key: median(one.us_per_packet for one in runs) for key, runs in quiet.items()}
    for (variant, load), runs in quiet.items():
        janus = [cost[name, load] for name in JANUS if (name, load) in cost]
        all_runs = results[variant, load]
        yield report.line(
            "media",
            variant=variant,
            n=size,
            load=load,
            us_cpu_per_packet=round(cost[variant, load], 2),
            ratio_to_limit=ratio(cost[variant, load], cost.get((LIMIT, "saturated"))),
            ratio_to_janus_best=ratio(cost[variant, load], min(janus, default=None)),
            verified=sum(one.verified for one in all_runs),
            bad=sum(one.bad for one in all_runs),
            packets_per_second=round(median(one.received / one.wall_s for one in runs)),
            lost=sum(one.gaps + one.stalls for one in all_runs),
            p50_us=None if variant == LIMIT else round(median(one.p50_us for one in runs)),
            p99_us=None if variant == LIMIT else round(median(one.p99_us for one in runs)),
            share=round(min(one.share for one in runs), 2),
        )
    silent = [f"{variant} ({load})" for variant, load in results if (variant, load) not in whole]
    if silent:
        raise BenchFailed(f"n={size}: in some run nothing came through that could be verified: {', '.join(silent)}")


def least_disturbed(runs: Sequence[Result]) -> list[Result]:
    """The better half of the runs by how much of the machine they had; a shared machine disturbs some of them."""
    return sorted(runs, key=lambda run: run.share, reverse=True)[: (len(runs) + 1) // 2]


def ratio(cost: float, other: float | None) -> float | None:
    """Two decimals; None where there is nothing to compare with."""
    return None if not other else round(cost / other, 2)
