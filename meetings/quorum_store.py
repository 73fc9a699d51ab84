"""The quorum as the database counts it: one pass over the seats, without reading who sits on them."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from auth.model import PersonId
from meetings import schema
from meetings.codec import load_rules
from meetings.errors import NoSuchMeeting
from meetings.meeting_store import load_meeting
from meetings.model import MeetingId, PollId
from meetings.participant_store import entitled_ids
from meetings.quorum import Quorum, quorum_by_count, quorum_of
from meetings.rules import RulesOfProcedure

_MEETING = schema.meeting
_SEAT = schema.invitation
_STAY = schema.presence_interval
_ELECTOR = schema.elector

_NOW: Final = (  # nobody has two open stays, so stays count people
    select(
        _MEETING.c.rules, func.count(_SEAT.c.person_id).label("entitled"), func.count(_STAY.c.person_id).label("there")
    )
    .select_from(_MEETING)
    .outerjoin(_SEAT, and_(_SEAT.c.meeting_id == _MEETING.c.id, _SEAT.c.entitled))
    .outerjoin(
        _STAY,
        and_(
            _STAY.c.meeting_id == _SEAT.c.meeting_id, _STAY.c.person_id == _SEAT.c.person_id, _STAY.c.left_at.is_(None)
        ),
    )
    .where(_MEETING.c.id == bindparam("meeting"))
    .group_by(_MEETING.c.id)
)
_OF_ELECTORS: Final = (
    select(func.count(_ELECTOR.c.person_id).label("entitled"), func.count(_STAY.c.person_id).label("there"))
    .select_from(_ELECTOR)
    .outerjoin(
        _STAY,
        and_(
            _STAY.c.meeting_id == bindparam("meeting"),
            _STAY.c.person_id == _ELECTOR.c.person_id,
            _STAY.c.left_at.is_(None),
        ),
    )
    .where(_ELECTOR.c.poll_id == bindparam("poll"))
)


def quorum_now(conn: Connection, meeting_id: MeetingId) -> Quorum:
    """Return the quorum of a meeting in the view that the connection holds. Raises ``NoSuchMeeting``.

    No instant is asked for: whoever reads at one revision of the meeting gets the quorum of that revision.
    """
    row = conn.execute(_NOW, {"meeting": meeting_id}).first()
    if row is None:
        raise NoSuchMeeting(meeting_id)
    return quorum_by_count(row.entitled, row.there, load_rules(row.rules))


def quorum_of_electors(conn: Connection, meeting_id: MeetingId, poll_id: PollId, rules: RulesOfProcedure) -> Quorum:
    """Return the quorum of an open poll's electorate as it is now."""
    row = conn.execute(_OF_ELECTORS, {"meeting": meeting_id, "poll": poll_id}).one()
    return quorum_by_count(row.entitled, row.there, rules)


def quorum_at(conn: Connection, meeting_id: MeetingId, instant: datetime) -> Quorum:
    """Return the quorum of a meeting at an instant of its past, from the ledger. Raises ``NoSuchMeeting``."""
    there = select(_STAY.c.person_id).where(
        _STAY.c.meeting_id == meeting_id,
        _STAY.c.arrived_at <= instant,
        or_(_STAY.c.left_at.is_(None), _STAY.c.left_at > instant),
    )
    present = frozenset(PersonId(person_id) for person_id in conn.scalars(there))
    return quorum_of(entitled_ids(conn, meeting_id), present, load_meeting(conn, meeting_id).details.rules)
