"""Timelines: which entries tell of a person, a meeting, a paper or a session, and how they read."""

from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Connection, select

from auth.audit.entry import LoggedEntry
from auth.audit.query import AuditQuery, beginnings, search
from auth.audit.timeline import Stay, sessions_in, stays, tell
from documents.schema import paper, paper_version, record
from meetings.schema import agenda_item, poll
from signaling.projection.officer import Named, OfficerView
from signaling.wire import audit as wire


class TimelineKind(StrEnum):
    PERSON = "person"
    MEETING = "meeting"
    PAPER = "paper"
    SESSION = "session"


def tell_timeline(conn: Connection, kind: TimelineKind, of: str, query: AuditQuery) -> wire.Timeline:
    """Return the newest page of a timeline, told from its oldest entry on. ``query`` limits time and length."""
    found = search(conn, _about(conn, kind, of, query))
    entries = found[::-1]
    view = OfficerView(conn)
    view.load(one.entry for one in entries)
    subject = _subject(view, kind, of, entries)
    known = stays(beginnings(conn, sessions_in(entries)))
    return wire.Timeline(
        kind=kind.value,
        id=of,
        name=subject.name,
        restricted=subject.restricted,
        lines=[
            wire.TimelineLine(row=view.row(line.first), until_at=line.last_at, count=line.count)
            for line in tell(entries)
        ],
        sessions=[_session(one, view) for one in known.values()],
        next_before=found[-1].index if len(found) == query.limit and found[-1].index > 0 else None,
    )


def _about(conn: Connection, kind: TimelineKind, of: str, query: AuditQuery) -> AuditQuery:
    if kind is TimelineKind.PERSON:
        return replace(query, person=of)
    if kind is TimelineKind.SESSION:
        return replace(query, session=of)
    if kind is TimelineKind.PAPER:
        return replace(query, object_id=of)
    return replace(query, objects=objects_of_meeting(conn, of))


def objects_of_meeting(conn: Connection, meeting_id: str) -> tuple[str, ...]:
    """Return the ids under which the log knows a meeting and all that belongs to it."""
    found = [meeting_id]
    for table in (agenda_item, poll, record, paper):
        found += conn.execute(select(table.c.id).where(table.c.meeting_id == meeting_id)).scalars()
    versions = select(paper_version.c.paper_id, paper_version.c.version).join(
        paper, paper.c.id == paper_version.c.paper_id
    )
    found += [f"{row.paper_id}:{row.version}" for row in conn.execute(versions.where(paper.c.meeting_id == meeting_id))]
    return tuple(found)


def _subject(view: OfficerView, kind: TimelineKind, of: str, entries: list[LoggedEntry]) -> Named:
    if kind is TimelineKind.SESSION:
        return Named(next((view.person(one.entry.actor) for one in entries if one.entry.actor), None))
    view.load_object(kind.value, of)
    return view.named(kind.value, of)


def _session(stay: Stay, view: OfficerView) -> wire.TimelineSession:
    return wire.TimelineSession(
        id=stay.session,
        person_id=stay.person,
        person_name=view.person(stay.person),
        began_at=stay.began_at,
        ended_at=stay.ended_at,
        address=stay.address,
        factor=stay.factor,
    )
