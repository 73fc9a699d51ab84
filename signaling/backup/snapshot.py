"""A consistent copy of a database that is in use, and what a copy holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, func, select

from auth.audit.note import Checkpoint
from auth.audit.tables import audit_entry
from auth.audit.tree import read_frontier
from signaling.backup.errors import BackupDamaged, BackupLogDiffers
from signaling.backup.manifest import LogState, stamp

WAIT_S = 30


@dataclass(frozen=True, slots=True)
class NamedBlob:
    """A blob that the database names, and its key."""

    blob_id: str
    key_id: str


def take(database: Path, target: Path) -> None:
    """Copy the database as it is at one instant; writers go on meanwhile. Raises BackupDamaged.

    All pages go over in one step, under one read transaction, so a busy writer can neither tear nor delay the copy.
    The copy is one plain file without a write-ahead log.
    """
    with (
        closing(sqlite3.connect(database, timeout=WAIT_S)) as source,
        closing(sqlite3.connect(target, timeout=WAIT_S)) as copy,
    ):
        source.execute("PRAGMA query_only=ON")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise BackupDamaged(f"The database itself is damaged: {found}. Stop the hub and restore an earlier backup.")


@contextmanager
def reading(copy: Path) -> Iterator[Connection]:
    """Open a copy that nobody writes to, leaving no file beside it. Raises BackupDamaged if it is no database."""
    engine = create_engine(f"sqlite:///file:{quote(str(copy))}?mode=ro&immutable=1&uri=true")
    try:
        with engine.connect() as conn:
            yield conn
    except sqlite3.DatabaseError as error:
        raise BackupDamaged(f"The copy of the database cannot be read: {error}") from error
    finally:
        engine.dispose()


def schema_of(conn: Connection) -> str:
    """Return the revision of the schema."""
    return str(conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def log_state(conn: Connection, newest: Checkpoint) -> LogState:
    """Return the state of the log after comparing it with the newest checkpoint. Raises BackupLogDiffers."""
    last = conn.execute(select(func.max(audit_entry.c.entry_index), func.max(audit_entry.c.at_ms))).one()
    size = 0 if last[0] is None else int(last[0]) + 1
    if size < newest.size or read_frontier(conn, newest.size).root() != newest.root:
        raise BackupLogDiffers("The log in the database is not the one that its checkpoints signed; see plenum audit.")
    at = None if last[1] is None else stamp(datetime.fromtimestamp(last[1] / 1000, UTC))
    return LogState(size, read_frontier(conn, size).root().hex(), newest.size, at)


def named_blobs(conn: Connection) -> Iterator[NamedBlob]:
    """Yield every blob that a row names, in whatever table of whatever schema."""
    tables = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").scalars().all()
    for table in tables:
        columns = {row[1] for row in conn.exec_driver_sql(f'PRAGMA table_info("{table}")')}
        if {"blob_id", "key_id"} <= columns:
            query = f'SELECT blob_id, key_id FROM "{table}" WHERE blob_id IS NOT NULL'  # noqa: S608 — names of our own schema
            for row in conn.exec_driver_sql(query):
                yield NamedBlob(row[0], row[1])
