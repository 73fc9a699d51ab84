"""Members checking in over real sockets, all at once, at the beginning of a session.

An arrival costs more the larger the house is, because every one tells everybody the quorum.
"""

import asyncio
import time
from collections.abc import Sequence

import aiohttp

from bench import report
from bench.hub import BenchFailed, LiveSocket
from bench.organisation import Organisation, Seat


async def measure(
    client: aiohttp.ClientSession, facts: dict[str, object], house: Organisation, seats: Sequence[Seat]
) -> str:
    """Let these members of the house arrive and return the report line."""
    witness = await LiveSocket.open(client, house.chair.token)
    await witness.ask("subscribe", meetingId=house.meeting_id)
    sockets = [await LiveSocket.open(client, seat.token) for seat in seats]
    seconds: list[float] = []

    async def arrive(one: LiveSocket) -> None:
        began = time.perf_counter()
        await one.ask("attend", meetingId=house.meeting_id, mode="remote")
        seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*map(arrive, sockets))
    elapsed = time.perf_counter() - began
    await _check(witness, seats)
    await asyncio.gather(*(one.close() for one in (witness, *sockets)))
    return report.line(
        "arrivals",
        **facts,
        members=house.electors,
        arrivals=len(seats),
        per_s=round(len(seats) / elapsed),
        p50_ms=report.percentile_ms(seconds, 0.50),
        p99_ms=report.percentile_ms(seconds, 0.99),
    )


async def _check(witness: LiveSocket, seats: Sequence[Seat]) -> None:
    """A follower was told of every arrival, and of the quorum as it came about. Raises BenchFailed."""
    await witness.until(lambda events: len(events) >= len(seats))
    present = [one["event"]["quorum"]["present"] for one in witness.events]
    if present != list(range(1, len(seats) + 1)):
        raise BenchFailed(f"the quorum counted {present}")
