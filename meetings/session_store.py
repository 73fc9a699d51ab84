"""The course of a session in the database, which touches the floor and the presence ledger as well."""

from datetime import datetime

from sqlalchemy import Connection

from meetings import lifecycle
from meetings.changes import Change
from meetings.meeting_store import load_meeting, open_polls, write
from meetings.model import MeetingId
from meetings.presence_store import leave_everyone
from meetings.speaker_store import clear_floor, stop_clock


def open_meeting(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Begin the session of a convened meeting."""
    following = lifecycle.after(load_meeting(conn, meeting_id).state, lifecycle.Step.OPEN)
    return write(conn, meeting_id, state=following.value, opened_at=now)


def suspend_meeting(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Interrupt the session; whoever is speaking is paused. Raises ``PollOpen`` or ``WrongState``."""
    state = load_meeting(conn, meeting_id).state
    following = lifecycle.pause(state, lifecycle.Step.SUSPEND, open_polls(conn, meeting_id))
    return [*stop_clock(conn, meeting_id, now), *write(conn, meeting_id, state=following.value)]


def resume_meeting(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Go on with a suspended session."""
    following = lifecycle.after(load_meeting(conn, meeting_id).state, lifecycle.Step.RESUME)
    return write(conn, meeting_id, state=following.value)


def adjourn_meeting(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """End the session: the floor is cleared and every stay ends. Raises ``PollOpen`` or ``WrongState``.

    An item still under discussion stays so and is concluded before the minutes are submitted.
    """
    state = load_meeting(conn, meeting_id).state
    following = lifecycle.pause(state, lifecycle.Step.ADJOURN, open_polls(conn, meeting_id))
    return [
        *clear_floor(conn, meeting_id, now),
        *leave_everyone(conn, meeting_id, now),
        *write(conn, meeting_id, state=following.value, closed_at=now),
    ]
