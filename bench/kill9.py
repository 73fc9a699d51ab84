"""The hub dies without warning in the middle of votes, again and again: is anything lost that it had acknowledged?

Every run lets a house vote, kills the hub at a moment of chance, starts it again on the same folder, and compares all
receipts that reached a voter with what lies on disk. At the end the whole audit log is verified.
"""

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from auth.model import PersonId
from bench import disk, organisation, report
from bench.ballots import check_log
from bench.hub import BenchFailed, LiveSocket, serving, settings_in
from bench.organisation import Organisation, Seat
from meetings import poll_store
from meetings.model import PollId
from signaling.settings import Settings
from signaling.store.database import open_engine

MEMBERS = 200
SOCKETS_AT_ONCE = 25


@dataclass(slots=True)
class Run:
    """One vote: what was acknowledged before the kill, by person, and the poll that it was for."""

    poll_id: PollId
    kill_after: int
    receipts: dict[PersonId, str] = field(default_factory=dict)
    due: asyncio.Event = field(default_factory=asyncio.Event)


async def run(folder: Path, runs: int) -> list[str]:
    """Vote and kill that many times in one deployment below ``folder``; return the report line. Raises BenchFailed."""
    settings = settings_in(folder)
    house = await asyncio.to_thread(organisation.seed, settings, MEMBERS)
    await asyncio.to_thread(organisation.check_in, settings, house)
    facts = await asyncio.to_thread(disk.store_facts, settings.database_file)
    acknowledged, lost, restarts = 0, 0, []
    for _ in range(runs):
        vote = await _vote_and_kill(settings, house)
        began = time.perf_counter()
        async with serving(settings) as (client, _):
            restarts.append(time.perf_counter() - began)
            await _close(client, house, vote)
        acknowledged += len(vote.receipts)
        lost += await asyncio.to_thread(_lost, settings, vote)
    await asyncio.to_thread(check_log, settings)
    p50 = report.percentile_ms(restarts, 0.50)
    line = report.line("kill9", **facts, runs=runs, acknowledged=acknowledged, lost=lost, restart_p50_ms=p50)
    if lost:
        raise BenchFailed(line)
    return [line]


async def _vote_and_kill(settings: Settings, house: Organisation) -> Run:
    async with serving(settings) as (client, hub):
        chair = await LiveSocket.open(client, house.chair.token)
        made = await chair.ask("poll.create", meetingId=house.meeting_id, itemId=house.item_id, title="Budget")
        vote = Run(PollId(made["id"]), 1 + secrets.randbelow(MEMBERS - 1))
        await chair.ask("poll.open", meetingId=house.meeting_id, pollId=vote.poll_id)
        gate = asyncio.Semaphore(SOCKETS_AT_ONCE)
        voters = [asyncio.create_task(_cast(client, house, seat, vote, gate)) for seat in house.members]
        await vote.due.wait()
        hub.kill()
        await hub.wait()
        await asyncio.gather(*voters)
        with contextlib.suppress(aiohttp.ClientError):
            await chair.close()
    return vote


async def _cast(
    client: aiohttp.ClientSession, house: Organisation, seat: Seat, vote: Run, gate: asyncio.Semaphore
) -> None:
    """Cast one ballot; the hub may be gone before, meanwhile or after."""
    ballot = {"ballotId": secrets.token_urlsafe(18), "optionId": "yes"}
    with contextlib.suppress(aiohttp.ClientError, ConnectionError, BenchFailed):
        async with gate:
            socket = await LiveSocket.open(client, seat.token)
            answer = await socket.ask("poll.cast", meetingId=house.meeting_id, pollId=vote.poll_id, **ballot)
            vote.receipts[seat.person_id] = answer["receipt"]
            if len(vote.receipts) >= vote.kill_after:
                vote.due.set()
            await socket.close()


async def _close(client: aiohttp.ClientSession, house: Organisation, vote: Run) -> None:
    """The vote goes on where it was: the chair closes it. Raises BenchFailed."""
    chair = await LiveSocket.open(client, house.chair.token)
    await chair.ask("poll.close", meetingId=house.meeting_id, pollId=vote.poll_id)
    await chair.close()


def _lost(settings: Settings, vote: Run) -> int:
    """Return how many acknowledged ballots are not on disk with the receipt that their voter holds."""
    engine = open_engine(settings.database_file, writer=False)
    try:
        with engine.connect() as conn, conn.begin():
            stored = {one.person_id: one.receipt for one in poll_store.ballots(conn, vote.poll_id)}
    finally:
        engine.dispose()
    return sum(stored.get(person) != receipt for person, receipt in vote.receipts.items())
