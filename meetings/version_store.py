"""Versions of the agenda in the database: convening freezes one, participants acknowledge the newest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, func, select

from auth.model import PersonId
from meetings import agenda, lifecycle, schema
from meetings.agenda_store import items
from meetings.changes import Change, ChangeKind
from meetings.codec import dump_heading, dump_lines, load_heading, load_lines
from meetings.errors import NoSuchVersion
from meetings.meeting_store import load_meeting, write
from meetings.model import ItemId, MeetingId, MeetingState
from meetings.participant_store import load_participant, participants
from meetings.records import AgendaLine, AgendaVersion, PaperMark

_T = schema.agenda_version
_ACK = schema.acknowledgement


def convene(
    conn: Connection,
    meeting_id: MeetingId,
    convened_by: PersonId,
    *,
    manifest_sha256: str,
    pdf_sha256: str,
    now: datetime,
    papers: Mapping[ItemId, Sequence[PaperMark]] = MappingProxyType({}),
) -> list[Change]:
    """Freeze the agenda as the next version and convene the meeting with it.

    Called again until the end of the session it makes version n+1, which voids the acknowledgements of version n. The
    hashes are those of the signed agenda, ``papers`` what hangs on its items. Raises ``NoChair``, ``EmptyAgenda`` or
    ``WrongState``.
    """
    following = check_convening(conn, meeting_id)
    number = newest(conn, meeting_id) + 1
    conn.execute(
        _T.insert().values(
            meeting_id=meeting_id,
            number=number,
            convened_at=now,
            convened_by=convened_by,
            manifest_sha256=manifest_sha256,
            pdf_sha256=pdf_sha256,
            lines=dump_lines(lines_now(conn, meeting_id, papers)),
            heading=dump_heading(agenda.heading_of(load_meeting(conn, meeting_id).details)),
        )
    )
    return [Change(ChangeKind.VERSION, str(number)), *write(conn, meeting_id, state=following.value)]


def lines_now(
    conn: Connection, meeting_id: MeetingId, papers: Mapping[ItemId, Sequence[PaperMark]]
) -> tuple[AgendaLine, ...]:
    """Return the agenda as it would be convened at this moment."""
    return tuple(agenda.line_of(item, papers.get(item.id, ())) for item in items(conn, meeting_id))


def check_convening(conn: Connection, meeting_id: MeetingId) -> MeetingState:
    """Return the state after convening, before anything is signed for it. Raises like ``convene``."""
    roles = [participant.role for participant in participants(conn, meeting_id)]
    return lifecycle.convene(load_meeting(conn, meeting_id).state, roles, len(items(conn, meeting_id)))


def acknowledge(
    conn: Connection, meeting_id: MeetingId, number: int, person_id: PersonId, now: datetime
) -> list[Change]:
    """Record that a participant has received the newest version; repeating it changes nothing.

    Raises ``StaleVersion``, ``NoSuchVersion``, ``NoSuchParticipant`` or ``WrongState``.
    """
    lifecycle.require(load_meeting(conn, meeting_id).state, lifecycle.ATTENDABLE)
    load_participant(conn, meeting_id, person_id)
    last = newest(conn, meeting_id)
    if not 1 <= number <= last:
        raise NoSuchVersion(str(number))
    agenda.check_acknowledgement(last, number)
    key = {"meeting_id": meeting_id, "number": number, "person_id": person_id}
    if conn.execute(select(_ACK.c.at).filter_by(**key)).first() is not None:
        return []
    conn.execute(_ACK.insert().values(**key, at=now))
    return [Change(ChangeKind.ACKNOWLEDGEMENT, person_id)]


def newest(conn: Connection, meeting_id: MeetingId) -> int:
    """Return the number of the newest version, 0 before convening."""
    return conn.execute(select(func.max(_T.c.number)).where(_T.c.meeting_id == meeting_id)).scalar() or 0


def versions(conn: Connection, meeting_id: MeetingId) -> tuple[AgendaVersion, ...]:
    """Return all versions of the agenda, the oldest first."""
    acknowledged: dict[int, set[PersonId]] = {}
    for row in conn.execute(select(_ACK).where(_ACK.c.meeting_id == meeting_id)):
        acknowledged.setdefault(row.number, set()).add(PersonId(row.person_id))
    query = select(_T).where(_T.c.meeting_id == meeting_id).order_by(_T.c.number)
    return tuple(_version(row, frozenset(acknowledged.get(row.number, ()))) for row in conn.execute(query))


def load_version(conn: Connection, meeting_id: MeetingId, number: int) -> AgendaVersion:
    """Return one version. Raises ``NoSuchVersion``."""
    for version in versions(conn, meeting_id):
        if version.number == number:
            return version
    raise NoSuchVersion(str(number))


def _version(row: Row[Any], acknowledged: frozenset[PersonId]) -> AgendaVersion:
    return AgendaVersion(
        number=row.number,
        convened_at=row.convened_at,
        convened_by=PersonId(row.convened_by),
        manifest_sha256=row.manifest_sha256,
        pdf_sha256=row.pdf_sha256,
        lines=load_lines(row.lines),
        acknowledged_by=acknowledged,
        heading=None if row.heading is None else load_heading(row.heading),
    )
