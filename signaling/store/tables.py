"""Tables of the hub itself: the event streams and the outbox."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from auth.schema import UtcDateTime, metadata

event = Table(
    "event",
    metadata,
    Column("stream", String(60), primary_key=True),
    Column("revision", BigInteger, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),  # of the body's form
    Column("body", Text, nullable=False),  # one wire event, before projection
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("recipient_id", String(40), nullable=False),
    Column("meeting_id", String(20)),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("failed_at", UtcDateTime),  # given up; the code in ``error`` says why
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),  # not before; after an attempt that may be repeated
    Column("error", String(40)),  # of the last attempt
    Index("ix_outbox_meeting_id", "meeting_id"),
)
