"""An invented organisation with one meeting in session: many members, all entitled to vote and signed in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from auth import sessions, totp
from auth.directory import Person, add_person, add_unit
from auth.factors import enrol
from auth.model import Label, MeetingRole, OrgRole, PersonId
from auth.sealing import FactorSeal
from auth.sessions import Source
from meetings import agenda_store, meeting_store, participant_store, presence_store, session_store, version_store
from meetings.model import ItemId, ItemKind, MeetingId, PresenceHow, PresenceMode
from meetings.records import ItemDetails, MeetingDetails
from meetings.rules import PRESETS
from signaling.settings import Settings
from signaling.store.database import open_engine
from signaling.store.schema import migrate

RULES = "absolute_majority"
HERE = Source("127.0.0.1", "bench")


@dataclass(frozen=True, slots=True)
class Seat:
    """A signed-in person: whose session cookie holds ``token``."""

    person_id: PersonId
    token: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """The meeting, the item under discussion, the chair (who has a vote as well) and the members."""

    meeting_id: MeetingId
    item_id: ItemId
    chair: Seat
    members: tuple[Seat, ...]

    @property
    def electors(self) -> int:
        """How many may vote."""
        return len(self.members) + 1


def seed(settings: Settings, members: int) -> Organisation:
    """Fill a new database: people with sessions, and a meeting that was convened and opened."""
    migrate(settings.database_file)
    engine = open_engine(settings.database_file, writer=True)
    try:
        with engine.connect() as conn, conn.begin():
            return _seed(conn, members, datetime.now(UTC))
    finally:
        engine.dispose()


def check_in(settings: Settings, organisation: Organisation) -> None:
    """Record everybody as present, in the database of a hub that may be running.

    What is measured is voting; arriving over a socket is a measurement of its own.
    """
    engine = open_engine(settings.database_file, writer=True)
    try:
        with engine.connect() as conn, conn.begin():
            for seat in (organisation.chair, *organisation.members):
                _arrive(conn, organisation.meeting_id, seat.person_id, datetime.now(UTC))
    finally:
        engine.dispose()


def _seed(conn: Connection, members: int, now: datetime) -> Organisation:
    unit = add_unit(conn, "Council")
    chair, *others = (
        add_person(
            conn,
            username=f"member{number}",
            name=f"Member {number}",
            now=now,
            unit_id=unit.id,
            clearance=Label.INTERNAL,
            roles=[OrgRole.MEMBER],
        )
        for number in range(members + 1)
    )
    enrol(conn, FactorSeal(bytes(32)), chair.id, totp.new_secret(), now)  # a duty; nothing here asks for a code
    meeting_id, item_id = _meeting(conn, chair, others, now)
    seats = tuple(_sign_in(conn, one, now) for one in others)
    return Organisation(meeting_id, item_id, _sign_in(conn, chair, now), seats)


def _meeting(conn: Connection, chair: Person, others: list[Person], now: datetime) -> tuple[MeetingId, ItemId]:
    details = MeetingDetails(
        title="Plenary session", starts_at=now, ends_at=now + timedelta(hours=2), rules=PRESETS[RULES]
    )
    meeting_id = MeetingId(meeting_store.create_meeting(conn, details, chair.id, now)[0].id)
    participant_store.invite(conn, meeting_id, chair.id, MeetingRole.CHAIR, entitled=True, now=now)
    for one in others:
        participant_store.invite(conn, meeting_id, one.id, MeetingRole.MEMBER, entitled=True, now=now)
    item = ItemDetails(title="Budget", kind=ItemKind.DECISION)
    item_id = ItemId(agenda_store.add_item(conn, meeting_id, item, now)[0].id)
    version_store.convene(conn, meeting_id, chair.id, manifest_sha256="0" * 64, pdf_sha256="0" * 64, now=now)
    session_store.open_meeting(conn, meeting_id, now)
    agenda_store.start_item(conn, meeting_id, item_id, now)
    return meeting_id, item_id


def _sign_in(conn: Connection, person: Person, now: datetime) -> Seat:
    token, _ = sessions.start(conn, person, now, HERE)
    return Seat(person.id, token)


def _arrive(conn: Connection, meeting_id: MeetingId, person_id: PersonId, now: datetime) -> None:
    presence_store.arrive(
        conn,
        meeting_id,
        person_id,
        how=PresenceHow.CONNECTED,
        mode=PresenceMode.REMOTE,
        site_id=None,
        endpoint_id=None,
        now=now,
    )
