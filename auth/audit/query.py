"""Reading the log: searching for an officer, exporting for a verifier, erasing details when their time is over."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, product
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, select

from auth.audit.entry import MAX_INTEGER, Action, LoggedEntry, Outcome, milliseconds, unseal
from auth.audit.tables import audit_detail, audit_entry

MAX_LIMIT = 1000
CHUNK = 500
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What to look for; None is anything. ``since`` ≤ time < ``until``; ``before_index`` pages on.

    ``actions`` are alternatives. ``object_id`` finds the versions of an object too, ``objects`` are alternatives to it.
    ``person`` finds what somebody did and what was done to them. ``source`` finds what came from an address, and all
    of the sessions that began there.
    """

    actor: str | None = None
    person: str | None = None
    object_id: str | None = None
    objects: tuple[str, ...] = ()
    object_type: str | None = None
    action: Action | None = None
    actions: tuple[Action, ...] = ()
    outcome: Outcome | None = None
    session: str | None = None
    site: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100
    before_index: int | None = None


def search(conn: Connection, query: AuditQuery) -> list[LoggedEntry]:
    """Return the newest matching entries first, at most ``limit`` (and never over 1,000).

    Reading the log is itself an act: the caller logs ``AUDIT_READ``.
    """
    limit = max(0, min(query.limit, MAX_LIMIT))
    indexes: set[int] = set()
    for branch in _branches(conn, query):
        newest = _indexes(branch).order_by(audit_entry.c.entry_index.desc()).limit(limit)
        indexes.update(conn.execute(newest).scalars())
    return entries_at(conn, sorted(indexes, reverse=True)[:limit])


def matching(conn: Connection, query: AuditQuery, size: int) -> list[int]:
    """Return the indexes of all matching entries of the first ``size``, oldest first, whatever ``limit`` says."""
    indexes: set[int] = set()
    for branch in _branches(conn, query):
        indexes.update(conn.execute(_indexes([*branch, audit_entry.c.entry_index < size])).scalars())
    return sorted(indexes)


def entries_at(conn: Connection, indexes: Sequence[int]) -> list[LoggedEntry]:
    """Return the entries at these indexes, in this order; one that is not there is left out."""
    found: dict[int, LoggedEntry] = {}
    for start in range(0, len(indexes), CHUNK):
        part = audit_entry.c.entry_index.in_(indexes[start : start + CHUNK])
        found.update((row.entry_index, _logged(row)) for row in conn.execute(_with_details().where(part)))
    return [found[index] for index in indexes if index in found]


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry with the bytes that were hashed; salt and details are None once they were erased."""

    logged: LoggedEntry
    leaf: bytes
    salt: bytes | None
    details: str | None


def sealed_at(conn: Connection, indexes: Sequence[int]) -> Iterator[SealedEntry]:
    """Yield the entries at these indexes, which are in ascending order, as they were hashed."""
    for start in range(0, len(indexes), CHUNK):
        part = audit_entry.c.entry_index.in_(indexes[start : start + CHUNK])
        for row in conn.execute(_with_details().where(part).order_by(audit_entry.c.entry_index)):
            salt = None if row.salt is None else bytes(row.salt)
            yield SealedEntry(_logged(row), bytes(row.leaf), salt, row.details)


def session_sources(conn: Connection, sessions: Iterable[str]) -> dict[str, str]:
    """Return the addresses from which sessions began, as far as the log still knows them."""
    joined = audit_entry.join(audit_detail, audit_detail.c.entry_index == audit_entry.c.entry_index)
    began = select(audit_entry.c.session, audit_detail.c.source).select_from(joined)
    rows = conn.execute(
        began.where(
            audit_entry.c.session.in_(sorted(sessions)),
            _unindexed(audit_entry.c.action) == Action.LOGON.value,
            (audit_detail.c.source + "").is_not(None),
        )
    )
    return {row.session: row.source for row in rows}


def beginnings(conn: Connection, sessions: Iterable[str]) -> list[LoggedEntry]:
    """Return the entries with which sessions began and ended, in the order of the log."""
    columns = audit_entry.c
    bounds = _unindexed(columns.action).in_([Action.LOGON.value, Action.LOGOFF.value])
    found = conn.execute(select(columns.entry_index).where(columns.session.in_(sorted(sessions)), bounds)).scalars()
    return entries_at(conn, sorted(found))


def log_size(conn: Connection) -> int:
    """Return how many entries this connection sees."""
    last = conn.execute(select(func.max(audit_entry.c.entry_index))).scalar()
    return 0 if last is None else int(last) + 1


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


def erase_details(conn: Connection, before: datetime, limit: int | None = None) -> int:
    """Erase details and salts of entries older than ``before``, the oldest first; the leaves stay. Returns how many.

    The caller logs ``AUDIT_ERASE``. ``limit`` keeps a unit of work short; the caller then comes again.
    """
    old = (
        select(audit_detail.c.entry_index)
        .join(audit_entry, audit_entry.c.entry_index == audit_detail.c.entry_index)
        .where(audit_entry.c.at_ms < milliseconds(before))
        .order_by(audit_detail.c.entry_index)
        .limit(limit)
    )
    return conn.execute(delete(audit_detail).where(audit_detail.c.entry_index.in_(old))).rowcount


def _with_details() -> Select[Any]:
    joined = audit_entry.outerjoin(audit_detail, audit_entry.c.entry_index == audit_detail.c.entry_index)
    return select(audit_entry, audit_detail.c.salt, audit_detail.c.details).select_from(joined)


def _indexes(conditions: Sequence[Condition]) -> Select[Any]:
    return select(audit_entry.c.entry_index).where(*conditions)


def _branches(conn: Connection, query: AuditQuery) -> list[list[Condition]]:
    """Return what to ask, one question for each alternative: each is then answered in the order of one index."""
    try:
        common = [*_equal(query), *_bounds(conn, query)]
    except _NothingThen:
        return []
    action = _unindexed(audit_entry.c.action) if _is_narrow(query) else audit_entry.c.action
    acts: list[list[Condition]] = [[action == act.value] for act in query.actions] or [[]]
    choices = product(acts, _of_object(query), _of_person(query.person), _from_source(query.source))
    return [[*common, *chain.from_iterable(choice)] for choice in choices]


def _is_narrow(query: AuditQuery) -> bool:
    """Whether whom or what is asked for finds fewer entries than any act or outcome would."""
    return bool(query.actor or query.person or query.object_id or query.objects or query.session or query.source)


def _unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return the column as an expression, by which SQLite does not choose an index: it knows no figures of ours."""
    return column + ""


