"""The words of documents: ids, papers and their versions, records and the signatures under them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from auth.model import Label, PersonId
from meetings.model import ItemId, MeetingId

PaperId = NewType("PaperId", str)
RecordId = NewType("RecordId", str)
SignatureId = NewType("SignatureId", str)
BlobId = NewType("BlobId", str)
KeyId = NewType("KeyId", str)


class RecordKind(StrEnum):
    """What the hub itself makes and signs."""

    AGENDA_PDF = "agenda_pdf"
    AGENDA_MANIFEST = "agenda_manifest"
    MINUTES_PDF = "minutes_pdf"


class SignatureRole(StrEnum):
    """In what role somebody signs."""

    AUTHOR = "author"
    CHAIR = "chair"
    SECRETARY = "secretary"
    SEAL = "seal"


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A stored blob: where it lies, the key that seals it, its plain size in bytes and the SHA-256 (hex) of it."""

    blob_id: BlobId
    key_id: KeyId
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PaperVersion:
    """One uploaded version of a paper; ``file_name`` is text for display only."""

    paper_id: PaperId
    version: int
    blob: BlobRef
    pages: int
    file_name: str
    uploaded_by: PersonId
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of an agenda item, or of the whole meeting (``item_id`` is None), with its versions in order."""

    paper_id: PaperId
    meeting_id: MeetingId
    item_id: ItemId | None
    title: str
    label: Label
    created_by: PersonId
    created_at: datetime
    versions: tuple[PaperVersion, ...]

    @property
    def latest(self) -> PaperVersion | None:
        """The newest version, or None before the first."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True)
class Record:
    """A document that the hub made for a meeting: an agenda version or the minutes."""

    record_id: RecordId
    meeting_id: MeetingId
    kind: RecordKind
    version: int
    blob: BlobRef
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature under a record. ``sha256_after`` (hex) is the digest of the whole file right after it."""

    signature_id: SignatureId
    record_id: RecordId
    order: int
    role: SignatureRole
    person_id: PersonId
    field: str
    signed_at: datetime
    factor: str
    sha256_after: str
