"""The security officer's console on the wire: entries, timelines, alerts, verification."""

from typing import Annotated

from pydantic import StringConstraints

from signaling.wire.base import Text, Timestamp, Wire

DetailValue = str | int | bool | None
Note = Annotated[str, StringConstraints(min_length=1, max_length=500_000)]


class AuditRow(Wire):
    """One entry. ``object_name`` is null where nothing is known of the object, or where ``restricted`` says that the
    officer is not cleared for its name; ``withheld``: some details are kept back for the same reason."""

    index: int
    at: Timestamp
    action: str
    outcome: str
    actor_id: str | None
    actor_name: str | None
    object_type: str | None
    object_id: str | None
    object_name: str | None
    restricted: bool
    session: str | None
    site_id: str | None
    site_name: str | None
    details: dict[str, DetailValue]
    names: dict[str, str]  # of the people whom the details name by id
    withheld: bool
    erased: bool


class AuditPage(Wire):
    """Newest first; ``next_before`` continues the search, null at the end."""

    rows: list[AuditRow]
    size: int
    next_before: int | None


class TimelineLine(Wire):
    """One line of a timeline: ``row`` is the first of ``count`` equal entries, the last of them at ``until_at``."""

    row: AuditRow
    until_at: Timestamp
    count: int


class TimelineSession(Wire):
    """A session that appears in a timeline, as far as the log tells."""

    id: str
    person_id: str | None
    person_name: str | None
    began_at: Timestamp | None
    ended_at: Timestamp | None
    address: str | None
    factor: str | None


class Timeline(Wire):
    """Oldest first. ``kind`` is person, meeting, paper or session; ``next_before`` continues with what came earlier."""

    kind: str
    id: str
    name: str | None
    restricted: bool
    lines: list[TimelineLine]
    sessions: list[TimelineSession]
    next_before: int | None


class AuditCheck(Wire):
    """Result of recomputing the tree from the stored entries and comparing it with signed checkpoints.

    ``signed`` is the size of the largest checkpoint that was compared, ``checkpoints`` how many were; ``from_at`` and
    ``until_at`` are the times of the first and the last entry.
    """

    ok: bool
    size: int
    root: str
    reason: str | None
    index: int | None
    signed: int
    checkpoints: int
    restores: int
    erased: int
    from_at: Timestamp | None
    until_at: Timestamp | None


class AuditProgress(Wire):
    """How far a verification has come; ``running`` is false where none is under way."""

    running: bool
    checked: int
    size: int


class Comparison(Wire):
    """Text of a checkpoint, or of a whole file of them, that was kept elsewhere."""

    checkpoint: Note


class AlertInfo(Wire):
    """An alert. ``about`` is person, source or the rule itself; ``evidence`` are indexes of entries."""

    id: str
    rule: str
    about_kind: str
    about_id: str
    about_name: str | None
    first_at: Timestamp
    last_at: Timestamp
    count: int
    evidence: list[int]
    acknowledged_at: Timestamp | None
    acknowledged_by: str | None
    note: str


class AlertList(Wire):
    alerts: list[AlertInfo]


class AlertCount(Wire):
    """How many alerts wait for an officer."""

    open: int


class Acknowledgement(Wire):
    """What an officer has found out about an alert, or decided."""

    note: Text = ""


class ExportPreview(Wire):
    """How many entries an export would hold, and whether that is few enough to prove one by one."""

    count: int
    provable: bool
