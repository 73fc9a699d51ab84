"""Meetings in the database: creating, editing, cancelling, archiving and reading them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update

from auth.model import Label, PersonId, opaque_id
from meetings import lifecycle, schema
from meetings.changes import Change, ChangeKind
from meetings.codec import dump_rules, load_rules
from meetings.errors import NoSuchMeeting, StaleRevision
from meetings.model import ItemId, ItemState, MeetingId, MeetingState, PollState
from meetings.records import Meeting, MeetingDetails

_T = schema.meeting
_BY_ID: Final = select(_T).where(_T.c.id == bindparam("meeting"))


def create_meeting(conn: Connection, details: MeetingDetails, created_by: PersonId, now: datetime) -> list[Change]:
    """Insert a draft; its id is in the first change. Raises ``BadDetails``."""
    lifecycle.check_details(details)
    meeting_id = opaque_id()
    conn.execute(
        _T.insert().values(
            id=meeting_id,
            **_columns(details),
            state=MeetingState.DRAFT.value,
            created_by=created_by,
            created_at=now,
            revision=1,
        )
    )
    return [Change(ChangeKind.MEETING, meeting_id)]


def edit_meeting(
    conn: Connection, meeting_id: MeetingId, details: MeetingDetails, expected_revision: int, now: datetime
) -> list[Change]:
    """Replace the details of a draft or convened meeting. Raises ``WrongState``, ``StaleRevision``, ``BadDetails``."""
    found = load_meeting(conn, meeting_id)
    lifecycle.require(found.state, lifecycle.PLANNED)
    lifecycle.check_details(details)
    if found.revision != expected_revision:
        raise StaleRevision(f"the meeting is at revision {found.revision}")
    return write(conn, meeting_id, **_columns(details), revision=found.revision + 1)


def cancel_meeting(conn: Connection, meeting_id: MeetingId, reason: str, now: datetime) -> list[Change]:
    """Call a meeting off before it was opened. Raises ``ReasonRequired`` or ``WrongState``."""
    following = lifecycle.cancel(load_meeting(conn, meeting_id).state, reason)
    return write(conn, meeting_id, state=following.value, state_reason=reason.strip())


def archive_meeting(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Archive for good. Raises ``MinutesUnsigned``, ``ItemUndecided`` or ``WrongState``."""
    following = lifecycle.archive(load_meeting(conn, meeting_id).state, item_states(conn, meeting_id))
    return write(conn, meeting_id, state=following.value)


def load_meeting(conn: Connection, meeting_id: MeetingId) -> Meeting:
    """Return a meeting. Raises ``NoSuchMeeting``."""
    row = conn.execute(_BY_ID, {"meeting": meeting_id}).first()
    if row is None:
        raise NoSuchMeeting(meeting_id)
    return _meeting(row)


def meetings_of(conn: Connection, person_id: PersonId) -> tuple[Meeting, ...]:
    """Return the meetings to which a person is invited or which the person created, the latest first."""
    invited = select(schema.invitation.c.meeting_id).where(schema.invitation.c.person_id == person_id)
    query = select(_T).where(or_(_T.c.id.in_(invited), _T.c.created_by == person_id))
    return tuple(_meeting(row) for row in conn.execute(query.order_by(_T.c.starts_at.desc(), _T.c.id)))


def meetings_in(conn: Connection, states: Iterable[MeetingState]) -> tuple[Meeting, ...]:
    """Return all meetings in given states, such as those whose presence a starting hub must watch."""
    query = select(_T).where(_T.c.state.in_([state.value for state in states]))
    return tuple(_meeting(row) for row in conn.execute(query.order_by(_T.c.starts_at, _T.c.id)))


def write(conn: Connection, meeting_id: MeetingId, **values: object) -> list[Change]:
    """Write columns of a meeting that the rules have allowed; for the stores of this folder."""
    conn.execute(update(_T).where(_T.c.id == meeting_id).values(**values))
    return [Change(ChangeKind.MEETING, meeting_id)]


def open_polls(conn: Connection, meeting_id: MeetingId, item_id: ItemId | None = None) -> int:
    """Count the open polls of a meeting, or of one of its items."""
    poll = schema.poll
    query = select(func.count()).where(poll.c.meeting_id == meeting_id, poll.c.state == PollState.OPEN.value)
    if item_id is not None:
        query = query.where(poll.c.item_id == item_id)
    return conn.execute(query).scalar_one()


def item_states(conn: Connection, meeting_id: MeetingId) -> list[ItemState]:
    """Return the states of all agenda items of a meeting."""
    item = schema.agenda_item
    return [ItemState(state) for state in conn.scalars(select(item.c.state).where(item.c.meeting_id == meeting_id))]


def _columns(details: MeetingDetails) -> dict[str, object]:
    return {
        "reference": details.reference,
        "title": details.title.strip(),
        "description": details.description,
        "place": details.place,
        "zone": details.zone,
        "language": details.language,
        "label": int(details.label),
        "starts_at": details.starts_at,
        "ends_at": details.ends_at,
        "rules": dump_rules(details.rules),
    }


def _meeting(row: Row[Any]) -> Meeting:
    details = MeetingDetails(
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        rules=load_rules(row.rules),
        reference=row.reference,
        description=row.description,
        place=row.place,
        zone=row.zone,
        language=row.language,
        label=Label(row.label),
    )
    return Meeting(
        id=MeetingId(row.id),
        details=details,
        state=MeetingState(row.state),
        state_reason=row.state_reason,
        created_by=PersonId(row.created_by),
        created_at=row.created_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        current_item_id=None if row.current_item_id is None else ItemId(row.current_item_id),
        revision=row.revision,
    )
