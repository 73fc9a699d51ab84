"""A meeting as the rules of readiness look at it, read from everything that has a part in it."""

from sqlalchemy import Connection

from auth.directory import get_person
from auth.model import MeetingRole
from documents import repository as papers
from meetings import agenda_store, participant_store
from meetings.readiness import Prepared
from meetings.records import Meeting
from signaling.services import Services


def prepared(conn: Connection, services: Services, meeting: Meeting) -> Prepared:
    """Return the meeting with its people, items, papers, and whom no mail reaches."""
    people = participant_store.participants(conn, meeting.id)
    persons = [get_person(conn, one.person_id) for one in people if one.role is not MeetingRole.ROOM]
    return Prepared(
        meeting=meeting,
        people=people,
        items=agenda_store.items(conn, meeting.id),
        with_papers=frozenset(
            paper.item_id for paper in papers.papers_of_meeting(conn, meeting.id) if paper.item_id and paper.latest
        ),
        without_address=[one.id for one in persons if one.email is None],
        in_checking=services.in_checking.count(meeting.id),
    )
