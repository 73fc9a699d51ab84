"""Units of work straight through the database's writer thread: what the hub could do without sockets."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from auth.audit.entry import Action
from auth.audit.log import AuditLog
from auth.directory import subject_of
from auth.model import Subject
from auth.permissions import Permission
from auth.sessions import look_up
from bench import disk, organisation, report
from bench.hub import settings_in
from bench.organisation import Organisation
from meetings import poll_store
from meetings.model import BallotId, PollId
from meetings.records import PollDetails
from meetings.rules import PRESETS
from signaling.access import access_meeting
from signaling.audit_entries import entry
from signaling.projection.events import materialise
from signaling.settings import Settings
from signaling.store.database import Database
from signaling.store.transaction import Transaction

Unit = Callable[[Transaction], object]


async def run(folder: Path, members: int, in_flight: int) -> list[str]:
    """Measure in a fresh database below ``folder`` and return one report line for each kind of unit."""
    settings = settings_in(folder)
    house = await asyncio.to_thread(organisation.seed, settings, members)
    await asyncio.to_thread(organisation.check_in, settings, house)
    log = AuditLog(folder / "audit" / "key", settings.checkpoint_file, "plenum/bench")
    db = Database(settings.database_file, log, materialise, lambda _: None)
    await db.start()
    try:
        facts = await asyncio.to_thread(disk.store_facts, settings.database_file)
        lines = [
            await _measure(db, facts, "audit_only", iter([_audit_only] * (members // 4)), in_flight=1),
            await _measure(db, facts, "audit_only", iter([_audit_only] * members), in_flight=in_flight),
        ]
        ballots = iter(await _ballots(db, settings, house))
        return [*lines, await _measure(db, facts, "ballot", ballots, in_flight=in_flight)]
    finally:
        await db.close()


def _audit_only(tx: Transaction) -> None:
    tx.audit(entry(Action.MEETING_EDIT, tx.now, None, "meeting", "bench"))


async def _measure(db: Database, facts: dict[str, object], name: str, units: Iterator[Unit], in_flight: int) -> str:
    """Keep ``in_flight`` units waiting until none is left."""
    seconds: list[float] = []

    async def work() -> None:
        for unit in units:
            began = time.perf_counter()
            await db.write(unit)
            seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(in_flight)))
    elapsed = time.perf_counter() - began
    return report.line(
        "units",
        unit=name,
        **facts,
        in_flight=in_flight,
        units=len(seconds),
        per_s=round(len(seconds) / elapsed),
        p50_ms=report.percentile_ms(seconds, 0.50),
        p99_ms=report.percentile_ms(seconds, 0.99),
    )


async def _ballots(db: Database, settings: Settings, house: Organisation) -> list[Unit]:
    """Open a poll and return the unit of work of every member's ballot, as the command ``poll.cast`` has it."""

    def prepare(tx: Transaction) -> PollId:
        rules = PRESETS[organisation.RULES]
        details = PollDetails(title="Budget", rules=rules, item_id=house.item_id)
        made = poll_store.create_poll(tx.conn, house.meeting_id, details, house.chair.person_id, tx.now)
        poll_id = PollId(made[0].id)
        poll_store.open_poll(tx.conn, house.meeting_id, poll_id, tx.now)
        return poll_id

    poll_id = await db.write(prepare)
    now = datetime.now(UTC)
    subjects = await db.read(lambda conn: [subject_of(conn, look_up(conn, seat.token, now)) for seat in house.members])
    return [_ballot(house, poll_id, subject) for subject in subjects]


def _ballot(house: Organisation, poll_id: PollId, me: Subject) -> Unit:
    ballot_id = BallotId(secrets.token_urlsafe(18))

    def unit(tx: Transaction) -> str:
        access_meeting(tx.conn, me, house.meeting_id, Permission.POLL_CAST, tx.now)
        ballot, changes = poll_store.cast_ballot(
            tx.conn, house.meeting_id, poll_id, me.person_id, ballot_id=ballot_id, option_id="yes", now=tx.now
        )
        tx.changed(house.meeting_id, changes)
        tx.audit(entry(Action.POLL_CAST, tx.now, me, "poll", poll_id))
        return ballot.receipt

    return unit
