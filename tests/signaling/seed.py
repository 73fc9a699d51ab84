"""One deployment's folder for all tests of the hub: the demo organisation, and a second meeting of other people.

Made once for the whole run and copied for each test. Everybody has an open session already, so that only the tests of
signing in pay for password hashing.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from auth import sessions
from auth.directory import add_person, add_site, add_unit, get_person, list_people
from auth.factors import enrol
from auth.model import Label, MeetingRole, OrgRole, PersonId
from auth.passwords import hash_password
from auth.sealing import FactorSeal
from auth.sessions import Source
from certs.authority import Authority
from documents import repository as papers
from documents.intake import accept_pdf
from documents.keys import KeyStore
from documents.store import BlobStore
from meetings import agenda_store, meeting_store, participant_store, poll_store
from meetings.model import ItemId, ItemKind, MeetingId
from meetings.records import ItemDetails, MeetingDetails, PollDetails
from meetings.rules import PRESETS
from signaling import demo
from signaling.factor_key import open_seal
from signaling.identity_files import relay_files, tls_files
from signaling.settings import Settings
from signaling.store.database import open_engine
from tests.documents import make_fixtures

PASSWORD = demo.PASSWORD
OTHERS = (  # a unit that has nothing to do with the demo's
    ("b-chair", OrgRole.MEMBER, MeetingRole.CHAIR, True),
    ("b-secretary", OrgRole.SECRETARY, MeetingRole.SECRETARY, False),
    ("b-member", OrgRole.MEMBER, MeetingRole.MEMBER, True),
)
SECRET_WORDS = ("Vườn ươm Thanh Xuân", "Nhân sự kho lạnh", "Tờ trình kho lạnh", "Bầu thủ kho")


@dataclass(frozen=True, slots=True)
class Place:
    """A meeting with what hangs on it."""

    meeting: MeetingId
    items: tuple[str, ...]
    paper: str
    poll: str


@dataclass(frozen=True, slots=True)
class Seed:
    """Where the folder lies and what is in it. ``ours`` is the demo's meeting, ``theirs`` that of the other unit."""

    folder: Path
    people: dict[str, PersonId]
    tokens: dict[str, str]
    ours: Place
    theirs: Place

    def copy(self, folder: Path) -> "Seed":
        """Return the same deployment in a folder of its own."""
        shutil.copytree(self.folder, folder)
        return Seed(folder, self.people, self.tokens, self.ours, self.theirs)


def make(folder: Path) -> Seed:
    """Make the deployment."""
    settings = Settings(data=folder, organisation=demo.ORGANISATION)
    now = datetime.now(UTC)
    authority = Authority.open_or_create(folder / "authority", settings.organisation, now)
    tls_files(settings, authority, now)
    relay_files(settings, authority, now)
    demo.prepare(settings)
    engine = open_engine(settings.database_file, writer=True)
    with engine.connect() as conn, conn.begin():
        _add_others(conn, open_seal(KeyStore.open_or_create(folder / "keys")), now)
        people = {one.username: one.id for one in list_people(conn)}
        theirs = _add_meeting(conn, settings, people, now)
        ours = _ours(conn, people, now)
        tokens = {
            name: sessions.start(conn, get_person(conn, one), now, Source("::1"))[0] for name, one in people.items()
        }
    engine.dispose()
    return Seed(folder, people, tokens, ours, theirs)


def _add_others(conn: Connection, seal: FactorSeal, now: datetime) -> None:
    unit = add_unit(conn, "Chi nhánh Ven biển")
    site = add_site(conn, "Điểm cầu Ven biển", unit.id)
    password = hash_password(PASSWORD)
    for username, role, seat, _ in OTHERS:
        added = add_person(
            conn,
            username=username,
            name=f"Người {username}",
            now=now,
            unit_id=unit.id,
            site_id=site.id,
            password_hash=password,
            clearance=Label.INTERNAL,
            roles=[role],
        )
        if seat is not MeetingRole.MEMBER:
            enrol(conn, seal, added.id, demo.SECRET, now)


def _add_meeting(conn: Connection, settings: Settings, people: dict[str, PersonId], now: datetime) -> Place:
    start = now + timedelta(hours=1)
    details = MeetingDetails(
        title=SECRET_WORDS[0],
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        rules=PRESETS["simple_majority"],
        zone=demo.ZONE,
        language="vi",
        label=Label.INTERNAL,
    )
    by = people["b-secretary"]
    meeting_id = MeetingId(meeting_store.create_meeting(conn, details, by, now)[0].id)
    for username, _, seat, entitled in OTHERS:
        participant_store.invite(conn, meeting_id, people[username], seat, entitled=entitled, now=now)
    item = ItemDetails(title=SECRET_WORDS[1], kind=ItemKind.DECISION, minutes=10)
    item_id = ItemId(agenda_store.add_item(conn, meeting_id, item, now)[0].id)
    clean = accept_pdf("kho.pdf", make_fixtures.plain())
    paper_id = papers.new_paper_id()
    blob = BlobStore(settings.data / "blobs", KeyStore.open_or_create(settings.data / "keys")).put(
        paper_id, 1, Label.INTERNAL, clean.data
    )
    papers.add_paper(
        conn,
        meeting_id,
        item_id,
        title=SECRET_WORDS[2],
        label=Label.INTERNAL,
        created_by=by,
        now=now,
        paper_id=paper_id,
    )
    papers.add_version(conn, paper_id, 1, blob, pages=clean.pages, file_name="kho.pdf", uploaded_by=by, now=now)
    poll = PollDetails(title=SECRET_WORDS[3], rules=details.rules, item_id=item_id)
    poll_id = poll_store.create_poll(conn, meeting_id, poll, by, now)[0].id
    return Place(meeting_id, (item_id,), paper_id, poll_id)


def _ours(conn: Connection, people: dict[str, PersonId], now: datetime) -> Place:
    meeting = meeting_store.meetings_of(conn, people["secretary"])[0]
    items = tuple(one.id for one in agenda_store.items(conn, meeting.id))
    paper = papers.papers_of_meeting(conn, meeting.id)[0]
    poll = PollDetails(title="Kế hoạch trạm bơm", rules=meeting.details.rules, item_id=ItemId(items[1]))
    poll_id = poll_store.create_poll(conn, meeting.id, poll, people["chair"], now)[0].id
    return Place(meeting.id, items, paper.paper_id, poll_id)
