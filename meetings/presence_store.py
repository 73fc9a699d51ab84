"""The presence ledger in the database, and the attendance that follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, delete, select, update

from auth.model import MeetingRole, PersonId, SiteId, opaque_id
from meetings import presence, schema
from meetings.changes import Change, ChangeKind
from meetings.codec import load_rules
from meetings.errors import BadRole
from meetings.lifecycle import ATTENDABLE, require
from meetings.meeting_store import load_meeting
from meetings.model import MeetingId, PollId, PollState, PresenceHow, PresenceMode, PresenceStatus
from meetings.participant_store import COLUMNS, load_participant, participant_in
from meetings.quorum_store import quorum_of_electors
from meetings.records import Participant, Presence, PresenceInterval

_T = schema.presence_interval
_MARK = schema.attendance_mark
_SEAT = schema.invitation

_OPEN: Final = select(_T).where(_T.c.meeting_id == bindparam("meeting"), _T.c.left_at.is_(None))
_OPEN_OF: Final = _OPEN.where(_T.c.person_id == bindparam("person"))
_OPEN_ALL: Final = _OPEN.order_by(_T.c.arrived_at, _T.c.id)
_OPEN_LOST: Final = _OPEN_ALL.where(_T.c.lost_at.is_not(None))
_UPDATE: Final = update(_T).where(_T.c.id == bindparam("stay"))
_UNMARK: Final = delete(_MARK).where(
    _MARK.c.meeting_id == bindparam("meeting"), _MARK.c.person_id == bindparam("person")
)
_ATTENDANCE: Final = (
    select(
        *COLUMNS,
        _T.c.id.label("stay"),
        _T.c.arrived_at,
        _T.c.lost_at,
        _T.c.mode,
        _T.c.site_id,
        _T.c.endpoint_id,
        _MARK.c.status.label("marked"),
        _MARK.c.reason.label("mark_reason"),
    )
    .select_from(_SEAT)
    .outerjoin(
        _T,
        and_(_T.c.meeting_id == _SEAT.c.meeting_id, _T.c.person_id == _SEAT.c.person_id, _T.c.left_at.is_(None)),
    )
    .outerjoin(_MARK, and_(_MARK.c.meeting_id == _SEAT.c.meeting_id, _MARK.c.person_id == _SEAT.c.person_id))
    .where(_SEAT.c.meeting_id == bindparam("meeting"))
)
_ATTENDANCE_OF: Final = _ATTENDANCE.where(_SEAT.c.person_id == bindparam("person"))
_ATTENDANCE_ALL: Final = _ATTENDANCE.order_by(_SEAT.c.position)


@dataclass(frozen=True, slots=True)
class RollCallMark:
    """What the secretary calls for one person; mode and site count for the present, the reason for the excused."""

    status: PresenceStatus
    mode: PresenceMode = PresenceMode.IN_PERSON
    site_id: SiteId | None = None
    reason: str = ""


def arrive(
    conn: Connection,
    meeting_id: MeetingId,
    person_id: PersonId,
    *,
    how: PresenceHow,
    mode: PresenceMode,
    site_id: SiteId | None,
    endpoint_id: str | None,
    now: datetime,
) -> list[Change]:
    """Record that a participant is there, has come back, or attends from elsewhere now; nothing new changes nothing.

    Raises ``NoSuchParticipant``, ``BadRole`` (a room is no person) or ``WrongState``.
    """
    require(load_meeting(conn, meeting_id).state, ATTENDABLE)
    if load_participant(conn, meeting_id, person_id).role is MeetingRole.ROOM:
        raise BadRole("a room is a place, its people are present")
    wanted = PresenceInterval(opaque_id(), person_id, now, None, None, mode, site_id, endpoint_id, how)
    current = _open_stay(conn, meeting_id, person_id)
    unmarked = _unmark(conn, meeting_id, person_id)
    if current is None:
        return _insert(conn, meeting_id, wanted)
    following = presence.rejoin(current, wanted)
    if following == current:
        return [Change(ChangeKind.PRESENCE, person_id)] if unmarked else []
    if following.id == current.id:
        return _update(conn, [following])
    _update(conn, [presence.end(current, now)])
    return _insert(conn, meeting_id, following)


def lose(conn: Connection, meeting_id: MeetingId, person_id: PersonId, now: datetime) -> list[Change]:
    """Note that the last connection of a person went away; the grace time begins."""
    current = _open_stay(conn, meeting_id, person_id)
    return [] if current is None else _update_changed(conn, [current], [presence.lose(current, now)])


def lose_everyone(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Note that no connection is left, as after a restart of the hub."""
    current = _open_stays(conn, meeting_id)
    return _update_changed(conn, current, [presence.lose(stay, now) for stay in current])


