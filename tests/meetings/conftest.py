"""A real SQLite file with the tables of the directory and of meetings, and a committee to meet in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from auth.model import MeetingRole, PersonId
from auth.schema import metadata
from auth.tables import person, site
from meetings import (
    agenda_store,
    meeting_store,
    participant_store,
    presence_store,
    schema,
    session_store,
    version_store,
)
from meetings.model import ItemId, ItemKind, MeetingId, PresenceHow, PresenceMode
from meetings.records import ItemDetails, MeetingDetails
from meetings.rules import SIMPLE_MAJORITY

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CHAIR, SECRETARY, ANNA, BINH, CARL, GUEST, HALL = (
    PersonId(name) for name in ("chair", "secretary", "anna", "binh", "carl", "guest", "hall")
)
PEOPLE = (CHAIR, SECRETARY, ANNA, BINH, CARL, GUEST, HALL)
NAMES = {person_id: person_id.title() for person_id in PEOPLE}


def after(minutes: float) -> datetime:
    """Return the instant that many minutes after the planned start."""
    return NOW + timedelta(minutes=minutes)


def _pragmas(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.cursor().execute(f"PRAGMA {pragma}")


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    """A connection in a transaction, with seven people and one site in the directory."""
    assert schema.meeting.metadata is metadata
    engine = create_engine(f"sqlite:///{tmp_path / 'plenum.db'}")
    event.listen(engine, "connect", _pragmas)
    metadata.create_all(engine)
    with engine.begin() as connection:
        row = {"clearance": 1, "locale": "en", "created_at": NOW}
        connection.execute(person.insert(), [{"id": name, "username": name, "name": name, **row} for name in PEOPLE])
        connection.execute(site.insert().values(id="north", name="North"))
        yield connection
    engine.dispose()


@dataclass(frozen=True, slots=True)
class Committee:
    """A meeting with its first two items."""

    conn: Connection
    id: MeetingId
    first: ItemId
    second: ItemId

    def arrive(self, *people: PersonId, at: datetime = NOW, how: PresenceHow = PresenceHow.CONNECTED) -> None:
        for person_id in people:
            presence_store.arrive(
                self.conn,
                self.id,
                person_id,
                how=how,
                mode=PresenceMode.REMOTE,
                site_id=None,
                endpoint_id=None,
                now=at,
            )

    def open(self, *people: PersonId) -> None:
        """Convene, let people arrive, open, take up the first item."""
        version_store.convene(self.conn, self.id, SECRETARY, manifest_sha256="m", pdf_sha256="p", now=NOW)
        self.arrive(*people)
        session_store.open_meeting(self.conn, self.id, NOW)
        agenda_store.start_item(self.conn, self.id, self.first, NOW)


@pytest.fixture
def committee(conn: Connection) -> Committee:
    """A draft: chair and three members vote; secretary, guest and hall do not."""
    details = MeetingDetails(
        "Committee", NOW, after(120), SIMPLE_MAJORITY, place="Great hall", zone="Asia/Ho_Chi_Minh", language="en"
    )
    meeting_id = MeetingId(meeting_store.create_meeting(conn, details, SECRETARY, NOW)[0].id)
    roles = {
        CHAIR: MeetingRole.CHAIR,
        SECRETARY: MeetingRole.SECRETARY,
        GUEST: MeetingRole.GUEST,
        HALL: MeetingRole.ROOM,
    }
    for person_id in PEOPLE:
        role = roles.get(person_id, MeetingRole.MEMBER)
        entitled = role in (MeetingRole.CHAIR, MeetingRole.MEMBER)
        participant_store.invite(conn, meeting_id, person_id, role, entitled=entitled, now=NOW)
    first, second = (
        ItemId(agenda_store.add_item(conn, meeting_id, details, NOW)[0].id)
        for details in (
            ItemDetails("Budget", ItemKind.DECISION, presenter_id=ANNA, minutes=20),
            ItemDetails("Report", ItemKind.INFORMATION),
        )
    )
    return Committee(conn, meeting_id, first, second)
