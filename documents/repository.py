"""Papers, records and signatures in the database. Plain functions that take a ``Connection`` and never commit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from auth.model import Label, PersonId, opaque_id
from meetings.model import ItemId, MeetingId

from . import schema
from .errors import BadPaperOrder, PaperNotFound, RecordNotFound, VersionTaken
from .model import (
    BlobId,
    BlobRef,
    KeyId,
    Paper,
    PaperId,
    PaperVersion,
    Record,
    RecordId,
    RecordKind,
    Signature,
    SignatureId,
    SignatureRole,
)


def new_paper_id() -> PaperId:
    """Return an id for a paper."""
    return PaperId(opaque_id())


def new_record_id() -> RecordId:
    """Return an id for a record."""
    return RecordId(opaque_id())


def add_paper(
    connection: Connection,
    meeting_id: MeetingId,
    item_id: ItemId | None,
    *,
    title: str,
    label: Label,
    created_by: PersonId,
    now: datetime,
    paper_id: PaperId | None = None,
) -> Paper:
    """Add a paper without versions to an agenda item, or to the whole meeting if ``item_id`` is None.

    ``paper_id`` was made before where the first version is sealed to it already.
    """
    paper = Paper(paper_id or new_paper_id(), meeting_id, item_id, title, label, created_by, now, ())
    connection.execute(
        insert(schema.paper).values(
            id=paper.paper_id,
            meeting_id=meeting_id,
            item_id=item_id,
            title=title,
            label=int(label),
            created_by=created_by,
            created_at=now,
            position=_next_position(connection, item_id),
        )
    )
    return paper


def next_version(connection: Connection, paper_id: PaperId) -> int:
    """Return the number that the paper's next version gets; sealing needs it before ``add_version``."""
    table = schema.paper_version
    newest = connection.scalar(select(func.max(table.c.version)).where(table.c.paper_id == paper_id))
    return (newest or 0) + 1


def add_version(
    connection: Connection,
    paper_id: PaperId,
    version: int,
    blob: BlobRef,
    *,
    pages: int,
    file_name: str,
    uploaded_by: PersonId,
    now: datetime,
) -> PaperVersion:
    """Add a version. Raises ``PaperNotFound``, and ``VersionTaken`` if the number is not the next one any more."""
    get_paper(connection, paper_id)
    row = {"pages": pages, "file_name": file_name, "uploaded_by": uploaded_by, "uploaded_at": now}
    try:
        with connection.begin_nested():
            if next_version(connection, paper_id) != version:
                raise VersionTaken(f"version {version} is not the next one")
            connection.execute(
                insert(schema.paper_version).values(paper_id=paper_id, version=version, **_blob_row(blob), **row)
            )
    except IntegrityError as error:
        raise VersionTaken(f"version {version} is taken") from error
    return PaperVersion(paper_id, version, blob, pages, file_name, uploaded_by, now)


def get_paper(connection: Connection, paper_id: PaperId) -> Paper:
    """Return a paper with its versions. Raises ``PaperNotFound`` for an unknown or removed one."""
    papers = _load_papers(connection, select(schema.paper).where(schema.paper.c.id == paper_id))
    if not papers:
        raise PaperNotFound("no such paper")
    return papers[0]


def get_paper_version(connection: Connection, paper_id: PaperId, version: int) -> PaperVersion:
    """Return one version. Raises ``PaperNotFound``."""
    for each in get_paper(connection, paper_id).versions:
        if each.version == version:
            return each
    raise PaperNotFound("no such version")


def papers_of_meeting(connection: Connection, meeting_id: MeetingId) -> list[Paper]:
    """Return all papers of a meeting that were not removed, in their order within each item."""
    return _load_papers(connection, select(schema.paper).where(schema.paper.c.meeting_id == meeting_id))


