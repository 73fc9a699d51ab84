"""Appending to the audit log alone: entries in batches, each batch one commit and one signed checkpoint."""

import time
from datetime import UTC, datetime
from pathlib import Path

from auth.audit.entry import Action, AuditEntry
from auth.audit.log import AuditLog
from bench import disk, report
from signaling.store.database import open_engine
from signaling.store.schema import migrate


def run(folder: Path, entries: int, batch: int) -> str:
    """Measure in a fresh database below ``folder`` and return the report line."""
    database = folder / "plenum.sqlite"
    migrate(database)
    log = AuditLog(folder / "audit" / "key", folder / "audit" / "checkpoints.txt", "plenum/bench")
    engine = open_engine(database, writer=True)
    try:
        with engine.connect() as conn:
            with conn.begin():
                log.open(conn)
            began = time.perf_counter()
            for first in range(0, entries, batch):
                with conn.begin():
                    for number in range(first, min(first + batch, entries)):
                        log.append(conn, _entry(number))
                    pending = log.prepare(conn)
                if pending is not None:
                    log.publish(pending)
            elapsed = time.perf_counter() - began
        return report.line(
            "audit_append", **disk.store_facts(database), batch=batch, entries=log.size, per_s=round(entries / elapsed)
        )
    finally:
        engine.dispose()


def _entry(number: int) -> AuditEntry:
    return AuditEntry(
        action=Action.PAPER_VIEW,
        at=datetime.now(UTC),
        actor=f"person{number % 100}",
        object_type="paper",
        object_id=f"paper{number % 1000}",
        session=f"session{number % 100}",
        details={"version": 1, "page": number % 20},
    )
