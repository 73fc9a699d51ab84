"""How good the connections of a meeting's people are, in words. Nothing of it is stored.

A person's word is told when it changes, and not oftener than every two seconds; whoever comes later is told what is not
good. So the pages of a meeting hear little, however often somebody's page says something.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from auth.model import PersonId
from meetings.model import MeetingId
from signaling.live.connection import Connection
from signaling.wire.live import Ephemeral, Quality

INTERVAL_S = 2.0
GOOD: Quality = "good"

Tell = Callable[[MeetingId, Ephemeral, Connection | None], None]


@dataclass(slots=True)
class _Person:
    """What others were told, what the page said last, and whose page that is; ``timer`` runs after each telling."""

    told: Quality = GOOD
    said: Quality = GOOD
    source: Connection | None = None
    timer: asyncio.TimerHandle | None = None


class Qualities:
    """Runs on the event loop. Who was never heard of is good."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._people: dict[MeetingId, dict[PersonId, _Person]] = {}

    def say(self, meeting_id: MeetingId, source: Connection, quality: Quality) -> None:
        """Take in what a person's page says of its connection."""
        person_id = source.subject.person_id
        person = self._people.setdefault(meeting_id, {}).setdefault(person_id, _Person())
        person.said, person.source = quality, source
        self._settle(meeting_id, person_id, person)

    def left(self, meeting_id: MeetingId, connection: Connection) -> None:
        """The page follows the meeting no longer: nothing bad is known of its person any more."""
        person_id = connection.subject.person_id
        person = self._people.get(meeting_id, {}).get(person_id)
        if person is not None and person.source is connection:
            person.said, person.source = GOOD, None
            self._settle(meeting_id, person_id, person)

    def greet(self, meeting_id: MeetingId, connection: Connection) -> None:
        """Tell a page that has just come what the others know."""
        for person_id, person in self._people.get(meeting_id, {}).items():
            if person.told != GOOD and person.source is not connection:
                connection.send(_message(meeting_id, person_id, person.told))

    def close(self) -> None:
        """Forget everything and all timers."""
        for people in self._people.values():
            for person in people.values():
                if person.timer is not None:
                    person.timer.cancel()
        self._people.clear()

    def _settle(self, meeting_id: MeetingId, person_id: PersonId, person: _Person) -> None:
        """Tell what is new if it is time; forget who is good and was not spoken of for a while."""
        if person.timer is not None:
            return
        if person.said == person.told:
            if person.told == GOOD:
                self._forget(meeting_id, person_id)
            return
        person.told = person.said
        person.timer = asyncio.get_running_loop().call_later(INTERVAL_S, self._again, meeting_id, person_id, person)
        self._tell(meeting_id, _message(meeting_id, person_id, person.told), person.source)

    def _again(self, meeting_id: MeetingId, person_id: PersonId, person: _Person) -> None:
        person.timer = None
        self._settle(meeting_id, person_id, person)

    def _forget(self, meeting_id: MeetingId, person_id: PersonId) -> None:
        people = self._people[meeting_id]
        del people[person_id]
        if not people:
            del self._people[meeting_id]


def _message(meeting_id: MeetingId, person_id: PersonId, quality: Quality) -> Ephemeral:
    return Ephemeral(meeting_id=meeting_id, person_id=person_id, key="quality", value=quality)
