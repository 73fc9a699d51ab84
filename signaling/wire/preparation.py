"""Bodies for preparing a meeting: its checklist, what changed in its agenda, papers, copies, mail."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from signaling.wire.base import Id, Line, Timestamp, Wire


class Finding(Wire):
    """``code`` is worded by the client; ``count`` are the minutes or papers it is about."""

    code: str
    item_id: Id | None
    person_id: Id | None
    count: int


class Checklist(Wire):
    """What forbids convening, by the codes with which it is refused, and what does not forbid it."""

    blocking: list[Finding]
    advice: list[Finding]


class FieldChange(Wire):
    """``field`` names what is different; texts of people and papers are names, a time is ``start/end``."""

    field: str
    before: str
    after: str


class ItemChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class ItemChange(Wire):
    """``number`` is the item's in the newer agenda. Of a hidden item nothing more is told."""

    item_id: Id
    number: int | None
    title: str
    hidden: bool
    kind: ItemChangeKind
    fields: list[FieldChange]


class AgendaChanges(Wire):
    """What changed from version ``since`` to ``number``; null: to the agenda as it stands, not convened yet."""

    since: int
    number: int | None
    heading: list[FieldChange]
    items: list[ItemChange]


class Copy(Wire):
    """What to take over from another meeting."""

    from_meeting_id: Id
    agenda: bool
    invitees: bool


class Copied(Wire):
    items: int
    invitees: int


class PaperPatch(Wire):
    """What is left out stays; ``item_id`` hangs the paper on another item."""

    title: Line | None = None
    item_id: Id | None = None


class PaperOrder(Wire):
    paper_ids: Annotated[list[Id], Field(max_length=500)]


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class MailLine(Wire):
    """One message about the meeting. ``error`` is a code: of the last attempt, or why it was given up."""

    id: int
    kind: str
    person_id: Id
    name: str
    state: MailState
    error: str | None
    created_at: Timestamp
    sent_at: Timestamp | None


class MailList(Wire):
    """``by_file``: messages are written into a folder, for the organisation's own mail system to fetch."""

    by_file: bool
    messages: list[MailLine]
