"""The speakers' list in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from auth.model import PersonId, opaque_id
from meetings import schema, sitting_store, speakers
from meetings.changes import Change, ChangeKind
from meetings.errors import NoSuchSpeaker
from meetings.lifecycle import LIVE, require
from meetings.meeting_store import load_meeting
from meetings.model import ItemId, MeetingId, MeetingState, SpeakerId, SpeakerKind, SpeakerState
from meetings.participant_store import load_participant
from meetings.records import SpeakerEntry

_T = schema.speaker
_STAY = schema.presence_interval


def request_floor(
    conn: Connection, meeting_id: MeetingId, person_id: PersonId, kind: SpeakerKind, now: datetime
) -> list[Change]:
    """Put a present participant on the list; the entry's id is in the first change.

    Raises ``AlreadyWaiting``, ``NotPresent``, ``FloorClosed``, ``NoSuchParticipant`` or ``WrongState``.
    """
    meeting = load_meeting(conn, meeting_id)
    require(meeting.state, frozenset({MeetingState.IN_SESSION}))
    load_participant(conn, meeting_id, person_id)
    stay = select(_STAY.c.id).filter_by(meeting_id=meeting_id, person_id=person_id, left_at=None)
    present = conn.execute(stay).first() is not None
    speakers.check_request(entries(conn, meeting_id), person_id, kind, present)
    speakers.check_open(sitting_store.load_sitting(conn, meeting_id).floor_open, kind)
    entry_id = opaque_id()
    last = conn.execute(select(func.max(_T.c.number)).where(_T.c.meeting_id == meeting_id)).scalar()
    conn.execute(
        _T.insert().values(
            id=entry_id,
            meeting_id=meeting_id,
            item_id=meeting.current_item_id,
            person_id=person_id,
            kind=kind.value,
            state=SpeakerState.WAITING.value,
            number=(last or 0) + 1,
            requested_at=now,
            used_ms=0,
        )
    )
    return [Change(ChangeKind.SPEAKER, entry_id)]


def withdraw_request(conn: Connection, meeting_id: MeetingId, entry_id: SpeakerId, now: datetime) -> list[Change]:
    """Take a waiting entry off the list. Raises ``WrongState`` or ``NoSuchSpeaker``."""
    speakers.withdraw(load_entry(conn, meeting_id, entry_id))
    conn.execute(delete(_T).where(_T.c.id == entry_id))
    return [Change(ChangeKind.SPEAKER_REMOVED, entry_id)]


def grant_floor(
    conn: Connection, meeting_id: MeetingId, entry_id: SpeakerId, limit_ms: int | None, now: datetime
) -> list[Change]:
    """Give the floor to a waiting entry. Raises ``FloorTaken``, ``WrongState`` or ``NoSuchSpeaker``."""
    meeting = load_meeting(conn, meeting_id)
    require(meeting.state, frozenset({MeetingState.IN_SESSION}))
    entry = load_entry(conn, meeting_id, entry_id)
    granted = speakers.grant(entries(conn, meeting_id), entry, limit_ms, now)
    return _write(conn, granted, item_id=meeting.current_item_id)


def make_way(conn: Connection, meeting_id: MeetingId, entry_id: SpeakerId, now: datetime) -> list[Change]:
    """Free the floor for a waiting entry: a point of order interrupts who speaks, anything else ends that turn."""
    present = speakers.speaking(entries(conn, meeting_id))
    if present is None:
        return []
    kind = load_entry(conn, meeting_id, entry_id).kind
    interrupts = kind is SpeakerKind.POINT_OF_ORDER
    return _write(conn, speakers.pause(present, now) if interrupts else speakers.end(present, now))


def pause_speaker(conn: Connection, meeting_id: MeetingId, entry_id: SpeakerId, now: datetime) -> list[Change]:
    """Interrupt the speaker and stop the clock."""
    require(load_meeting(conn, meeting_id).state, LIVE)
    return _write(conn, speakers.pause(load_entry(conn, meeting_id, entry_id), now))


def resume_speaker(conn: Connection, meeting_id: MeetingId, entry_id: SpeakerId, now: datetime) -> list[Change]:
    """Give the floor back. Raises ``FloorTaken`` or ``WrongState``."""
    require(load_meeting(conn, meeting_id).state, frozenset({MeetingState.IN_SESSION}))
    entry = load_entry(conn, meeting_id, entry_id)
    return _write(conn, speakers.resume(entries(conn, meeting_id), entry, now))


def end_speaker(conn: Connection, meeting_id: MeetingId, entry_id: SpeakerId, now: datetime) -> list[Change]:
    """End a speech. Raises ``WrongState`` or ``NoSuchSpeaker``."""
    require(load_meeting(conn, meeting_id).state, LIVE)
    return _write(conn, speakers.end(load_entry(conn, meeting_id, entry_id), now))


def stop_clock(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """Pause whoever is speaking: the session is interrupted."""
    entry = speakers.speaking(entries(conn, meeting_id))
    return [] if entry is None else _write(conn, speakers.pause(entry, now))


def clear_floor(conn: Connection, meeting_id: MeetingId, now: datetime) -> list[Change]:
    """End who has the floor and take the waiting off the list: the item is over, or the meeting."""
    changes: list[Change] = []
    for entry in entries(conn, meeting_id):
        if entry.state in speakers.ON_THE_FLOOR:
            changes += _write(conn, speakers.end(entry, now))
        elif entry.state is SpeakerState.WAITING:
            changes += withdraw_request(conn, meeting_id, entry.id, now)
    return changes


def entries(conn: Connection, meeting_id: MeetingId) -> tuple[SpeakerEntry, ...]:
    """Return all entries of a meeting in order of arrival, finished ones included."""
    query = select(_T).where(_T.c.meeting_id == meeting_id).order_by(_T.c.number)
    return tuple(_entry(row) for row in conn.execute(query))


def load_entry(conn: Connection, meeting_id: MeetingId, entry_id: SpeakerId) -> SpeakerEntry:
    """Return an entry of this meeting. Raises ``NoSuchSpeaker``."""
    row = conn.execute(select(_T).where(_T.c.id == entry_id, _T.c.meeting_id == meeting_id)).first()
    if row is None:
        raise NoSuchSpeaker(entry_id)
    return _entry(row)


def _write(conn: Connection, entry: SpeakerEntry, **values: object) -> list[Change]:
    conn.execute(
        update(_T)
        .where(_T.c.id == entry.id)
        .values(
            state=entry.state.value,
            granted_at=entry.granted_at,
            resumed_at=entry.resumed_at,
            ended_at=entry.ended_at,
            used_ms=entry.used_ms,
            limit_ms=entry.limit_ms,
            **values,
        )
    )
    return [Change(ChangeKind.SPEAKER, entry.id)]


def _entry(row: Row[Any]) -> SpeakerEntry:
    return SpeakerEntry(
        id=SpeakerId(row.id),
        item_id=None if row.item_id is None else ItemId(row.item_id),
        person_id=PersonId(row.person_id),
        kind=SpeakerKind(row.kind),
        state=SpeakerState(row.state),
        number=row.number,
        requested_at=row.requested_at,
        granted_at=row.granted_at,
        resumed_at=row.resumed_at,
        ended_at=row.ended_at,
        used_ms=row.used_ms,
        limit_ms=row.limit_ms,
    )
