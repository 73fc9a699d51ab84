"""Alerts in the database: what repeats extends the open one, and their number has a bound."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from auth.audit.alerts import Handled, Rule, Signal
from auth.audit.tables import audit_alert, audit_watch
from auth.errors import AlertSettled, AlertUnknown
from auth.model import PersonId, opaque_id

MAX_OPEN_PER_RULE = 50
OTHERS = "others"
EVIDENCE_FIRST = 10  # entries that are kept of the beginning, and of the end
EVIDENCE_LAST = 40
WATCH_ID = 1


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; ``evidence`` are indexes of entries, the first and the newest of ``count`` occurrences."""

    id: str
    rule: Rule
    about: str
    first_at: datetime
    last_at: datetime
    count: int
    evidence: tuple[int, ...]
    last_index: int
    acknowledged_at: datetime | None
    acknowledged_by: PersonId | None
    note: str


def raise_alert(conn: Connection, signal: Signal) -> Alert | None:
    """Record what a rule has found. Returns the alert if it is a new one, None if it extends an open one.

    Occurrences that an alert has counted before are not counted again. Where too many alerts of a rule are open, what
    comes further is gathered in one about ``others``: a stranger with many addresses does not fill the disk.
    """
    about = _about(conn, signal)
    standing = _open(conn, signal.rule, about)
    fresh = [one for one in signal.occurrences if standing is None or one.index > standing.last_index]
    if not fresh:
        return None
    values = {
        "last_at": max(one.at for one in fresh),
        "last_index": max(one.index for one in fresh),
        "count": sum(one.weight for one in fresh) + (standing.count if standing else 0),
        "evidence": json.dumps(_evidence(standing, [one.index for one in fresh])),
    }
    if standing is not None:
        conn.execute(update(audit_alert).where(audit_alert.c.id == standing.id).values(**values))
        return None
    alert_id, first_at = opaque_id(), min(one.at for one in fresh)
    begun = {"id": alert_id, "rule": signal.rule.value, "about": about, "first_at": first_at}
    conn.execute(insert(audit_alert).values(**begun, **values))
    return get_alert(conn, alert_id)


def _about(conn: Connection, signal: Signal) -> str:
    if _open(conn, signal.rule, signal.about[:128]) is not None:
        return signal.about[:128]
    of_rule = (audit_alert.c.rule == signal.rule.value) & audit_alert.c.acknowledged_at.is_(None)
    standing = conn.execute(select(func.count()).select_from(audit_alert).where(of_rule)).scalar_one()
    return signal.about[:128] if standing < MAX_OPEN_PER_RULE else OTHERS


def _open(conn: Connection, rule: Rule, about: str) -> Alert | None:
    columns = audit_alert.c
    wanted = select(audit_alert).where(columns.rule == rule.value, columns.about == about)
    row = conn.execute(wanted.where(columns.acknowledged_at.is_(None))).one_or_none()
    return None if row is None else _alert(row)


def _evidence(standing: Alert | None, fresh: Sequence[int]) -> list[int]:
    known = list(standing.evidence) if standing else []
    every = sorted({*known, *fresh})
    return every if len(every) <= EVIDENCE_FIRST + EVIDENCE_LAST else every[:EVIDENCE_FIRST] + every[-EVIDENCE_LAST:]


def get_alert(conn: Connection, alert_id: str) -> Alert:
    """Return an alert. Raises AlertUnknown."""
    row = conn.execute(select(audit_alert).where(audit_alert.c.id == alert_id)).one_or_none()
    if row is None:
        raise AlertUnknown("There is no such alert.")
    return _alert(row)


def latest_alert(conn: Connection, rule: Rule, about: str) -> Alert | None:
    """Return the newest alert of a rule about something, whatever its state."""
    columns = audit_alert.c
    wanted = select(audit_alert).where(columns.rule == rule.value, columns.about == about)
    row = conn.execute(wanted.order_by(columns.last_at.desc()).limit(1)).one_or_none()
    return None if row is None else _alert(row)


def list_alerts(conn: Connection, *, acknowledged: bool, limit: int = 200) -> list[Alert]:
    """Return alerts, the newest first."""
    columns = audit_alert.c
    state = columns.acknowledged_at.is_not(None) if acknowledged else columns.acknowledged_at.is_(None)
    return [
        _alert(row)
        for row in conn.execute(select(audit_alert).where(state).order_by(columns.last_at.desc()).limit(limit))
    ]


def count_open(conn: Connection) -> int:
    """Return how many alerts wait for an officer."""
    waiting = select(func.count()).select_from(audit_alert).where(audit_alert.c.acknowledged_at.is_(None))
    return conn.execute(waiting).scalar_one()


def acknowledge(conn: Connection, alert_id: str, by: PersonId, note: str, now: datetime) -> Alert:
    """Settle an open alert. Raises AlertUnknown, and AlertSettled if somebody else was first."""
    if get_alert(conn, alert_id).acknowledged_at is not None:
        raise AlertSettled("Another officer has acknowledged this alert already.")
    settled = {"acknowledged_at": now, "acknowledged_by": by, "note": note}
    conn.execute(update(audit_alert).where(audit_alert.c.id == alert_id).values(**settled))
    return get_alert(conn, alert_id)


def handled(conn: Connection, since: datetime) -> Handled:
    """Return up to which entry alerts about somebody are acknowledged, of those that were seen since ``since``."""
    columns = audit_alert.c
    done = select(columns.rule, columns.about, func.max(columns.last_index).label("last"))
    settled = done.where(columns.acknowledged_at.is_not(None), columns.last_at >= since)
    rows = conn.execute(settled.group_by(columns.rule, columns.about))
    return {(Rule(row.rule), row.about): row.last for row in rows}


def watched_until(conn: Connection) -> int | None:
    """Return the index of the entry from which the rules read on; None when they never read."""
    return conn.execute(select(audit_watch.c.next_index).where(audit_watch.c.id == WATCH_ID)).scalar_one_or_none()


def remember_watched(conn: Connection, next_index: int) -> None:
    """Keep how far the rules have read."""
    moved = conn.execute(update(audit_watch).where(audit_watch.c.id == WATCH_ID).values(next_index=next_index))
    if not moved.rowcount:
        conn.execute(insert(audit_watch).values(id=WATCH_ID, next_index=next_index))


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        row.id,
        Rule(row.rule),
        row.about,
        row.first_at,
        row.last_at,
        row._mapping["count"],  # Row.count is a method of tuples
        tuple(json.loads(row.evidence)),
        row.last_index,
        row.acknowledged_at,
        row.acknowledged_by,
        row.note,
    )
