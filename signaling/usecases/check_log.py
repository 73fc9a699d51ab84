"""Verifying the whole log while the hub runs: in a thread of its own, one at a time, with progress."""

import asyncio
import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from auth.audit.note import Verifier
from auth.audit.query import log_size
from auth.audit.tables import audit_entry
from auth.audit.verify import signed_size, verify_log
from auth.errors import LogAltered, NoteInvalid
from signaling.store.database import open_engine
from signaling.wire import audit as wire

BREATH_S = 0.001  # after every thousand entries, so that the hub's own threads get their turn


@dataclass(slots=True)
class LogChecks:
    """What is being verified at the moment. Belongs to the event loop; the thread only counts up ``checked``."""

    checked: int = 0
    size: int = 0
    finished_at: datetime | None = None
    passed: bool = True
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def progress(self) -> wire.AuditProgress:
        """How far the running verification has come."""
        return wire.AuditProgress(running=self.lock.locked(), checked=self.checked, size=self.size)

    async def run(self, database: Path, notes: str, verifier: Verifier, size: int) -> wire.AuditCheck:
        """Verify against the checkpoints in ``notes``. One runs at a time; the next waits for it."""
        async with self.lock:
            self.checked, self.size = 0, size
            found = await asyncio.to_thread(_check, database, notes, verifier, self._count)
            self.finished_at, self.passed = datetime.now(UTC), found.ok
            return found

    def _count(self, checked: int) -> None:
        self.checked = checked
        time.sleep(BREATH_S)


def _check(database: Path, notes: str, verifier: Verifier, progress: Callable[[int], None]) -> wire.AuditCheck:
    """Blocking: read everything over a connection of our own."""
    engine = open_engine(database, writer=False)
    try:
        with engine.connect() as conn, conn.begin():
            return check_log(conn, notes, verifier, progress)
    finally:
        engine.dispose()


def check_log(
    conn: Connection, notes: str, verifier: Verifier, progress: Callable[[int], None] = lambda _: None
) -> wire.AuditCheck:
    """Compare the log of this connection with checkpoints, and say what was found."""
    size = log_size(conn)
    first, last = _times(conn)
    signed, count = 0, 0
    try:
        signed, count = signed_size(notes, verifier)
        found = verify_log(conn, notes, verifier, progress)
    except (LogAltered, NoteInvalid) as error:
        return wire.AuditCheck(
            ok=False,
            size=size,
            root="",
            reason=error.code,
            index=getattr(error, "index", None),
            signed=signed,
            checkpoints=count,
            restores=0,
            erased=0,
            from_at=first,
            until_at=last,
        )
    return wire.AuditCheck(
        ok=True,
        size=found.size,
        root=base64.b64encode(found.root).decode(),
        reason=None,
        index=None,
        signed=signed,
        checkpoints=found.checkpoints,
        restores=found.restores,
        erased=found.erased,
        from_at=first,
        until_at=last,
    )


def _times(conn: Connection) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last entry were made."""
    index = audit_entry.c.entry_index
    ends = [conn.execute(select(end(index))).scalar() for end in (func.min, func.max)]
    told = [time_at(conn, one) for one in ends]
    return told[0], told[1]


def time_at(conn: Connection, index: int | None) -> datetime | None:
    """Return the time that is kept for an entry; the verification compares it with what the entry says."""
    if index is None:
        return None
    at_ms = conn.execute(select(audit_entry.c.at_ms).where(audit_entry.c.entry_index == index)).scalar_one()
    return datetime.fromtimestamp(at_ms / 1000, UTC)
