"""A vote of the whole house over real sockets: every member casts once, every receipt and the verdict are checked.

Sockets are opened in waves; the figures count from the first ballot of a wave to its last receipt, so they hold the
way from a member's request over TLS to the disk and back, but not the handshakes.
"""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Connection

from auth.audit.keys import VKEY_FILE
from auth.audit.note import parse_vkey
from auth.audit.verify import verify_log
from auth.model import PersonId
from bench import arrivals, disk, organisation, report
from bench.hub import BenchFailed, LiveSocket, running, settings_in
from bench.organisation import Organisation, Seat
from meetings import poll_store
from meetings.model import PollId
from signaling.settings import Settings
from signaling.store.database import open_engine

CHOICES = ("yes", "yes", "yes", "no", "abstain")
OPENING_AT_ONCE = 20
ARRIVALS = 20


@dataclass(slots=True)
class Vote:
    """What was cast and acknowledged, and how long each took."""

    poll_id: PollId
    seconds: list[float] = field(default_factory=list)
    busy_s: float = 0.0
    receipts: dict[PersonId, tuple[str, str]] = field(default_factory=dict)  # person → choice, receipt


async def run(folder: Path, members: int, sockets: int, followers: int) -> list[str]:
    """Hold the session in a fresh deployment below ``folder`` and return the report lines. Raises BenchFailed."""
    settings = settings_in(folder)
    house = await asyncio.to_thread(organisation.seed, settings, members)
    facts = await asyncio.to_thread(disk.store_facts, settings.database_file)
    async with running(settings) as client:
        arrived = await arrivals.measure(client, facts, house, house.members[:ARRIVALS])
        await asyncio.to_thread(organisation.check_in, settings, house)
        vote = await _hold(client, house, sockets, followers)
    await asyncio.to_thread(_check_database, settings, house, vote)
    await asyncio.to_thread(check_log, settings)
    return [arrived, _line(facts, house, vote, sockets, followers)]


def _line(facts: dict[str, object], house: Organisation, vote: Vote, sockets: int, followers: int) -> str:
    return report.line(
        "ballots",
        **facts,
        members=house.electors,
        sockets=min(sockets, len(house.members)),
        followers=followers,
        ballots=len(vote.receipts),
        per_s=round(len(vote.seconds) / vote.busy_s),
        p50_ms=report.percentile_ms(vote.seconds, 0.50),
        p99_ms=report.percentile_ms(vote.seconds, 0.99),
    )


async def _hold(client: aiohttp.ClientSession, house: Organisation, sockets: int, followers: int) -> Vote:
    chair = await LiveSocket.open(client, house.chair.token)
    meeting_id = house.meeting_id
    made = await chair.ask("poll.create", meetingId=meeting_id, itemId=house.item_id, title="Budget")
    vote = Vote(PollId(made["id"]))
    await chair.ask("poll.open", meetingId=meeting_id, pollId=vote.poll_id)
    followed = [await _follow(client, house, seat) for seat in house.members[:followers]]
    for first in range(0, len(house.members), sockets):
        await _wave(client, house, vote, house.members[first : first + sockets], first)
    await chair.ask("poll.close", meetingId=meeting_id, pollId=vote.poll_id)
    for follower, revision in followed:
        await _check_follower(follower, revision, vote)
    await chair.close()
    return vote


async def _follow(client: aiohttp.ClientSession, house: Organisation, seat: Seat) -> tuple[LiveSocket, int]:
    follower = await LiveSocket.open(client, seat.token)
    subscribed = await follower.ask("subscribe", meetingId=house.meeting_id)
    return follower, int(subscribed["revision"])


