"""A log on a real SQLite file, and the batch as the writer thread runs it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from auth.audit.entry import Action, AuditEntry, Detail
from auth.audit.log import AuditLog

ORIGIN = "plenum.example/audit"
START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

Batch = Callable[..., None]


def entry(number: int = 0, **details: Detail) -> AuditEntry:
    return AuditEntry(
        action=Action.POLL_CAST,
        at=START + timedelta(seconds=number),
        actor=f"person{number % 7}",
        object_type="poll",
        object_id=f"poll{number % 3}",
        session="session",
        site="site",
        details=details or {"name": "Nguyễn Văn A", "number": number},
    )


@contextmanager
def batch(engine: Engine, log: AuditLog) -> Iterator[Connection]:
    """One COMMIT of the writer thread."""
    with engine.begin() as conn:
        yield conn
        pending = log.prepare(conn)
    if pending is not None:
        log.publish(pending)


def fill(engine: Engine, log: AuditLog, count: int) -> None:
    with batch(engine, log) as conn:
        for _ in range(count):
            log.append(conn, entry(log.size))


@pytest.fixture
def checkpoint_file(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder / "checkpoints.txt"


@pytest.fixture
def reopen(engine: Engine, tmp_path: Path, checkpoint_file: Path) -> Callable[[], AuditLog]:
    def reopened() -> AuditLog:
        log = AuditLog(tmp_path / "keys", checkpoint_file, ORIGIN)
        with engine.begin() as conn:
            log.open(conn)
        return log

    return reopened


@pytest.fixture
def log(reopen: Callable[[], AuditLog]) -> AuditLog:
    return reopen()
