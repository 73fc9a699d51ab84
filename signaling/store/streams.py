"""Ordered event streams: gapless revisions, appended in the transaction that changed the state."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

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


def events_after(conn: Connection, stream: str, revision: int, limit: int = 10_000) -> list[StoredEvent]:
    """Return the events later than ``revision``, oldest first."""
    rows = conn.execute(
        select(event.c.revision, event.c.at, event.c.body)
        .where(event.c.stream == stream, event.c.revision > revision)
        .order_by(event.c.revision)
        .limit(limit)
    )
    return [StoredEvent(stream, row.revision, row.at, json.loads(row.body)) for row in rows]
