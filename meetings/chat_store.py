"""Messages of a meeting's chat in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true, update

from auth.model import MeetingRole, PersonId
from meetings import chat, schema
from meetings.changes import Change, ChangeKind
from meetings.errors import ChatConflict, NoSuchMessage
from meetings.lifecycle import ATTENDABLE, require
from meetings.meeting_store import load_meeting
from meetings.model import Audience, MeetingId, MessageId
from meetings.participant_store import load_participant
from meetings.records import ChatMessage
from meetings.sitting_store import load_sitting

_T = schema.chat_message


def send(
    conn: Connection,
    meeting_id: MeetingId,
    author_id: PersonId,
    *,
    message_id: MessageId,
    audience: Audience,
    recipient_id: PersonId | None,
    text: str,
    now: datetime,
) -> list[Change]:
    """Store a message once; a repetition changes nothing.

    Raises ``ChatClosed``, ``ChatTooFast``, ``ChatConflict``, ``BadDetails``, ``NoSuchParticipant`` or ``WrongState``.
    """
    row = conn.execute(select(_T).where(_T.c.id == message_id)).first()
    if row is not None:
        if row.meeting_id != meeting_id:
            raise ChatConflict("the message id has been used")
        chat.check_repetition(_message(row), author_id, audience, recipient_id, text)
        return []
    require(load_meeting(conn, meeting_id).state, ATTENDABLE)
    if recipient_id is not None:
        load_participant(conn, meeting_id, recipient_id)
    author = load_participant(conn, meeting_id, author_id)
    sitting = load_sitting(conn, meeting_id)
    chat.check_message(text, audience, recipient_id, role=author.role, sitting=sitting)
    chat.check_pace(_latest_times(conn, meeting_id, author_id), now)
    last = conn.execute(select(func.max(_T.c.number)).where(_T.c.meeting_id == meeting_id)).scalar()
    conn.execute(
        _T.insert().values(
            id=message_id,
            meeting_id=meeting_id,
            number=(last or 0) + 1,
            author_id=author_id,
            audience=audience.value,
            recipient_id=recipient_id,
            text=text.strip(),
            sent_at=now,
        )
    )
    return [Change(ChangeKind.CHAT, message_id)]


def remove(
    conn: Connection, meeting_id: MeetingId, message_id: MessageId, removed_by: PersonId, now: datetime
) -> list[Change]:
    """Take a message's words away; harmless when they are gone already. Raises ``NoSuchMessage``."""
    if load_message(conn, meeting_id, message_id).removed_at is not None:
        return []
    conn.execute(update(_T).where(_T.c.id == message_id).values(text="", removed_at=now, removed_by=removed_by))
    return [Change(ChangeKind.CHAT, message_id)]


def clear(conn: Connection, meeting_id: MeetingId) -> list[Change]:
    """Erase all messages of a meeting; no change when there are none."""
    erased = conn.execute(_T.delete().where(_T.c.meeting_id == meeting_id)).rowcount
    return [Change(ChangeKind.CHAT_CLEARED, meeting_id)] if erased else []


def load_message(conn: Connection, meeting_id: MeetingId, message_id: MessageId) -> ChatMessage:
    """Return a message of this meeting. Raises ``NoSuchMessage``."""
    row = conn.execute(select(_T).where(_T.c.id == message_id, _T.c.meeting_id == meeting_id)).first()
    if row is None:
        raise NoSuchMessage(message_id)
    return _message(row)


def messages(
    conn: Connection,
    meeting_id: MeetingId,
    reader: PersonId,
    role: MeetingRole,
    *,
    before: int | None = None,
    limit: int = chat.SHOWN,
) -> tuple[list[ChatMessage], bool]:
    """Return the last messages that somebody may read, oldest first, and whether there are earlier ones.

    ``before`` is a message's number. A hall's screen reads none: it stands before everybody who sits there.
    """
    if role is MeetingRole.ROOM:
        return [], False
    query = select(_T).where(_T.c.meeting_id == meeting_id, _readable(reader, role))
    if before is not None:
        query = query.where(_T.c.number < before)
    rows = conn.execute(query.order_by(_T.c.number.desc()).limit(limit + 1)).all()
    return [_message(row) for row in reversed(rows[:limit])], len(rows) > limit


def meetings_with_chat(conn: Connection) -> list[MeetingId]:
    """Return the meetings that have messages."""
    return [MeetingId(one) for one in conn.scalars(select(_T.c.meeting_id).distinct().order_by(_T.c.meeting_id))]


def _readable(reader: PersonId, role: MeetingRole) -> ColumnElement[bool]:
    if role in chat.SECRETARIAT:
        return true()
    return or_(
        _T.c.audience == Audience.EVERYONE.value,
        and_(_T.c.audience == Audience.SECRETARIAT.value, or_(_T.c.author_id == reader, _T.c.recipient_id == reader)),
    )


def _latest_times(conn: Connection, meeting_id: MeetingId, author_id: PersonId) -> list[datetime]:
    query = select(_T.c.sent_at).where(_T.c.meeting_id == meeting_id, _T.c.author_id == author_id)
    return list(conn.scalars(query.order_by(_T.c.number.desc()).limit(chat.PACE)))


def _message(row: Row[Any]) -> ChatMessage:
    return ChatMessage(
        id=MessageId(row.id),
        number=row.number,
        author_id=PersonId(row.author_id),
        audience=Audience(row.audience),
        recipient_id=None if row.recipient_id is None else PersonId(row.recipient_id),
        text=row.text,
        sent_at=row.sent_at,
        removed_at=row.removed_at,
    )
