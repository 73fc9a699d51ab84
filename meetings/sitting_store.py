"""What the table takes, and what is announced to it, in the database."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from auth.model import PersonId, opaque_id
from meetings import schema
from meetings.changes import Change, ChangeKind
from meetings.lifecycle import ATTENDABLE, PLANNED, require
from meetings.meeting_store import load_meeting
from meetings.model import MeetingId
from meetings.records import Announcement, Sitting

_T = schema.sitting
_A = schema.announcement


def load_sitting(conn: Connection, meeting_id: MeetingId) -> Sitting:
    """Return what is taken now; at first, everything is."""
    row = conn.execute(select(_T).where(_T.c.meeting_id == meeting_id)).first()
    return Sitting() if row is None else Sitting(row.chat_open, row.floor_open)


def set_sitting(
    conn: Connection, meeting_id: MeetingId, *, chat_open: bool | None = None, floor_open: bool | None = None
) -> list[Change]:
    """Take messages and requests for the floor, or take them no longer; None leaves it. Raises ``WrongState``."""
    require(load_meeting(conn, meeting_id).state, PLANNED | ATTENDABLE)
    before = load_sitting(conn, meeting_id)
    after = replace(
        before,
        chat_open=before.chat_open if chat_open is None else chat_open,
        floor_open=before.floor_open if floor_open is None else floor_open,
    )
    if after == before:
        return []
    conn.execute(_T.delete().where(_T.c.meeting_id == meeting_id))
    conn.execute(_T.insert().values(meeting_id=meeting_id, chat_open=after.chat_open, floor_open=after.floor_open))
    return [Change(ChangeKind.SITTING, meeting_id)]


def announce(conn: Connection, meeting_id: MeetingId, text: str, made_by: PersonId, now: datetime) -> list[Change]:
    """Put an announcement in the place of the one before. Raises ``WrongState``."""
    require(load_meeting(conn, meeting_id).state, ATTENDABLE)
    _withdraw(conn, meeting_id, now)
    conn.execute(
        _A.insert().values(id=opaque_id(), meeting_id=meeting_id, text=text.strip(), made_by=made_by, made_at=now)
    )
    return [Change(ChangeKind.ANNOUNCEMENT, meeting_id)]


def withdraw_announcement(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Take the announcement from the screens; harmless when there is none."""
    withdrawn = _withdraw(conn, meeting_id, now)
    return [Change(ChangeKind.ANNOUNCEMENT, meeting_id)] if withdrawn else []


def load_announcement(conn: Connection, meeting_id: MeetingId) -> Announcement | None:
    """Return what is announced now."""
    query = select(_A).where(_A.c.meeting_id == meeting_id, _A.c.withdrawn_at.is_(None))
    row = conn.execute(query).first()
    return None if row is None else _announcement(row)


def _withdraw(conn: Connection, meeting_id: MeetingId, now: datetime) -> bool:
    query = update(_A).where(_A.c.meeting_id == meeting_id, _A.c.withdrawn_at.is_(None)).values(withdrawn_at=now)
    return conn.execute(query).rowcount > 0


def _announcement(row: Row[Any]) -> Announcement:
    return Announcement(row.id, row.text, PersonId(row.made_by), row.made_at)
