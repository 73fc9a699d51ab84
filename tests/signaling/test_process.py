"""The hub as a process of its own, killed without warning in the middle of a vote."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from auth.audit.log import AuditLog
from meetings import poll_store, presence_store, session_store, version_store
from meetings.model import MeetingId, PollId, PresenceHow, PresenceMode
from meetings.records import PollDetails
from meetings.rules import PRESETS
from signaling.http.pipeline import COOKIE
from signaling.settings import Settings, to_environment
from signaling.store.database import open_engine
from tests.signaling.hub import Live, ballot_id, until
from tests.signaling.seed import Seed

pytestmark = pytest.mark.process
VOTERS = ("chair", "north", "delta", "highland")
POLLS = 60
START_S = 60.0


@dataclass
class Vote:
    """What the voters were told. ``receipts`` by (poll, voter), only those that arrived."""

    meeting: MeetingId
    polls: list[PollId]
    receipts: dict[tuple[str, str], str]


def open_many_polls(seed: Seed, settings: Settings) -> Vote:
    """Blocking: open a session with everybody present and many polls."""
    meeting, now = seed.ours.meeting, datetime.now(UTC)
    engine, vote = open_engine(settings.database_file, writer=True), Vote(meeting, [], {})
    by = seed.people["chair"]
    with engine.connect() as conn, conn.begin():
        version_store.convene(conn, meeting, by, manifest_sha256="0" * 64, pdf_sha256="0" * 64, now=now)
        session_store.open_meeting(conn, meeting, now)
        for username in VOTERS:
            presence_store.arrive(
                conn,
                meeting,
                seed.people[username],
                how=PresenceHow.CONNECTED,
                mode=PresenceMode.REMOTE,
                site_id=None,
                endpoint_id=None,
                now=now,
            )
        for number in range(POLLS):
            details = PollDetails(title=f"Biểu quyết {number}", rules=PRESETS["simple_majority"])
            poll_id = PollId(poll_store.create_poll(conn, meeting, details, by, now)[0].id)
            poll_store.open_poll(conn, meeting, poll_id, now)
            vote.polls.append(poll_id)
    engine.dispose()
    return vote


@contextlib.asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run ``plenum serve`` until the context ends; it may be dead by then."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "signaling.cli", "serve", env=os.environ | to_environment(settings)
    )
    try:
        await _ready(settings)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _ready(settings: Settings) -> None:
    async with asyncio.timeout(START_S), aiohttp.ClientSession() as client:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with client.get(f"https://localhost:{settings.port}/healthz", ssl=False) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def browser(settings: Settings, seed: Seed, username: str) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Cookie": f"{COOKIE}={seed.tokens[username]}"}
    async with aiohttp.ClientSession(f"https://localhost:{settings.port}", headers=headers) as client:
        yield client


async def vote_everywhere(settings: Settings, seed: Seed, username: str, vote: Vote) -> None:
    """Cast in every poll until the hub is gone."""
    with contextlib.suppress(aiohttp.ClientError, ConnectionError):
        async with (
            browser(settings, seed, username) as client,
            client.ws_connect("/api/v1/live", ssl=False) as socket,
        ):
            live = Live(socket)
            for poll_id in vote.polls:
                receipt = await live.request(
                    "poll.cast", meetingId=vote.meeting, pollId=poll_id, ballotId=ballot_id(), optionId="yes"
                )
                vote.receipts[poll_id, seed.people[username]] = receipt["receipt"]


async def test_every_acknowledged_ballot_survives_a_kill(seed: Seed) -> None:
    settings = replace(Settings(data=seed.folder), port=unused_port(), control_port=unused_port())
    vote = await asyncio.to_thread(open_many_polls, seed, settings)
    async with serving(settings) as process:
        voters = [asyncio.create_task(vote_everywhere(settings, seed, name, vote)) for name in VOTERS]
        await until(lambda: len(vote.receipts) >= POLLS)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await asyncio.gather(*voters)
    assert POLLS <= len(vote.receipts) < POLLS * len(VOTERS), "it was killed in the middle"
    async with serving(settings), browser(settings, seed, "chair") as client:
        async with client.get(f"/api/v1/meetings/{vote.meeting}", ssl=False) as answer:
            snapshot = await answer.json()
        own = seed.people["chair"]
        there = {(poll["id"], one["personId"]): one for poll in snapshot["polls"] for one in poll["ballots"]}
        assert vote.receipts.keys() <= there.keys()
        mine = {key: receipt for key, receipt in vote.receipts.items() if key[1] == own}
        assert mine == {key: there[key]["receipt"] for key in mine}
    await asyncio.to_thread(_log_agrees, settings)


def _log_agrees(settings: Settings) -> None:
    """The audit log opens against its checkpoint and covers every ballot."""
    log = AuditLog(settings.data / "audit" / "key", settings.checkpoint_file, f"plenum/{settings.name}")
    engine = open_engine(settings.database_file, writer=False)
    with engine.connect() as conn, conn.begin():
        log.open(conn)
    engine.dispose()