async def _wave(
    client: aiohttp.ClientSession, house: Organisation, vote: Vote, seats: Sequence[Seat], first: int
) -> None:
    """Open a socket for each seat, let all cast at once, then close them; the first one repeats its ballot."""
    gate = asyncio.Semaphore(OPENING_AT_ONCE)

    async def connect(seat: Seat) -> LiveSocket:
        async with gate:
            return await LiveSocket.open(client, seat.token)

    sockets = await asyncio.gather(*(connect(seat) for seat in seats))
    ballot_ids = [secrets.token_urlsafe(18) for _ in seats]
    choices = [CHOICES[number % len(CHOICES)] for number in range(first, first + len(seats))]

    async def cast(at: int) -> str:
        result = await sockets[at].ask(
            "poll.cast",
            meetingId=house.meeting_id,
            pollId=vote.poll_id,
            ballotId=ballot_ids[at],
            optionId=choices[at],
        )
        return str(result["receipt"])

    async def cast_timed(at: int) -> None:
        began = time.perf_counter()
        receipt = await cast(at)
        vote.seconds.append(time.perf_counter() - began)
        vote.receipts[seats[at].person_id] = choices[at], receipt

    began = time.perf_counter()
    await asyncio.gather(*(cast_timed(at) for at in range(len(seats))))
    vote.busy_s += time.perf_counter() - began
    if await cast(0) != vote.receipts[seats[0].person_id][1]:
        raise BenchFailed("a repeated ballot got another receipt")
    await asyncio.gather(*(one.close() for one in sockets))


async def _check_follower(follower: LiveSocket, revision: int, vote: Vote) -> None:
    """A follower has seen every ballot once, in gapless order, and then the published result."""
    await follower.until(_end_with_result)
    await follower.close()
    revisions = [int(one["revision"]) for one in follower.events]
    if revisions != list(range(revision + 1, revision + 1 + len(revisions))):
        raise BenchFailed("a follower's revisions have a gap")
    seen = [one["event"]["ballot"]["personId"] for one in follower.events if one["event"]["type"] == "ballot"]
    if sorted(seen) != sorted(vote.receipts):
        raise BenchFailed("a follower did not see every ballot once")


def _end_with_result(events: list[dict[str, Any]]) -> bool:
    return bool(events) and events[-1]["event"].get("poll", {}).get("state") == "published"


def _check_database(settings: Settings, house: Organisation, vote: Vote) -> None:
    """What was acknowledged is what lies on disk and what was counted. Raises BenchFailed."""
    engine = open_engine(settings.database_file, writer=False)
    try:
        with engine.connect() as conn, conn.begin():
            _check_poll(conn, house, vote)
    finally:
        engine.dispose()


def _check_poll(conn: Connection, house: Organisation, vote: Vote) -> None:
    stored = {one.person_id: (one.option_id, one.receipt) for one in poll_store.ballots(conn, vote.poll_id)}
    if stored != vote.receipts or len({receipt for _, receipt in stored.values()}) != len(house.members):
        raise BenchFailed("the stored ballots are not those that were acknowledged")
    result = poll_store.load_poll(conn, house.meeting_id, vote.poll_id).result
    if result is None:
        raise BenchFailed("the poll has no result")
    counted = {option: number for option, number in result.tally.counts if number}
    if counted != dict(Counter(choice for choice, _ in vote.receipts.values())):
        raise BenchFailed(f"the tally is {counted}")
    carried = counted.get("yes", 0) * 2 > house.electors
    if (result.outcome.verdict.value == "carried") != carried:
        raise BenchFailed(f"the verdict is {result.outcome.verdict.value}")


def check_log(settings: Settings) -> None:
    """The audit log that was written meanwhile agrees with its checkpoints. Raises auth.errors.LogAltered."""
    vkey = (settings.data / "audit" / "key" / VKEY_FILE).read_text("ascii").strip()
    engine = open_engine(settings.database_file, writer=False)
    try:
        with engine.connect() as conn, conn.begin():
            verify_log(conn, settings.checkpoint_file.read_text("utf-8"), parse_vkey(vkey))
    finally:
        engine.dispose()