def leave(conn: Connection, meeting_id: MeetingId, person_id: PersonId, now: datetime) -> list[Change]:
    """Record a departure; flags open polls whose quorum it takes."""
    current = _open_stay(conn, meeting_id, person_id)
    if current is None:
        return []
    return [*_update(conn, [presence.end(current, now)]), *_flag_polls(conn, meeting_id, now)]


def expire(conn: Connection, meeting_id: MeetingId, grace: timedelta, now: datetime) -> list[Change]:
    """End the stays whose connection has been away for longer than ``grace``; flags polls like ``leave``."""
    current = [_interval(row) for row in conn.execute(_OPEN_LOST, {"meeting": meeting_id})]
    changes = _update_changed(conn, current, [presence.expire(stay, grace, now) for stay in current])
    return [*changes, *_flag_polls(conn, meeting_id, now)] if changes else []


def leave_everyone(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """End all stays: the meeting is over."""
    return _update(conn, [presence.end(stay, now) for stay in _open_stays(conn, meeting_id)])


def roll_call(
    conn: Connection,
    meeting_id: MeetingId,
    marks: Mapping[PersonId, RollCallMark],
    called_by: PersonId,
    now: datetime,
) -> list[Change]:
    """Record what the secretary called: the present begin or keep a stay, the others' stays end.

    Raises ``NoSuchParticipant``, ``BadRole`` or ``WrongState``; then nothing of the call counts.
    """
    require(load_meeting(conn, meeting_id).state, ATTENDABLE)
    changes: list[Change] = []
    for person_id, mark in marks.items():
        if mark.status is PresenceStatus.PRESENT:
            changes += _call_present(conn, meeting_id, person_id, mark, now)
        else:
            changes += _call_away(conn, meeting_id, person_id, mark, called_by=called_by, now=now)
    return [*changes, *_flag_polls(conn, meeting_id, now)]


def intervals(conn: Connection, meeting_id: MeetingId) -> tuple[PresenceInterval, ...]:
    """Return the ledger of a meeting in order of arrival."""
    query = select(_T).where(_T.c.meeting_id == meeting_id).order_by(_T.c.arrived_at, _T.c.id)
    return tuple(_interval(row) for row in conn.execute(query))


def present_ids(conn: Connection, meeting_id: MeetingId) -> frozenset[PersonId]:
    """Return who is recorded as present."""
    query = select(_T.c.person_id).filter_by(meeting_id=meeting_id, left_at=None)
    return frozenset(PersonId(person_id) for person_id in conn.scalars(query))


def attendance(conn: Connection, meeting_id: MeetingId) -> tuple[Presence, ...]:
    """Return the attendance of every participant at this moment, in the order of invitation."""
    return tuple(_presence(row) for row in conn.execute(_ATTENDANCE_ALL, {"meeting": meeting_id}))


def roster(conn: Connection, meeting_id: MeetingId) -> list[tuple[Participant, Presence]]:
    """Return every participant with the attendance at this moment, in the order of invitation."""
    rows = conn.execute(_ATTENDANCE_ALL, {"meeting": meeting_id})
    return [(participant_in(row), _presence(row)) for row in rows]


def presence_of(conn: Connection, meeting_id: MeetingId, person_id: PersonId) -> Presence | None:
    """Return the attendance of one participant at this moment, None for somebody who is not invited."""
    row = conn.execute(_ATTENDANCE_OF, {"meeting": meeting_id, "person": person_id}).first()
    return None if row is None else _presence(row)


def _call_present(
    conn: Connection, meeting_id: MeetingId, person_id: PersonId, mark: RollCallMark, now: datetime
) -> list[Change]:
    current = _open_stay(conn, meeting_id, person_id)
    return arrive(
        conn,
        meeting_id,
        person_id,
        how=PresenceHow.ROLL_CALL,
        mode=mark.mode,
        site_id=mark.site_id or (current.site_id if current else None),
        endpoint_id=current.endpoint_id if current else None,
        now=now,
    )


def _call_away(
    conn: Connection,
    meeting_id: MeetingId,
    person_id: PersonId,
    mark: RollCallMark,
    *,
    called_by: PersonId,
    now: datetime,
) -> list[Change]:
    load_participant(conn, meeting_id, person_id)
    current = _open_stay(conn, meeting_id, person_id)
    if current is not None:
        _update(conn, [presence.end(current, now)])
    _unmark(conn, meeting_id, person_id)
    conn.execute(
        _MARK.insert().values(
            meeting_id=meeting_id,
            person_id=person_id,
            status=mark.status.value,
            reason=mark.reason.strip(),
            marked_by=called_by,
            marked_at=now,
        )
    )
    return [Change(ChangeKind.PRESENCE, person_id)]


def _flag_polls(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Flag every open poll whose electorate has no quorum any more."""
    poll = schema.poll
    query = select(poll.c.id, poll.c.rules).where(
        poll.c.meeting_id == meeting_id, poll.c.state == PollState.OPEN.value, poll.c.quorum_lost_at.is_(None)
    )
    changes: list[Change] = []
    for row in conn.execute(query).all():
        if not quorum_of_electors(conn, meeting_id, PollId(row.id), load_rules(row.rules)).met:
            conn.execute(update(poll).where(poll.c.id == row.id).values(quorum_lost_at=now))
            changes.append(Change(ChangeKind.POLL, PollId(row.id)))
    return changes


def _open_stays(conn: Connection, meeting_id: MeetingId) -> list[PresenceInterval]:
    return [_interval(row) for row in conn.execute(_OPEN_ALL, {"meeting": meeting_id})]


def _open_stay(conn: Connection, meeting_id: MeetingId, person_id: PersonId) -> PresenceInterval | None:
    row = conn.execute(_OPEN_OF, {"meeting": meeting_id, "person": person_id}).first()
    return None if row is None else _interval(row)


def _unmark(conn: Connection, meeting_id: MeetingId, person_id: PersonId) -> bool:
    return conn.execute(_UNMARK, {"meeting": meeting_id, "person": person_id}).rowcount > 0


def _insert(conn: Connection, meeting_id: MeetingId, stay: PresenceInterval) -> list[Change]:
    conn.execute(
        _T.insert().values(
            id=stay.id, meeting_id=meeting_id, person_id=stay.person_id, arrived_at=stay.arrived_at, **_columns(stay)
        )
    )
    return [Change(ChangeKind.PRESENCE, stay.person_id)]


def _update(conn: Connection, stays: Sequence[PresenceInterval]) -> list[Change]:
    if stays:
        conn.execute(_UPDATE, [{"stay": stay.id, **_columns(stay)} for stay in stays])
    return [Change(ChangeKind.PRESENCE, stay.person_id) for stay in stays]


def _update_changed(
    conn: Connection, current: Sequence[PresenceInterval], following: Sequence[PresenceInterval]
) -> list[Change]:
    return _update(conn, [after for before, after in zip(current, following, strict=True) if after != before])


def _columns(stay: PresenceInterval) -> dict[str, object]:
    return {
        "left_at": stay.left_at,
        "lost_at": stay.lost_at,
        "mode": stay.mode.value,
        "site_id": stay.site_id,
        "endpoint_id": stay.endpoint_id,
        "how": stay.how.value,
    }


def _interval(row: Row[Any]) -> PresenceInterval:
    return PresenceInterval(
        id=row.id,
        person_id=PersonId(row.person_id),
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        lost_at=row.lost_at,
        mode=PresenceMode(row.mode),
        site_id=None if row.site_id is None else SiteId(row.site_id),
        endpoint_id=row.endpoint_id,
        how=PresenceHow(row.how),
    )


def _presence(row: Row[*tuple[Any, ...]]) -> Presence:
    person_id = PersonId(row.person_id)
    if row.stay is None:
        status = PresenceStatus(row.marked or PresenceStatus.ABSENT)
        return Presence(person_id, status, None, False, None, None, None, row.mark_reason or "")
    return Presence(
        person_id=person_id,
        status=PresenceStatus.PRESENT,
        since=row.arrived_at,
        connected=row.lost_at is None,
        mode=PresenceMode(row.mode),
        site_id=None if row.site_id is None else SiteId(row.site_id),
        endpoint_id=row.endpoint_id,
        reason="",
    )