def papers_of_item(connection: Connection, item_id: ItemId) -> list[Paper]:
    """Return the papers of an agenda item that were not removed, in their order: new ones come last."""
    return _load_papers(connection, select(schema.paper).where(schema.paper.c.item_id == item_id))


def rename_paper(connection: Connection, paper_id: PaperId, title: str) -> None:
    """Give a paper another title. Raises ``PaperNotFound``."""
    _change_paper(connection, paper_id, title=title)


def move_paper(connection: Connection, paper_id: PaperId, item_id: ItemId) -> None:
    """Put a paper behind those of an agenda item of its meeting. Raises ``PaperNotFound``."""
    _change_paper(connection, paper_id, item_id=item_id, position=_next_position(connection, item_id))


def order_papers(connection: Connection, item_id: ItemId, order: Sequence[PaperId]) -> None:
    """Put the papers of an item into this order, which names each exactly once. Raises ``BadPaperOrder``."""
    there = [paper.paper_id for paper in papers_of_item(connection, item_id)]
    if len(order) != len(there) or set(order) != set(there):
        raise BadPaperOrder("the new order names every paper of the item exactly once")
    for position, paper_id in enumerate(order, start=1):
        _change_paper(connection, paper_id, position=position)


def remove_paper(connection: Connection, paper_id: PaperId, now: datetime) -> None:
    """Take a paper out of the meeting; its versions stay for the log until retention ends. Raises ``PaperNotFound``."""
    _change_paper(connection, paper_id, removed_at=now)


