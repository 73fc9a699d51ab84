"""Tables of recordings. A row of a file is there, with its key, before the first byte of it is written."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from auth.schema import UtcDateTime, metadata

recording_policy = Table(
    "recording_policy",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id"), primary_key=True),
    Column("allowed", Boolean, nullable=False),
    Column("set_by", ForeignKey("person.id"), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)

recording = Table(
    "recording",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),  # 1 and up in its meeting
    Column("label", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("parts", Integer, nullable=False),  # how often capturing began
    Column("started_at", UtcDateTime, nullable=False),
    Column("started_by", ForeignKey("person.id"), nullable=False),
    Column("stopped_at", UtcDateTime),
    Column("stopped_by", ForeignKey("person.id")),  # none: by itself, for ``reason``
    Column("reason", String(20)),
    Column("manifest_blob", String(32)),
    Column("manifest_key", String(32)),
    Column("manifest_size", Integer),
    Column("manifest_sha256", String(64)),
    Column("deleted_at", UtcDateTime),
    Column("deleted_by", ForeignKey("person.id")),
    Column("purged_at", UtcDateTime),  # keys and files are gone
    UniqueConstraint("meeting_id", "number"),
)

recording_file = Table(
    "recording_file",
    metadata,
    Column("recording_id", ForeignKey("recording.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("part", Integer, nullable=False),
    Column("part_began_at", UtcDateTime, nullable=False),  # what all files of the part call 0
    Column("owner_id", ForeignKey("person.id"), nullable=False),  # the person or hall that sent it
    Column("name", String(200), nullable=False),
    Column("source", String(20), nullable=False),
    Column("kind", String(5), nullable=False),
    Column("codec", String(20)),  # none: VP8 or Opus, when there were no others
    Column("key_id", String(32), nullable=False),
    Column("first_ms", BigInteger),  # first and last frame, from the part's beginning
    Column("last_ms", BigInteger),
    Column("losses", Integer),  # how often something was missing
    Column("size", BigInteger),  # none while it is written
    Column("sha256", String(64)),
    Column("complete", Boolean),  # false: its writer was killed
)
