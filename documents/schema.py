"""Tables of documents. Content lies in the blob store; these hold what is known about it.

A paper refers to its meeting and agenda item, never the other way.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

import meetings.schema  # noqa: F401  (meeting and agenda_item must be known before they are referred to)
from auth.schema import UtcDateTime, metadata

paper = Table(
    "paper",
    metadata,
    Column("id", String, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False),
    Column("item_id", ForeignKey("agenda_item.id")),
    Column("title", String, nullable=False),
    Column("label", Integer, nullable=False),
    Column("created_by", ForeignKey("person.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Column("position", Integer, nullable=False, server_default="0"),  # among the papers of its item
    Index(None, "meeting_id"),
    Index(None, "item_id"),
)

paper_version = Table(
    "paper_version",
    metadata,
    Column("paper_id", ForeignKey("paper.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("blob_id", String, nullable=False, unique=True),
    Column("key_id", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("file_name", String, nullable=False),  # text for display, never a path
    Column("uploaded_by", ForeignKey("person.id"), nullable=False),
    Column("uploaded_at", UtcDateTime, nullable=False),
)

record = Table(
    "record",
    metadata,
    Column("id", String, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("blob_id", String, nullable=False, unique=True),
    Column("key_id", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("meeting_id", "kind", "version"),
)

signature = Table(
    "signature",
    metadata,
    Column("id", String, primary_key=True),
    Column("record_id", ForeignKey("record.id"), nullable=False),
    Column("order", Integer, nullable=False),
    Column("role", String, nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("field", String, nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
    Column("factor", String, nullable=False),  # the factor of the step-up before signing
    Column("sha256_after", String, nullable=False),
    UniqueConstraint("record_id", "order"),
    UniqueConstraint("record_id", "field"),
)