def save_record(
    connection: Connection,
    record_id: RecordId,
    meeting_id: MeetingId,
    kind: RecordKind,
    version: int,
    *,
    blob: BlobRef,
    now: datetime,
) -> Record:
    """Save a record that the hub made. ``record_id`` was made before, since the blob is sealed to it.

    Raises ``VersionTaken`` if the meeting has this kind in this version already.
    """
    row = {"id": record_id, "meeting_id": meeting_id, "kind": kind.value, "version": version, "created_at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(schema.record).values(**row, **_blob_row(blob)))
    except IntegrityError as error:
        raise VersionTaken(f"{kind.value} has version {version} already") from error
    return Record(record_id, meeting_id, kind, version, blob, now)


def replace_record(connection: Connection, record_id: RecordId, blob: BlobRef, *, expected_sha256: str) -> Record:
    """Put the signed file in place of the one that was signed, whose digest is ``expected_sha256``.

    Raises ``RecordNotFound``, and ``VersionTaken`` if somebody else signed in between.
    """
    table = schema.record
    changed = connection.execute(
        update(table).where(table.c.id == record_id, table.c.sha256 == expected_sha256).values(**_blob_row(blob))
    )
    record = get_record(connection, record_id)
    if changed.rowcount != 1:
        raise VersionTaken("the record changed in the meantime")
    return record


def get_record(connection: Connection, record_id: RecordId) -> Record:
    """Return a record. Raises ``RecordNotFound``."""
    row = connection.execute(select(schema.record).where(schema.record.c.id == record_id)).mappings().first()
    if row is None:
        raise RecordNotFound("no such record")
    return _record(row)


def latest_record(connection: Connection, meeting_id: MeetingId, kind: RecordKind) -> Record:
    """Return the meeting's newest record of this kind. Raises ``RecordNotFound``."""
    table = schema.record
    query = (
        select(table)
        .where(table.c.meeting_id == meeting_id, table.c.kind == kind.value)
        .order_by(table.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise RecordNotFound(f"the meeting has no {kind.value}")
    return _record(row)


def records_of_meeting(connection: Connection, meeting_id: MeetingId) -> list[Record]:
    """Return all records of a meeting by kind and version."""
    table = schema.record
    query = select(table).where(table.c.meeting_id == meeting_id).order_by(table.c.kind, table.c.version)
    return [_record(row) for row in connection.execute(query).mappings()]


def add_signature(
    connection: Connection,
    record_id: RecordId,
    *,
    role: SignatureRole,
    person_id: PersonId,
    field: str,
    signed_at: datetime,
    factor: str,
    sha256_after: str,
) -> Signature:
    """Note a signature as the next one under the record.

    Raises ``VersionTaken`` if the field is signed already.
    """
    order = len(signatures_of(connection, record_id)) + 1
    signature = Signature(
        SignatureId(opaque_id()), record_id, order, role, person_id, field, signed_at, factor, sha256_after
    )
    try:
        with connection.begin_nested():
            connection.execute(
                insert(schema.signature).values(
                    id=signature.signature_id,
                    record_id=record_id,
                    order=order,
                    role=role.value,
                    person_id=person_id,
                    field=field,
                    signed_at=signed_at,
                    factor=factor,
                    sha256_after=sha256_after,
                )
            )
    except IntegrityError as error:
        raise VersionTaken(f"{field} is signed already") from error
    return signature


def signatures_of(connection: Connection, record_id: RecordId) -> list[Signature]:
    """Return the signatures under a record in the order in which they were made."""
    table = schema.signature
    rows = connection.execute(select(table).where(table.c.record_id == record_id).order_by(table.c.order)).mappings()
    return [_signature(row) for row in rows]


def _next_position(connection: Connection, item_id: ItemId | None) -> int:
    table = schema.paper
    return (connection.scalar(select(func.max(table.c.position)).where(table.c.item_id == item_id)) or 0) + 1


def _load_papers(connection: Connection, query: Select[tuple[object, ...]]) -> list[Paper]:
    table = schema.paper
    query = query.where(table.c.removed_at.is_(None)).order_by(table.c.position, table.c.created_at, table.c.id)
    rows = list(connection.execute(query).mappings())
    versions = _versions_of(connection, [row["id"] for row in rows])
    return [_paper(row, tuple(versions.get(row["id"], ()))) for row in rows]


def _versions_of(connection: Connection, paper_ids: Sequence[PaperId]) -> dict[PaperId, list[PaperVersion]]:
    table = schema.paper_version
    query = select(table).where(table.c.paper_id.in_(paper_ids)).order_by(table.c.paper_id, table.c.version)
    found: dict[PaperId, list[PaperVersion]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["paper_id"], []).append(_version(row))
    return found


def _change_paper(connection: Connection, paper_id: PaperId, **values: object) -> None:
    table = schema.paper
    query = update(table).where(table.c.id == paper_id, table.c.removed_at.is_(None)).values(**values)
    if connection.execute(query).rowcount != 1:
        raise PaperNotFound("no such paper")


def _blob_row(blob: BlobRef) -> dict[str, object]:
    return {"blob_id": blob.blob_id, "key_id": blob.key_id, "size": blob.size, "sha256": blob.sha256}


def _blob(row: RowMapping) -> BlobRef:
    return BlobRef(BlobId(row["blob_id"]), KeyId(row["key_id"]), row["size"], row["sha256"])


def _paper(row: RowMapping, versions: tuple[PaperVersion, ...]) -> Paper:
    return Paper(
        row["id"],
        row["meeting_id"],
        row["item_id"],
        row["title"],
        Label(row["label"]),
        row["created_by"],
        row["created_at"],
        versions,
    )


def _version(row: RowMapping) -> PaperVersion:
    return PaperVersion(
        row["paper_id"],
        row["version"],
        _blob(row),
        row["pages"],
        row["file_name"],
        row["uploaded_by"],
        row["uploaded_at"],
    )


def _record(row: RowMapping) -> Record:
    return Record(row["id"], row["meeting_id"], RecordKind(row["kind"]), row["version"], _blob(row), row["created_at"])


def _signature(row: RowMapping) -> Signature:
    return Signature(
        row["id"],
        row["record_id"],
        row["order"],
        SignatureRole(row["role"]),
        row["person_id"],
        row["field"],
        row["signed_at"],
        row["factor"],
        row["sha256_after"],
    )
