"""Minutes in the database, and the states of the meeting that follow from theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from auth.model import MeetingRole, PersonId
from meetings import agenda_store, drafting, lifecycle, quorum_store, schema, speaker_store
from meetings import minutes as rules
from meetings.changes import Change, ChangeKind
from meetings.codec import dump_sections, load_sections
from meetings.errors import NoMinutes, SigningOrder
from meetings.meeting_store import item_states, load_meeting, write
from meetings.model import MeetingId, MinutesState
from meetings.participant_store import load_participant, participants
from meetings.phrases import Phrases
from meetings.poll_store import polls
from meetings.records import Meeting, Minutes

_T = schema.minutes


def draft_minutes(
    conn: Connection, meeting_id: MeetingId, names: Mapping[PersonId, str], now: datetime
) -> list[Change]:
    """Draft the minutes of an adjourned meeting from its facts, in its language; again as long as they are a draft.

    ``names`` are the names to print. Raises ``WrongState``.
    """
    meeting = load_meeting(conn, meeting_id)
    lifecycle.require(meeting.state, lifecycle.AFTER)
    phrases = Phrases(meeting.details.language, meeting.details.zone)
    sections = drafting.draft(gather_facts(conn, meeting, names), phrases)
    present = find_minutes(conn, meeting_id)
    if present is not None:
        return _write(conn, meeting_id, rules.redraft(present, sections))
    conn.execute(
        _T.insert().values(
            meeting_id=meeting_id, state=MinutesState.DRAFT.value, revision=1, body=dump_sections(sections)
        )
    )
    return [Change(ChangeKind.MINUTES, meeting_id)]


def edit_minutes(
    conn: Connection, meeting_id: MeetingId, texts: Mapping[str, str], expected_revision: int, now: datetime
) -> list[Change]:
    """Replace texts of sections by id. Raises ``MinutesFrozen``, ``StaleRevision`` or ``UnknownSection``."""
    return _write(conn, meeting_id, rules.edit(load_minutes(conn, meeting_id), texts, expected_revision))


def submit_minutes(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Put the draft under review. Raises ``ItemUndecided``, ``WrongState`` or ``NoMinutes``."""
    following = lifecycle.submit_minutes(load_meeting(conn, meeting_id).state, item_states(conn, meeting_id))
    changes = _write(conn, meeting_id, rules.submit(load_minutes(conn, meeting_id)))
    return [*changes, *write(conn, meeting_id, state=following.value)]


def return_minutes(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Take the minutes back from review into draft. Raises ``AlreadySigned``, ``WrongState`` or ``NoMinutes``."""
    following = lifecycle.after(load_meeting(conn, meeting_id).state, lifecycle.Step.RETURN_MINUTES)
    changes = _write(conn, meeting_id, rules.give_back(load_minutes(conn, meeting_id)))
    return [*changes, *write(conn, meeting_id, state=following.value)]


def freeze_minutes(conn: Connection, meeting_id: MeetingId, expected_revision: int, now: datetime) -> list[Change]:
    """Fix the reviewed text for signing. Raises ``WrongState``, ``StaleRevision`` or ``NoMinutes``."""
    return _write(conn, meeting_id, rules.freeze(load_minutes(conn, meeting_id), expected_revision, now))


def sign_minutes(
    conn: Connection, meeting_id: MeetingId, person_id: PersonId, role: MeetingRole, now: datetime
) -> list[Change]:
    """Record that secretary or chair has signed; the signature itself is the documents'.

    The chair's completes the minutes and the meeting follows. Raises ``SigningOrder`` (also for somebody who does not
    hold the role in this meeting), ``MinutesNotFrozen``, ``AlreadySigned``, ``NoSuchParticipant`` or ``NoMinutes``.
    """
    if load_participant(conn, meeting_id, person_id).role is not role:
        raise SigningOrder(f"the person is not the {role} of this meeting")
    signed = rules.sign(load_minutes(conn, meeting_id), person_id, role, now)
    changes = _write(conn, meeting_id, signed)
    if signed.state is not MinutesState.SIGNED:
        return changes
    following = lifecycle.after(load_meeting(conn, meeting_id).state, lifecycle.Step.SIGN_MINUTES)
    return [*changes, *write(conn, meeting_id, state=following.value)]


def find_minutes(conn: Connection, meeting_id: MeetingId) -> Minutes | None:
    """Return the minutes of a meeting, None before they are drafted."""
    row = conn.execute(select(_T).where(_T.c.meeting_id == meeting_id)).first()
    return None if row is None else _minutes(row)


def load_minutes(conn: Connection, meeting_id: MeetingId) -> Minutes:
    """Return the minutes of a meeting. Raises ``NoMinutes``."""
    found = find_minutes(conn, meeting_id)
    if found is None:
        raise NoMinutes(meeting_id)
    return found


def gather_facts(conn: Connection, meeting: Meeting, names: Mapping[PersonId, str]) -> drafting.Facts:
    """Collect what is on record of a meeting; the quorum is that of the opening."""
    return drafting.Facts(
        meeting=meeting,
        participants=participants(conn, meeting.id),
        quorum=quorum_store.quorum_at(conn, meeting.id, meeting.opened_at or meeting.details.starts_at),
        items=agenda_store.items(conn, meeting.id),
        speakers=speaker_store.entries(conn, meeting.id),
        polls=polls(conn, meeting.id),
        names=names,
    )


def _write(conn: Connection, meeting_id: MeetingId, minutes: Minutes) -> list[Change]:
    conn.execute(
        update(_T)
        .where(_T.c.meeting_id == meeting_id)
        .values(
            state=minutes.state.value,
            revision=minutes.revision,
            body=dump_sections(minutes.sections),
            frozen_at=minutes.frozen_at,
            secretary_id=minutes.secretary_id,
            secretary_signed_at=minutes.secretary_signed_at,
            chair_id=minutes.chair_id,
            chair_signed_at=minutes.chair_signed_at,
        )
    )
    return [Change(ChangeKind.MINUTES, meeting_id)]


def _minutes(row: Row[Any]) -> Minutes:
    return Minutes(
        state=MinutesState(row.state),
        revision=row.revision,
        sections=load_sections(row.body),
        frozen_at=row.frozen_at,
        secretary_id=None if row.secretary_id is None else PersonId(row.secretary_id),
        secretary_signed_at=row.secretary_signed_at,
        chair_id=None if row.chair_id is None else PersonId(row.chair_id),
        chair_signed_at=row.chair_signed_at,
    )
