"""Reminders: once before a meeting begins, to everybody invited. Whoever was told only just now is not told again."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from meetings import meeting_store, version_store
from meetings.model import MeetingId, MeetingState
from signaling.store.tables import outbox
from signaling.store.transaction import Transaction
from signaling.usecases.telling import tell_everybody

KIND = "reminder"


def remind(tx: Transaction, ahead: timedelta) -> None:
    """Post the reminders of meetings that begin within ``ahead`` from now; none if it is zero."""
    for meeting in meeting_store.meetings_in(tx.conn, [MeetingState.CONVENED]):
        starts_at = meeting.details.starts_at
        if not tx.now < starts_at <= tx.now + ahead:
            continue
        newest = version_store.load_version(tx.conn, meeting.id, version_store.newest(tx.conn, meeting.id))
        if newest.convened_at > starts_at - ahead or _reminded(tx.conn, meeting.id, starts_at):
            continue
        tell_everybody(tx, KIND, meeting.id, version=newest.number, starts=starts_at.isoformat())


def _reminded(conn: Connection, meeting_id: MeetingId, starts_at: datetime) -> bool:
    """Whether this beginning was announced; a meeting that moved is announced again."""
    query = select(outbox.c.body).where(outbox.c.meeting_id == meeting_id, outbox.c.kind == KIND)
    return any(json.loads(body).get("starts") == starts_at.isoformat() for body in conn.scalars(query))
