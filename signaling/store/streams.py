"""Ordered event streams: gapless revisions, appended in the transaction that changed the state."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from signaling.store.tables import event
from signaling.store.transaction import EVENT_VERSION, EventBody, StoredEvent

_INSERT: Final = event.insert()
_LAST: Final = select(func.max(event.c.revision)).where(event.c.stream == bindparam("stream"))


class StreamHeads:
    """The last revision of every stream, remembered by the only writer; ``forget`` after a rolled-back batch."""

    def __init__(self) -> None:
        self._heads: dict[str, int] = {}

    def append(self, conn: Connection, stream: str, bodies: Sequence[EventBody], now: datetime) -> list[StoredEvent]:
        """Store the bodies under the next revisions of the stream and return them."""
        if not bodies:
            return []
        head = self._heads.get(stream)
        if head is None:
            head = last_revision(conn, stream)
        stored = [StoredEvent(stream, head + number, now, body) for number, body in enumerate(bodies, start=1)]
        conn.execute(_INSERT, [_row(one) for one in stored])
        self._heads[stream] = head + len(bodies)
        return stored

    def forget(self, stream: str | None = None) -> None:
        """Drop what is remembered of one stream, or of all: the next append asks the database."""
        if stream is None:
            self._heads.clear()
        else:
            self._heads.pop(stream, None)


def _row(stored: StoredEvent) -> dict[str, object]:
    body = json.dumps(stored.body, ensure_ascii=False, separators=(",", ":"))
    return {
        "stream": stored.stream,
        "revision": stored.revision,
        "at": stored.at,
        "version": EVENT_VERSION,
        "body": body,
    }


def last_revision(conn: Connection, stream: str) -> int:
    """Return the stream's last revision, 0 if it has no event yet."""
    return conn.execute(_LAST, {"stream": stream}).scalar() or 0


def leave_revisions_behind(conn: Connection, now: datetime) -> None:
    """After a restore: number the events of every stream anew, above every revision that a page may have seen.

    What happened after the backup had revisions, too, and is gone; a page that knew them must read the whole state. As
    revisions start from the milliseconds of this instant, they are later than those of any state before it.
    """
    heads = select(event.c.stream, func.min(event.c.revision), func.max(event.c.revision)).group_by(event.c.stream)
    start = int(now.timestamp() * 1000)
    for stream, first, last in conn.execute(heads).all():
        shift = max(start - first, last - first + 1)
        conn.execute(update(event).where(event.c.stream == stream).values(revision=event.c.revision + shift))


def events_after(conn: Connection, stream: str, revision: int, limit: int = 10_000) -> list[StoredEvent]:
    """Return the events later than ``revision``, oldest first."""
    rows = conn.execute(
        select(event.c.revision, event.c.at, event.c.body)
        .where(event.c.stream == stream, event.c.revision > revision)
        .order_by(event.c.revision)
        .limit(limit)
    )
    return [StoredEvent(stream, row.revision, row.at, json.loads(row.body)) for row in rows]


def last_event_at(conn: Connection, stream: str) -> datetime | None:
    """Return when the stream's last event happened, None if it has none."""
    query = select(event.c.at).where(event.c.stream == stream).order_by(event.c.revision.desc()).limit(1)
    return conn.execute(query).scalar()


def blank_chat(conn: Connection, stream: str, message_id: str | None = None) -> None:
    """Make nothing of the stored events of one message, or of all: who reads them later learns that something was."""
    query = update(event).where(event.c.stream == stream, func.json_extract(event.c.body, "$.type") == "chat")
    if message_id is not None:
        query = query.where(func.json_extract(event.c.body, "$.message.id") == message_id)
    conn.execute(query.values(body=json.dumps({"type": "hidden"})))
