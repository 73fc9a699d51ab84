"""What a use case holds while it runs: one connection, one instant, and what it wants recorded."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from auth.audit.entry import AuditEntry
from auth.audit.log import AuditLog
from auth.model import Subject
from meetings.changes import Change
from meetings.model import MeetingId
from signaling.store.tables import outbox

EVENT_VERSION = 1
EventBody = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of a stream as it lies in the database, before it is projected for a viewer."""

    stream: str
    revision: int
    at: datetime
    body: EventBody


@dataclass(slots=True)
class Transaction:
    """One unit of work. Nothing in it is visible to anybody until the batch it runs in has been committed.

    ``subject`` is who asked (None for the hub itself); a refusal is recorded under that name.
    """

    conn: Connection
    now: datetime
    subject: Subject | None
    log: AuditLog
    changes: list[tuple[MeetingId, Change]] = field(default_factory=list)
    callbacks: list[Callable[[], None]] = field(default_factory=list)

    def changed(self, meeting_id: MeetingId, changes: Sequence[Change]) -> None:
        """Announce what a domain function changed; each becomes one event of ``meeting:ID``."""
        self.changes.extend((meeting_id, change) for change in changes)

    def audit(self, entry: AuditEntry) -> None:
        """Record an entry of the audit log; it is committed with the state, in the order of the calls."""
        self.log.append(self.conn, entry)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call back on the event loop once everything is on disk; not called when the unit fails."""
        self.callbacks.append(callback)

    def post(self, kind: str, recipient_id: str, body: dict[str, object]) -> None:
        """Put a message into the outbox; ``body`` names its ``meeting``."""
        text = json.dumps(body, ensure_ascii=False)
        self.conn.execute(
            outbox.insert().values(
                kind=kind,
                recipient_id=recipient_id,
                meeting_id=body.get("meeting"),
                body=text,
                created_at=self.now,
            )
        )


def meeting_stream(meeting_id: MeetingId) -> str:
    """Return the name of a meeting's stream."""
    return f"meeting:{meeting_id}"
