"""``python -m bench.media``: every measurement of the relay, one JSON line a row."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from bench.media import addresses, browsers, packets, participant, pipe, service
from bench.media.errors import BenchFailed, NotHere
from bench.media.forwarders import JANUS, LIMIT, PLANES
from bench.media.packets import Effort
from bench.media.priority import preferred
from bench.media.relay import running_relay

SIZES: Final = (1, 10, 40, 200)
ROUNDS, QUICK_ROUNDS = 5, 2
SECONDS, QUICK_SECONDS = 0.7, 0.4
WATCHED_S, QUICK_WATCHED_S = 10.0, 4.0
CHANGES, QUICK_CHANGES = 5, 2
ROOMS, QUICK_ROOMS = ((40, 1), (80, 1), (150, 1), (80, 2)), ((20, 1),)  # people, and relays that they are on


def parser() -> argparse.ArgumentParser:
    """Return the parser of the options."""
    top = argparse.ArgumentParser(prog="python -m bench.media", description="Measure the relay on this machine.")
    top.add_argument("--only", choices=tuple(MEASUREMENTS), action="append", help="this one; may be repeated")
    top.add_argument("--quick", action="store_true", help="shorter and fewer runs: to see that all works")
    top.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of subscribers (default 1 10 40 200)")
    top.add_argument("--variants", nargs="+", default=(), choices=(LIMIT, *PLANES, *JANUS), help="these alone")
    return top


async def _packets(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    effort = Effort(
        tuple(options.sizes),
        QUICK_ROUNDS if options.quick else ROUNDS,
        QUICK_SECONDS if options.quick else SECONDS,
    )
    variants = [one for one in options.variants or (LIMIT, *PLANES, *JANUS) if one not in PLANES or one in planes]
    async for line in packets.run(effort, variants):
        yield line


async def _latency(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        async for line in service.latency(plane, QUICK_SECONDS if options.quick else 2 * SECONDS):
            yield line


async def _handshakes(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        yield await service.handshakes(plane)


async def _memory(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        yield await service.memory(plane)


async def _simulcast(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        yield await service.simulcast(plane, QUICK_SECONDS if options.quick else 4 * SECONDS)


async def _pipe(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        async for line in pipe.rows(plane, QUICK_SECONDS if options.quick else 2 * SECONDS):
            yield line


async def _participant(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        for people, relays in QUICK_ROOMS if options.quick else ROOMS:
            yield await participant.row(plane, people, relays)


async def _network(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            seconds = QUICK_WATCHED_S if options.quick else WATCHED_S
            async for line in browsers.networks(Path(folder), plane, seconds):
                yield line


async def _throttled(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            yield await browsers.throttled(Path(folder), plane)


async def _addresses(options: argparse.Namespace, planes: list[str]) -> AsyncIterator[str]:
    for plane in planes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            async for line in addresses.changes(Path(folder), plane, QUICK_CHANGES if options.quick else CHANGES):
                yield line


MEASUREMENTS: Final[dict[str, Callable[[argparse.Namespace, list[str]], AsyncIterator[str]]]] = {
    "packets": _packets,
    "latency": _latency,
    "handshakes": _handshakes,
    "memory": _memory,
    "simulcast": _simulcast,
    "pipe": _pipe,
    "participant": _participant,
    "network": _network,
    "throttled": _throttled,
    "addresses": _addresses,
}


async def planes_here(wanted: tuple[str, ...]) -> list[str]:
    """Which of these data planes run on this machine; the others are told on standard error."""
    found = []
    for plane in wanted:
        try:
            async with running_relay(plane):
                found.append(plane)
        except NotHere as error:
            print(f"bench: {error}", file=sys.stderr)
    return found


async def run(options: argparse.Namespace) -> int:
    """Print the report as it comes. A measurement that fails does not stop the others; 1 if one did."""
    status = 0
    wanted = tuple(plane for plane in PLANES if not options.variants or plane in options.variants)
    planes = await planes_here(wanted)
    for name in options.only or MEASUREMENTS:
        try:
            async for line in MEASUREMENTS[name](options, planes):
                print(line, flush=True)
        except (BenchFailed, AssertionError) as error:
            print(f"bench: {name}: {error}", file=sys.stderr)
            status = 1
    return status


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for, before everything else on the machine where that is allowed."""
    options = parser().parse_args(arguments)
    with preferred():
        return asyncio.run(run(options))


if __name__ == "__main__":
    sys.exit(main())