def _equal(query: AuditQuery) -> Iterator[Condition]:
    columns, narrow = audit_entry.c, _is_narrow(query)
    for column, value in (
        (columns.actor, query.actor),
        (columns.object_type, query.object_type),
        (_unindexed(columns.action) if narrow else columns.action, query.action),
        (_unindexed(columns.outcome) if narrow else columns.outcome, query.outcome),
        (columns.session, query.session),
        (columns.site, query.site),
    ):
        if value is not None:
            yield column == str(value)


def _of_object(query: AuditQuery) -> list[list[Condition]]:
    column, wanted = audit_entry.c.object_id, query.object_id
    if query.objects:
        return [[column.in_(query.objects)]]
    if wanted is None:
        return [[]]
    return [[column == wanted], [column > f"{wanted}:", column < f"{wanted};"]]  # its versions are "ID:NUMBER"


def _of_person(person: str | None) -> list[list[Condition]]:
    if person is None:
        return [[]]
    columns = audit_entry.c
    named = select(audit_detail.c.entry_index).where(audit_detail.c.person == person)
    return [[columns.actor == person], [columns.object_id == person], [columns.entry_index.in_(named)]]


def _from_source(source: str | None) -> list[list[Condition]]:
    if source is None:
        return [[]]
    direct = select(audit_detail.c.entry_index).where(audit_detail.c.source == source)
    begun = audit_entry.alias()
    sessions = select(begun.c.session).where(
        begun.c.entry_index.in_(direct), _unindexed(begun.c.action) == Action.LOGON.value
    )
    return [[audit_entry.c.entry_index.in_(direct)], [audit_entry.c.session.in_(sessions)]]


class _NothingThen(Exception):
    """No entry is of this time."""


def _bounds(conn: Connection, query: AuditQuery) -> Iterator[Condition]:
    """Yield the limits of time as limits of the index, which every index of the table is sorted by."""
    index, at = audit_entry.c.entry_index, audit_entry.c.at_ms
    if query.before_index is not None:
        yield index < query.before_index
    if query.since is None and query.until is None:
        return
    low = milliseconds(query.since) if query.since else 0
    high = milliseconds(query.until) if query.until else MAX_INTEGER
    span = select(func.min(index), func.max(index)).where(at >= low, at < high)
    first, last = conn.execute(span).one()
    if first is None:
        raise _NothingThen
    yield index.between(first, last)
    yield (at + 0).between(low, high - 1)  # + 0: not by the index of times, whose order is not what is asked for


def _logged(row: Row[Any]) -> LoggedEntry:
    details = {} if row.details is None else json.loads(row.details)
    return LoggedEntry(
        row.entry_index, unseal(bytes(row.leaf), details), bytes(row.leaf_hash), erased=row.details is None
    )
