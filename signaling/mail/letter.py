"""What a letter is about, read from the record of a meeting: the version it tells of, and in words what changed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from auth.directory import Person, get_person, list_people
from auth.model import Label, PersonId
from meetings import meeting_store, version_store
from meetings.agenda import heading_of
from meetings.change_report import change_report
from meetings.model import MeetingId
from meetings.phrases import Phrases
from meetings.records import AgendaHeading, Meeting
from signaling.usecases.agenda_changes import agenda_of, compared

KINDS = frozenset({"invitation", "agenda_changed", "cancelled", "uninvited", "minutes_to_sign", "reminder"})


@dataclass(frozen=True, slots=True)
class Letter:
    """``heading`` is what was convened; ``sequence`` counts up with every version, and once more at the end."""

    message_id: int
    kind: str
    at: datetime
    person: Person
    meeting: Meeting
    heading: AgendaHeading
    sequence: int
    changes: tuple[str, ...]
    reason: str

    @property
    def discreet(self) -> bool:
        """Whether mail must not tell what the meeting is about: it leaves the house, and the label says more."""
        return self.meeting.details.label > Label.INTERNAL


def read_letter(conn: Connection, row: Row[Any]) -> Letter:
    """Return the letter of a row of the outbox. Raises LookupError for a kind that nobody knows."""
    if row.kind not in KINDS:
        raise LookupError(f"there is no letter of kind {row.kind}")
    body, person = json.loads(row.body), get_person(conn, PersonId(row.recipient_id))
    meeting = meeting_store.load_meeting(conn, MeetingId(body["meeting"]))
    versions = [one for one in version_store.versions(conn, meeting.id) if one.number <= body.get("version", 10**9)]
    heading = (versions[-1].heading if versions else None) or heading_of(meeting.details)
    changes: tuple[str, ...] = ()
    if row.kind == "agenda_changed" and len(versions) > 1:
        names = {one.id: one.name for one in list_people(conn, include_disabled=True)}
        old, new = agenda_of(versions[-2]), agenda_of(versions[-1])
        phrases = Phrases(person.locale, heading.zone)
        changes = change_report(compared(old, new), (heading, new.lines), names, phrases)
    return Letter(
        message_id=row.id,
        kind=row.kind,
        at=row.created_at,
        person=person,
        meeting=meeting,
        heading=heading,
        sequence=len(versions) + (row.kind in {"cancelled", "uninvited"}),
        changes=changes,
        reason=body.get("reason", ""),
    )
