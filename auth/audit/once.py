"""Entries that would otherwise repeat without end: views are logged once, failures of strangers are counted."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from auth.audit.entry import Action, AuditEntry, Detail, Outcome, milliseconds
from auth.audit.log import AuditLog
from auth.audit.tables import audit_burst, audit_seen

MAX_SOURCES_PER_MINUTE = 256
OTHER_SOURCES = "other"
ACCOUNT = "account "  # begins what is counted for an account; no source has a space


def view_once(conn: Connection, log: AuditLog, entry: AuditEntry) -> int | None:
    """Log a view unless this actor's session has viewed this object (one version) before; return its index or None."""
    key = {
        "actor": entry.actor or "",
        "object_id": entry.object_id or "",
        "session": f"{entry.session or ''}/{entry.action.value}",
    }
    seen = audit_seen.c
    known = select(func.count()).where(
        seen.actor == key["actor"], seen.object_id == key["object_id"], seen.session == key["session"]
    )
    if conn.execute(known).scalar_one():
        return None
    conn.execute(insert(audit_seen).values(**key, at_ms=milliseconds(entry.at)))
    return log.append(conn, entry)


def forget_views(conn: Connection, before: datetime) -> int:
    """Forget which views were logged before ``before`` (when their sessions are over); return how many."""
    return conn.execute(delete(audit_seen).where(audit_seen.c.at_ms < milliseconds(before))).rowcount


def aggregate_failure(
    conn: Connection, log: AuditLog, source: str, now: datetime, action: Action = Action.LOGON_FAILURE
) -> int | None:
    """Count a failure of somebody unauthenticated; the first of a source and minute is logged at once.

    ``source`` is what counts as one origin (:func:`auth.throttle.source_key`). When too many sources fail in one minute
    the later ones count together. Returns the index of the entry or None.
    """
    minute = _minute(now)
    this_minute = (audit_burst.c.minute == minute) & (audit_burst.c.action == action.value)
    named = source[:64]
    if _counted(conn, this_minute, named):
        return None
    strangers = this_minute & audit_burst.c.source.not_like(f"{ACCOUNT}%")
    sources = conn.execute(select(func.count()).select_from(audit_burst).where(strangers)).scalar_one()
    if sources >= MAX_SOURCES_PER_MINUTE:
        named = OTHER_SOURCES
        if _counted(conn, this_minute, named):
            return None
    conn.execute(insert(audit_burst).values(minute=minute, source=named, action=action.value, failures=1))
    return log.append(conn, _failure(action, named, minute, now, 1))


def aggregate_account(
    conn: Connection, log: AuditLog, account: str, now: datetime, action: Action = Action.LOGON_FAILURE
) -> int | None:
    """Count a failure against an account that exists, from wherever; the first of a minute is logged at once.

    There are no more of these than accounts. Returns the index of the entry or None.
    """
    minute = _minute(now)
    this_minute = (audit_burst.c.minute == minute) & (audit_burst.c.action == action.value)
    named = f"{ACCOUNT}{account}"[:64]
    if _counted(conn, this_minute, named):
        return None
    conn.execute(insert(audit_burst).values(minute=minute, source=named, action=action.value, failures=1))
    return log.append(conn, _failure(action, named, minute, now, 1))


def flush_failures(conn: Connection, log: AuditLog, now: datetime) -> int:
    """Log the counts of the minutes that are over, where more than one failure came; return how many entries."""
    over = audit_burst.c.minute < _minute(now)
    repeated = (
        select(audit_burst)
        .where(over, audit_burst.c.failures > 1)
        .order_by(audit_burst.c.minute, audit_burst.c.source, audit_burst.c.action)
    )
    rows = conn.execute(repeated).all()
    conn.execute(delete(audit_burst).where(over))
    for row in rows:
        log.append(conn, _failure(Action(row.action), row.source, row.minute, now, row.failures))
    return len(rows)


def _counted(conn: Connection, this_minute: ColumnElement[bool], source: str) -> bool:
    bump = update(audit_burst).where(this_minute, audit_burst.c.source == source)
    return conn.execute(bump.values(failures=audit_burst.c.failures + 1)).rowcount > 0


def _failure(action: Action, source: str, minute: int, now: datetime, count: int) -> AuditEntry:
    since = datetime.fromtimestamp(minute * 60, UTC).isoformat()
    counted: dict[str, Detail] = {"count": count, "minute": since}
    if source.startswith(ACCOUNT):
        account = source.removeprefix(ACCOUNT)
        return AuditEntry(
            action=action, at=now, outcome=Outcome.FAILURE, object_type="person", object_id=account, details=counted
        )
    return AuditEntry(action=action, at=now, outcome=Outcome.FAILURE, details={"source": source} | counted)


def _minute(now: datetime) -> int:
    return milliseconds(now) // 60_000
