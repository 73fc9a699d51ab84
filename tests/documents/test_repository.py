"""Papers, records and signatures in a real database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine, event, insert
from sqlalchemy.exc import IntegrityError

import documents.schema  # noqa: F401
from auth.model import Label, PersonId
from auth.schema import metadata
from documents import repository
from documents.errors import PaperNotFound, RecordNotFound, VersionTaken
from documents.model import BlobId, BlobRef, KeyId, Paper, PaperId, PaperVersion, RecordId, RecordKind, SignatureRole
from meetings.model import ItemId, MeetingId

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MEETING, OTHER, ITEM, PERSON = MeetingId("m1"), MeetingId("m2"), ItemId("i1"), PersonId("p1")


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=ON"))
    metadata.create_all(engine)
    with engine.connect() as opened:
        fill(opened)
        yield opened
    engine.dispose()


def fill(connection: Connection) -> None:
    """A person, two meetings and an agenda item: what papers refer to."""
    tables = metadata.tables
    person = {"id": PERSON, "username": "an", "name": "An", "clearance": 5, "locale": "vi", "created_at": NOW}
    connection.execute(insert(tables["person"]).values(person))
    texts = dict.fromkeys(("reference", "title", "description", "place"), "")
    meeting = {"zone": "UTC", "language": "vi", "label": 1, "starts_at": NOW, "ends_at": NOW, "state": "draft"}
    origin = {"rules": "{}", "created_by": PERSON, "created_at": NOW, "revision": 0}
    for meeting_id in (MEETING, OTHER):
        connection.execute(insert(tables["meeting"]).values({"id": meeting_id, **texts, **meeting, **origin}))
    item = {"id": ITEM, "meeting_id": MEETING, "position": 1, "title": "", "description": "", "kind": "decision"}
    item |= {"state": "pending", "restricted": False, "used_ms": 0}
    connection.execute(insert(tables["agenda_item"]).values(item))


def blob(name: str) -> BlobRef:
    return BlobRef(BlobId(f"blob-{name}"), KeyId(f"key-{name}"), 10, "ab" * 32)


def add(connection: Connection, title: str = "Tờ trình", item: ItemId | None = ITEM) -> Paper:
    return repository.add_paper(connection, MEETING, item, title=title, label=Label.SECRET, created_by=PERSON, now=NOW)


def upload(connection: Connection, paper: Paper, version: int) -> PaperVersion:
    return repository.add_version(
        connection,
        paper.paper_id,
        version,
        blob(f"{paper.paper_id}-{version}"),
        pages=3,
        file_name="tờ trình.pdf",
        uploaded_by=PERSON,
        now=NOW + timedelta(minutes=version),
    )


def test_a_paper_and_its_versions_come_back_as_they_went_in(connection: Connection) -> None:
    paper = add(connection)
    assert repository.get_paper(connection, paper.paper_id) == paper
    assert paper.latest is None
    versions = (upload(connection, paper, 1), upload(connection, paper, 2))
    loaded = repository.get_paper(connection, paper.paper_id)
    assert loaded == replace(paper, versions=versions)
    assert loaded.latest == versions[1]
    assert repository.get_paper_version(connection, paper.paper_id, 1) == versions[0]


def test_versions_are_counted_without_gaps(connection: Connection) -> None:
    paper = add(connection)
    assert repository.next_version(connection, paper.paper_id) == 1
    upload(connection, paper, 1)
    for version in (1, 3):
        with pytest.raises(VersionTaken):
            upload(connection, paper, version)
    assert repository.next_version(connection, paper.paper_id) == 2


def test_papers_of_an_item_and_of_the_meeting(connection: Connection) -> None:
    of_item, of_meeting = add(connection, "a"), add(connection, "b", item=None)
    assert repository.papers_of_item(connection, ITEM) == [of_item]
    found = repository.papers_of_meeting(connection, MEETING)
    assert {each.paper_id for each in found} == {of_item.paper_id, of_meeting.paper_id}
    assert repository.papers_of_meeting(connection, OTHER) == []


def test_a_removed_paper_is_not_found_any_more(connection: Connection) -> None:
    paper = add(connection)
    upload(connection, paper, 1)
    repository.rename_paper(connection, paper.paper_id, "New title")
    assert repository.get_paper(connection, paper.paper_id).title == "New title"
    repository.remove_paper(connection, paper.paper_id, NOW)
    assert repository.papers_of_meeting(connection, MEETING) == []
    for act in (
        lambda: repository.get_paper(connection, paper.paper_id),
        lambda: repository.get_paper_version(connection, paper.paper_id, 1),
        lambda: repository.rename_paper(connection, paper.paper_id, "x"),
        lambda: repository.remove_paper(connection, paper.paper_id, NOW),
        lambda: upload(connection, paper, 2),
    ):
        with pytest.raises(PaperNotFound):
            act()


def test_a_version_that_is_not_there_is_not_found(connection: Connection) -> None:
    paper = add(connection)
    with pytest.raises(PaperNotFound):
        repository.get_paper_version(connection, paper.paper_id, 1)
    with pytest.raises(PaperNotFound):
        repository.get_paper(connection, PaperId("absent"))


def test_a_paper_needs_its_meeting(connection: Connection) -> None:
    with pytest.raises(IntegrityError):
        repository.add_paper(
            connection, MeetingId("absent"), None, title="", label=Label.PUBLIC, created_by=PERSON, now=NOW
        )


def test_records_are_kept_by_kind_and_version(connection: Connection) -> None:
    first = repository.save_record(
        connection, RecordId("r1"), MEETING, RecordKind.AGENDA_PDF, 1, blob=blob("r1"), now=NOW
    )
    second = repository.save_record(
        connection, RecordId("r2"), MEETING, RecordKind.AGENDA_PDF, 2, blob=blob("r2"), now=NOW
    )
    assert repository.get_record(connection, RecordId("r1")) == first
    assert repository.latest_record(connection, MEETING, RecordKind.AGENDA_PDF) == second
    assert repository.records_of_meeting(connection, MEETING) == [first, second]
    with pytest.raises(VersionTaken):
        repository.save_record(connection, RecordId("r3"), MEETING, RecordKind.AGENDA_PDF, 2, blob=blob("r3"), now=NOW)
    with pytest.raises(RecordNotFound):
        repository.latest_record(connection, MEETING, RecordKind.MINUTES_PDF)
    with pytest.raises(RecordNotFound):
        repository.get_record(connection, RecordId("absent"))


def test_a_signed_file_replaces_the_one_that_was_signed_and_no_other(connection: Connection) -> None:
    record = repository.save_record(
        connection, RecordId("r1"), MEETING, RecordKind.MINUTES_PDF, 1, blob=blob("r1"), now=NOW
    )
    signed = replace(blob("signed"), sha256="cd" * 32)
    replaced = repository.replace_record(connection, record.record_id, signed, expected_sha256=record.blob.sha256)
    assert replaced == replace(record, blob=signed)
    with pytest.raises(VersionTaken):
        repository.replace_record(connection, record.record_id, blob("x"), expected_sha256=record.blob.sha256)
    with pytest.raises(RecordNotFound):
        repository.replace_record(connection, RecordId("absent"), blob("x"), expected_sha256="")


def test_signatures_are_kept_in_their_order_and_once_per_field(connection: Connection) -> None:
    record = repository.save_record(
        connection, RecordId("r1"), MEETING, RecordKind.MINUTES_PDF, 1, blob=blob("r1"), now=NOW
    )
    roles = (SignatureRole.SECRETARY, SignatureRole.CHAIR)
    made = [
        repository.add_signature(
            connection,
            record.record_id,
            role=role,
            person_id=PERSON,
            field=role.value,
            signed_at=NOW,
            factor="passkey",
            sha256_after="ef" * 32,
        )
        for role in roles
    ]
    assert repository.signatures_of(connection, record.record_id) == made
    assert [each.order for each in made] == [1, 2]
    with pytest.raises(VersionTaken):
        repository.add_signature(
            connection,
            record.record_id,
            role=SignatureRole.CHAIR,
            person_id=PERSON,
            field="chair",
            signed_at=NOW,
            factor="totp",
            sha256_after="",
        )
    assert len(repository.signatures_of(connection, record.record_id)) == 2
