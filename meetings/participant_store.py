"""Invitations in the database: who takes part, in which role, and what they answered."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, select, update

from auth.model import MeetingRole, PersonId
from meetings import invitations, schema
from meetings.changes import Change, ChangeKind
from meetings.errors import AlreadyInvited, NoSuchParticipant
from meetings.meeting_store import load_meeting
from meetings.model import MeetingId, MeetingState, Response
from meetings.records import Participant

_T = schema.invitation
COLUMNS: Final = (_T.c.person_id, _T.c.role, _T.c.entitled, _T.c.response, _T.c.reason, _T.c.responded_at)
_OF_MEETING: Final = select(*COLUMNS).where(_T.c.meeting_id == bindparam("meeting"))
_ONE: Final = _OF_MEETING.where(_T.c.person_id == bindparam("person"))
_ALL: Final = _OF_MEETING.order_by(_T.c.position)


def invite(
    conn: Connection, meeting_id: MeetingId, person_id: PersonId, role: MeetingRole, *, entitled: bool, now: datetime
) -> list[Change]:
    """Invite a person. Raises ``AlreadyInvited``, ``BadRole`` or ``WrongState``."""
    invitations.check_role(load_meeting(conn, meeting_id).state, role, entitled)
    if conn.execute(select(_T.c.role).where(_key(meeting_id, person_id))).first() is not None:
        raise AlreadyInvited(person_id)
    last = conn.execute(select(func.max(_T.c.position)).where(_T.c.meeting_id == meeting_id)).scalar()
    conn.execute(
        _T.insert().values(
            meeting_id=meeting_id,
            person_id=person_id,
            position=(last or 0) + 1,
            role=role.value,
            entitled=entitled,
            response=Response.INVITED.value,
            invited_at=now,
        )
    )
    return [Change(ChangeKind.PARTICIPANT, person_id)]


def change_participant(
    conn: Connection, meeting_id: MeetingId, person_id: PersonId, role: MeetingRole, *, entitled: bool, now: datetime
) -> list[Change]:
    """Change role and vote; polls that are open keep their electorate. Raises like ``invite``."""
    invitations.check_role(load_meeting(conn, meeting_id).state, role, entitled)
    load_participant(conn, meeting_id, person_id)
    return _write(conn, meeting_id, person_id, role=role.value, entitled=entitled)


def remove_participant(conn: Connection, meeting_id: MeetingId, person_id: PersonId, now: datetime) -> list[Change]:
    """Take back an invitation before the meeting is opened, with everything that hangs on it. Raises ``WrongState``."""
    invitations.check_removal(load_meeting(conn, meeting_id).state)
    load_participant(conn, meeting_id, person_id)
    items = select(schema.agenda_item.c.id).where(schema.agenda_item.c.meeting_id == meeting_id)
    reader = schema.item_reader
    conn.execute(delete(reader).where(reader.c.person_id == person_id, reader.c.item_id.in_(items)))
    for table in (schema.attendance_mark, schema.presence_interval, schema.acknowledgement, _T):
        conn.execute(delete(table).where(table.c.meeting_id == meeting_id, table.c.person_id == person_id))
    return [Change(ChangeKind.PARTICIPANT_REMOVED, person_id)]


def respond(
    conn: Connection, meeting_id: MeetingId, person_id: PersonId, response: Response, *, reason: str, now: datetime
) -> list[Change]:
    """Record the answer to an invitation. Raises ``ReasonRequired``, ``NoSuchParticipant`` or ``WrongState``."""
    invitations.check_response(load_meeting(conn, meeting_id).state, response, reason)
    load_participant(conn, meeting_id, person_id)
    return _write(conn, meeting_id, person_id, response=response.value, reason=reason.strip(), responded_at=now)


def participants(conn: Connection, meeting_id: MeetingId) -> tuple[Participant, ...]:
    """Return everybody invited, in the order of invitation."""
    return tuple(participant_in(row) for row in conn.execute(_ALL, {"meeting": meeting_id}))


def load_participant(conn: Connection, meeting_id: MeetingId, person_id: PersonId) -> Participant:
    """Return one participant. Raises ``NoSuchParticipant``."""
    row = conn.execute(_ONE, {"meeting": meeting_id, "person": person_id}).first()
    if row is None:
        raise NoSuchParticipant(person_id)
    return participant_in(row)


def entitled_ids(conn: Connection, meeting_id: MeetingId) -> frozenset[PersonId]:
    """Return who has a vote in the meeting."""
    query = select(_T.c.person_id).where(_T.c.meeting_id == meeting_id, _T.c.entitled)
    return frozenset(PersonId(person_id) for person_id in conn.scalars(query))


def leads_any(conn: Connection, person_id: PersonId) -> bool:
    """Say whether somebody is chair or secretary of a meeting that is neither archived nor cancelled."""
    meeting, leading = schema.meeting, [MeetingRole.CHAIR.value, MeetingRole.SECRETARY.value]
    query = select(_T.c.meeting_id).join(meeting, meeting.c.id == _T.c.meeting_id).limit(1)
    over = [MeetingState.ARCHIVED.value, MeetingState.CANCELLED.value]
    mine = query.where(_T.c.person_id == person_id, _T.c.role.in_(leading), meeting.c.state.not_in(over))
    return conn.execute(mine).first() is not None


def _write(conn: Connection, meeting_id: MeetingId, person_id: PersonId, **values: object) -> list[Change]:
    conn.execute(update(_T).where(_key(meeting_id, person_id)).values(**values))
    return [Change(ChangeKind.PARTICIPANT, person_id)]


def _key(meeting_id: MeetingId, person_id: PersonId) -> Any:
    return and_(_T.c.meeting_id == meeting_id, _T.c.person_id == person_id)


def participant_in(row: Row[*tuple[Any, ...]]) -> Participant:
    """Return the participant in a row that holds ``COLUMNS``."""
    return Participant(
        person_id=PersonId(row.person_id),
        role=MeetingRole(row.role),
        entitled=row.entitled,
        response=Response(row.response),
        reason=row.reason,
        responded_at=row.responded_at,
    )
