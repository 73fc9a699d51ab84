"""Reading the log: searching for an officer, exporting for a verifier, erasing details when their time is over."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select

from auth.audit.entry import Action, AuditEntry, Outcome, milliseconds, unseal
from auth.audit.tables import audit_detail, audit_entry

MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What to look for; None is anything. ``since`` ≤ time < ``until``; ``before_index`` pages on."""

    actor: str | None = None
    object_id: str | None = None
    object_type: str | None = None
    action: Action | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100
    before_index: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry at its place; ``erased`` tells that its details are gone, not that there were none."""

    index: int
    entry: AuditEntry
    leaf_hash: bytes
    erased: bool


def search(conn: Connection, query: AuditQuery) -> list[LoggedEntry]:
    """Return the newest matching entries first, at most ``limit`` (and never over 1,000).

    Reading the log is itself an act: the caller logs ``AUDIT_READ``.
    """
    statement = _with_details().order_by(audit_entry.c.entry_index.desc())
    for condition in _conditions(query):
        statement = statement.where(condition)
    rows = conn.execute(statement.limit(max(0, min(query.limit, MAX_LIMIT))))
    return [_logged(row) for row in rows]


def get_entry(conn: Connection, index: int) -> LoggedEntry | None:
    """Return the entry at ``index``, or None."""
    row = conn.execute(_with_details().where(audit_entry.c.entry_index == index)).one_or_none()
    return None if row is None else _logged(row)


def export(conn: Connection, size: int | None = None) -> Iterator[str]:
    """Yield the log as JSON Lines, oldest first, for ``verifier.py``; ``size`` stops at a checkpoint's size.

    ``leaf`` and ``details`` are strings that hold the exact bytes which were hashed.
    """
    statement = _with_details().order_by(audit_entry.c.entry_index)
    if size is not None:
        statement = statement.where(audit_entry.c.entry_index < size)
    for row in conn.execution_options(yield_per=1000).execute(statement):
        salt = None if row.salt is None else bytes(row.salt).hex()
        line = {"index": row.entry_index, "leaf": bytes(row.leaf).decode(), "salt": salt, "details": row.details}
        yield json.dumps(line, ensure_ascii=False) + "\n"


def erase_details(conn: Connection, before: datetime) -> int:
    """Erase details and salts of entries older than ``before``; the leaves stay. Returns how many.

    The caller logs ``AUDIT_ERASE``.
    """
    old = select(audit_entry.c.entry_index).where(audit_entry.c.at_ms < milliseconds(before))
    return conn.execute(delete(audit_detail).where(audit_detail.c.entry_index.in_(old))).rowcount


def _with_details() -> Select[Any]:
    joined = audit_entry.outerjoin(audit_detail, audit_entry.c.entry_index == audit_detail.c.entry_index)
    return select(audit_entry, audit_detail.c.salt, audit_detail.c.details).select_from(joined)


def _conditions(query: AuditQuery) -> Iterator[Any]:
    columns = audit_entry.c
    for column, value in (
        (columns.actor, query.actor),
        (columns.object_id, query.object_id),
        (columns.object_type, query.object_type),
        (columns.action, query.action),
        (columns.outcome, query.outcome),
    ):
        if value is not None:
            yield column == str(value)
    if query.since is not None:
        yield columns.at_ms >= milliseconds(query.since)
    if query.until is not None:
        yield columns.at_ms < milliseconds(query.until)
    if query.before_index is not None:
        yield columns.entry_index < query.before_index


def _logged(row: Row[Any]) -> LoggedEntry:
    details = {} if row.details is None else json.loads(row.details)
    return LoggedEntry(
        row.entry_index, unseal(bytes(row.leaf), details), bytes(row.leaf_hash), erased=row.details is None
    )
