"""The unit of work: all of it or nothing, told to nobody before it is on disk."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.event import listen

from auth.audit.entry import Action, LoggedEntry, Outcome
from auth.audit.log import AuditLog
from auth.audit.query import AuditQuery, search
from auth.errors import Denied, LogRolledBack
from auth.model import Label, PersonId, SessionId, Subject
from meetings.changes import Change, ChangeKind
from meetings.model import MeetingId
from signaling.audit_entries import entry
from signaling.errors import HubStopping
from signaling.store.clock import Clock
from signaling.store.database import Database
from signaling.store.schema import migrate
from signaling.store.streams import events_after
from signaling.store.tables import outbox
from signaling.store.transaction import EventBody, StoredEvent, Transaction

STREAM = "meeting:m"
SUBJECT = Subject(PersonId("p" * 20), SessionId("s" * 20), frozenset(), Label.PUBLIC, None, None)


class Recorder:
    """A database whose changes become one event each, and what it published."""

    def __init__(self, folder: Path) -> None:
        self.published: list[StoredEvent] = []
        self.log = AuditLog(folder / "key", folder / "checkpoints.txt", "plenum/test")
        self.db = Database(folder / "plenum.sqlite", self.log, self.materialise, self.publish)
        self.fail_publishing = False

    @staticmethod
    def materialise(tx: Transaction) -> Sequence[tuple[str, EventBody]]:
        return [(STREAM, {"type": "hidden", "n": change.id}) for _, change in tx.changes]

    def publish(self, events: Sequence[StoredEvent]) -> None:
        if self.fail_publishing:
            raise RuntimeError("a follower is broken")
        self.published += events

    async def stored(self) -> list[StoredEvent]:
        return await self.db.read(lambda conn: events_after(conn, STREAM, 0))

    async def entries(self) -> list[LoggedEntry]:
        return await self.db.read(lambda conn: search(conn, AuditQuery()))

    async def posts(self) -> int:
        return await self.db.read(lambda conn: conn.execute(select(func.count()).select_from(outbox)).scalar_one())


@pytest.fixture
async def recorder(tmp_path: Path) -> AsyncIterator[Recorder]:
    await asyncio.to_thread(migrate, tmp_path / "plenum.sqlite")
    recorder = Recorder(tmp_path)
    await recorder.db.start()
    yield recorder
    await recorder.db.close()


def act(number: int, tx: Transaction) -> int:
    """Everything that a unit can do."""
    tx.post("invitation", "p" * 20, {"n": number})
    tx.changed(MeetingId("m"), [Change(ChangeKind.MEETING, str(number))])
    tx.audit(entry(Action.MEETING_EDIT, tx.now, tx.subject, "meeting", "m", n=number))
    return number


async def test_a_unit_leaves_state_event_and_entry_together(recorder: Recorder) -> None:
    assert await recorder.db.write(lambda tx: act(1, tx), SUBJECT) == 1
    assert [one.revision for one in await recorder.stored()] == [1]
    assert [one.revision for one in recorder.published] == [1]
    assert await recorder.posts() == 1
    assert [one.entry.actor for one in await recorder.entries()] == [SUBJECT.person_id]


async def test_a_unit_that_raises_leaves_nothing(recorder: Recorder) -> None:
    called: list[str] = []

    def fail(tx: Transaction) -> None:
        act(1, tx)
        tx.after_commit(lambda: called.append("told"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await recorder.db.write(fail, SUBJECT)
    assert (await recorder.stored(), await recorder.entries(), await recorder.posts()) == ([], [], 0)
    assert (recorder.published, called) == ([], [])


async def test_a_denied_unit_leaves_exactly_its_denial(recorder: Recorder) -> None:
    def refuse(tx: Transaction) -> None:
        act(1, tx)
        raise Denied("meeting_role")

    with pytest.raises(Denied):
        await recorder.db.write(refuse, SUBJECT)
    (found,) = await recorder.entries()
    assert (found.entry.action, found.entry.outcome) == (Action.DENIAL, Outcome.DENIED)
    assert (found.entry.actor, found.entry.details["reason"]) == (SUBJECT.person_id, "meeting_role")
    assert (await recorder.stored(), await recorder.posts()) == ([], 0)


async def test_units_of_one_batch_fail_and_succeed_on_their_own_without_gaps(recorder: Recorder) -> None:
    def sometimes(number: int, tx: Transaction) -> int:
        act(number, tx)
        if number % 3 == 0:
            raise ValueError(number)
        return number

    jobs = [recorder.db.write(lambda tx, n=n: sometimes(n, tx)) for n in range(1, 61)]  # type: ignore[misc]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    succeeded = [one for one in results if isinstance(one, int)]
    assert succeeded == [n for n in range(1, 61) if n % 3]
    events = await recorder.stored()
    assert [one.revision for one in events] == list(range(1, 41))
    assert [int(one.body["n"]) for one in events] == succeeded
    assert [one.index for one in reversed(await recorder.entries())] == list(range(40))
    assert len({one.at for one in events}) == 40, "no two units happen at the same time"


async def test_a_batch_that_cannot_be_committed_fails_for_all_its_callers(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise OSError("disk is full")

    monkeypatch.setattr(recorder.log, "prepare", broken)
    jobs = [recorder.db.write(lambda tx, n=n: act(n, tx)) for n in range(5)]  # type: ignore[misc]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(one) for one in results] == [OSError] * 5
    assert (await recorder.stored(), recorder.published) == ([], [])
    monkeypatch.undo()
    assert await recorder.db.write(lambda tx: act(9, tx)) == 9
    assert [one.revision for one in await recorder.stored()] == [1]
    assert [one.index for one in await recorder.entries()] == [0]


async def test_events_are_told_after_they_are_on_disk_and_before_the_answer(recorder: Recorder) -> None:
    order: list[str] = []
    listen(recorder.db._writer_engine, "commit", lambda _: order.append("committed"))
    recorder.db._publish = lambda events: order.append(f"{len(events)} event told")

    def run(tx: Transaction) -> None:
        tx.after_commit(lambda: order.append("called back"))
        act(1, tx)

    await recorder.db.write(run)
    order.append("answered")
    assert order == ["committed", "1 event told", "called back", "answered"]


async def test_what_is_committed_is_answered_even_if_telling_it_fails(
    recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    recorder.fail_publishing = True

    def broken() -> None:
        raise RuntimeError("a callback is broken")

    def run(tx: Transaction) -> int:
        tx.after_commit(broken)
        return act(1, tx)

    assert await asyncio.wait_for(recorder.db.write(run), 5) == 1
    assert caplog.text.count("was lost") == 2


async def test_a_caller_that_goes_away_does_not_undo_its_unit(recorder: Recorder) -> None:
    job = asyncio.ensure_future(recorder.db.write(lambda tx: act(1, tx)))
    await asyncio.sleep(0)
    job.cancel()
    await recorder.db.write(lambda tx: act(2, tx))
    assert len(await recorder.stored()) == 2


async def test_a_closing_hub_takes_no_more_units(tmp_path: Path) -> None:
    await asyncio.to_thread(migrate, tmp_path / "plenum.sqlite")
    recorder = Recorder(tmp_path)
    await recorder.db.start()
    before = asyncio.ensure_future(recorder.db.write(lambda tx: act(1, tx)))
    await asyncio.sleep(0)
    await recorder.db.close()
    assert await before == 1
    with pytest.raises(HubStopping):
        await recorder.db.write(lambda tx: act(2, tx))


async def test_an_older_database_put_back_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "plenum.sqlite"
    await asyncio.to_thread(migrate, path)
    recorder = Recorder(tmp_path)
    await recorder.db.start()
    await recorder.db.write(lambda tx: act(1, tx))
    await recorder.db.close()
    older = await asyncio.to_thread(path.read_bytes)
    recorder = Recorder(tmp_path)
    await recorder.db.start()
    await recorder.db.write(lambda tx: act(2, tx))
    await recorder.db.close()
    await asyncio.to_thread(path.write_bytes, older)
    recorder = Recorder(tmp_path)
    with pytest.raises(LogRolledBack):
        await recorder.db.start()
    await recorder.db.close()


def test_the_clock_never_goes_back_and_never_repeats_an_instant_that_was_taken() -> None:
    clock = Clock()
    ticks = []
    for _ in range(5000):
        ticks.append(clock.tick())
        clock.take()
    assert ticks == sorted(set(ticks))
    assert all(one.microsecond % 1000 == 0 for one in ticks)
    assert clock.now() >= ticks[-1]


def test_units_that_change_nothing_do_not_move_the_clock_ahead() -> None:
    clock = Clock()
    ticks = [clock.tick() for _ in range(20_000)]
    assert ticks == sorted(ticks)
    assert ticks[-1] <= datetime.now(UTC)


async def test_a_reader_cannot_write(recorder: Recorder) -> None:
    """Reading connections are for reading; what a read function writes is gone with it or refused."""
    before = await recorder.posts()

    def cheat(conn: object) -> None:
        conn.execute(insert(outbox).values(kind="x", recipient_id="x", body="{}", created_at=recorder.db.clock.now()))  # type: ignore[attr-defined]

    with pytest.raises(Exception, match="readonly"):
        await recorder.db.read(cheat)
    assert await recorder.posts() == before
