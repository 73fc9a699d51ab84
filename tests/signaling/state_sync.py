"""Plays the scripted meeting and writes what Python and TypeScript must agree on: ``tests/fixtures/state_sync``.

``python -m tests.signaling.state_sync`` writes the files anew. Ids and times are counted, so that the same code writes
the same bytes.
"""

import asyncio
import contextlib
import hashlib
import itertools
import json
import secrets
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Connection

from auth.audit.log import AuditLog
from meetings import meeting_store, participant_store
from signaling.access import Access
from signaling.live.subscription import envelope
from signaling.projection.events import materialise
from signaling.projection.roster import Rosters
from signaling.projection.snapshot import snapshot
from signaling.projection.viewer import Viewer, project
from signaling.store.clock import Clock
from signaling.store.database import Database
from signaling.store.schema import migrate
from signaling.store.streams import events_after
from signaling.store.transaction import StoredEvent, Transaction, meeting_stream
from tests.signaling.apply_event import Json, apply_event
from tests.signaling.scenario import CAST, VIEWERS, Script, Step

FOLDER = Path(__file__).parent.parent / "fixtures" / "state_sync"
BEGIN = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
CASES_PER_VIEWER = 2


class CountingClock(Clock):
    """One second for each unit of work."""

    def __init__(self) -> None:
        super().__init__()
        self._last = BEGIN

    def tick(self) -> datetime:
        self._last += timedelta(seconds=1)
        return self._last

    def now(self) -> datetime:
        return self._last


@contextlib.contextmanager
def counted_ids() -> Iterator[None]:
    """Random ids become hashes of a counter."""
    numbers = itertools.count()

    def token_bytes(nbytes: int | None = None) -> bytes:
        return hashlib.sha512(str(next(numbers)).encode()).digest()[: nbytes or 32]

    with mock.patch.object(secrets, "token_bytes", token_bytes):
        yield


def look(conn: Connection, script: Script, username: str, kept: Rosters) -> Json:
    """Return the meeting as somebody sees it; a kept roster must agree with one that is read afresh."""
    meeting = meeting_store.load_meeting(conn, script.meeting)
    participant = participant_store.load_participant(conn, script.meeting, script.people[username])
    access = Access(meeting, participant)
    fresh = snapshot(conn, access, Rosters(), BEGIN)
    assert snapshot(conn, access, kept, BEGIN) == fresh
    seen: Json = json.loads(fresh.model_dump_json(by_alias=True))
    return seen


def seen_by(event: StoredEvent, script: Script, username: str) -> Json:
    """Return an event as somebody's socket carries it."""
    viewer = Viewer(script.people[username], CAST[username][1])
    carried: Json = json.loads(envelope(event, project(event.body, viewer)))
    return carried


class Player:
    """Plays a script on a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.script = Script()
        self.kept = Rosters()
        log = AuditLog(folder / "key", folder / "checkpoints.txt", "plenum/test")
        self.db = Database(folder / "plenum.sqlite", log, materialise, lambda events: None)
        self.db.clock = CountingClock()
        self.revision = 0

    async def play(self, step: Step) -> list[StoredEvent]:
        """Run one unit and return the events that it made."""

        def unit(tx: Transaction) -> None:
            made = step.run(tx)
            tx.changed(self.script.meeting, made)

        await self.db.write(unit)
        stream, before = meeting_stream(self.script.meeting), self.revision
        events = await self.db.read(lambda conn: events_after(conn, stream, before))
        self.revision = events[-1].revision
        return events

    async def look(self, username: str) -> Json:
        """Return a fresh snapshot."""
        return await self.db.read(lambda conn: look(conn, self.script, username, self.kept))


async def cases(folder: Path) -> dict[str, list[Json]]:
    """Play the script, hold it to the law for every viewer, and return some of its steps by type of event."""
    migrate(folder / "plenum.sqlite")
    player = Player(folder)
    await player.db.start()
    found: dict[tuple[str, str], list[Json]] = {}
    try:
        await player.play(Step("prepare", player.script.prepare))
        before = {username: await player.look(username) for username in VIEWERS}
        for step in player.script.steps():
            events = await player.play(step)
            for username in VIEWERS:
                after = before[username]
                for event in events:
                    carried = seen_by(event, player.script, username)
                    start, after = after, apply_event(after, carried)
                    case = {"name": f"{username}: {step.name}", "snapshot": start, "event": carried, "expected": after}
                    found.setdefault((carried["event"]["type"], username), []).append(case)
                hold(after, await player.look(username), f"{username}: {step.name}")
                before[username] = after
    finally:
        await player.db.close()
    return _chosen(found)


def hold(applied: Json, fresh: Json, name: str) -> None:
    """Raise AssertionError naming the first part in which two snapshots differ."""
    for key, value in fresh.items():
        assert applied[key] == value, f"{name}: {key} differs\napplied {applied[key]}\nfresh   {value}"
    assert applied.keys() == fresh.keys()


def _chosen(found: dict[tuple[str, str], list[Json]]) -> dict[str, list[Json]]:
    """Return for each type of event the last cases of two viewers who see the most and the least."""
    chosen: dict[str, list[Json]] = {}
    for (kind, username), its_cases in found.items():
        if username in ("secretary", "member"):
            chosen.setdefault(kind, []).extend(its_cases[-CASES_PER_VIEWER:])
    return chosen


def rendered(its_cases: list[Json]) -> str:
    """Return a fixture file: one case a line."""
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":"), sort_keys=True) for one in its_cases]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def files() -> dict[str, str]:
    """Return the fixtures by name."""
    with tempfile.TemporaryDirectory() as folder, counted_ids():
        made: dict[str, list[Any]] = asyncio.run(cases(Path(folder)))
    return {f"{kind}.json": rendered(its_cases) for kind, its_cases in made.items()}


def write(folder: Path = FOLDER) -> None:
    """Write the fixtures, and remove those that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = files()
    for old in folder.glob("*.json"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()
