"""The people of each meeting as the wire has them, kept between snapshots.

A large meeting's people are most of its snapshot, and all its pages ask at once after a break. So the list is read from
the tables once and then follows the meeting's own events, as a page does; the state-sync law says that both agree.
Names come from the directory, whose changes are no events of a meeting: a list is read anew after ``REREAD``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from meetings import presence_store
from meetings.model import MeetingId
from signaling.projection import meeting as make
from signaling.projection.meeting import Names
from signaling.store.streams import events_after
from signaling.store.transaction import meeting_stream
from signaling.wire.meeting import Participant, Presence

REREAD = timedelta(seconds=10)
FOLLOW_EVENTS = 300  # more of them cost more than reading the list
MEETINGS = 32


@dataclass(frozen=True, slots=True)
class _Roster:
    """People in the order of the list, at one revision; never changed in place, since readers share it."""

    revision: int
    read_at: datetime
    people: Mapping[str, Participant]


class Rosters:
    """Rosters of the meetings that were asked for lately. Used by reader threads: each replaces whole values only."""

    def __init__(self) -> None:
        self._known: dict[MeetingId, _Roster] = {}

    def participants(
        self, conn: Connection, meeting_id: MeetingId, revision: int, now: datetime
    ) -> Sequence[Participant]:
        """Return everybody invited, as of ``revision``, which is the last that this connection's view holds."""
        known = self._known.get(meeting_id)
        roster = None if known is None else _followed(conn, meeting_id, known, revision, now)
        if roster is None:
            roster = _Roster(revision, now, _read(conn, meeting_id))
        self._keep(meeting_id, roster)
        return list(roster.people.values())

    def _keep(self, meeting_id: MeetingId, roster: _Roster) -> None:
        others = {known: of for known, of in self._known.items() if known != meeting_id}
        while len(others) >= MEETINGS:
            del others[min(others, key=lambda one: others[one].read_at)]
        self._known = {**others, meeting_id: roster}


def _read(conn: Connection, meeting_id: MeetingId) -> dict[str, Participant]:
    names = Names(conn)
    names.load_everybody()
    found = (make.participant(one, there, names) for one, there in presence_store.roster(conn, meeting_id))
    return {one.person_id: one for one in found}


def _followed(conn: Connection, meeting_id: MeetingId, known: _Roster, revision: int, now: datetime) -> _Roster | None:
    """Return the roster at ``revision``; None where it has to be read."""
    behind = revision - known.revision
    if not 0 <= behind <= FOLLOW_EVENTS or now - known.read_at > REREAD:
        return None
    if behind == 0:
        return known
    people = dict(known.people)
    for event in events_after(conn, meeting_stream(meeting_id), known.revision):
        if event.revision <= revision and not _apply(people, event.body):
            return None
    return _Roster(revision, known.read_at, people)


def _apply(people: dict[str, Participant], body: Mapping[str, Any]) -> bool:
    """Follow one event; False when it adds somebody, whose place in the list only the tables know."""
    match body["type"]:
        case "participant":
            person_id = body["participant"]["personId"]
            if person_id not in people:
                return False
            people[person_id] = Participant.model_validate(body["participant"])
        case "participant_removed":
            people.pop(body["personId"], None)
        case "presence" if (before := people.get(body["personId"])) is not None:
            presence = Presence.model_validate(body["presence"])
            people[before.person_id] = before.model_copy(update={"presence": presence})
    return True
