"""Tables of meetings.

Times are UTC milliseconds (``UtcDateTime``), JSON is text written by this folder alone. Ballots of named polls name
their person; secret polls will have tables of their own that share neither id nor order with these.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

import auth.tables  # noqa: F401  (person, site and unit must be known before they are referred to)
from auth.schema import UtcDateTime, metadata

meeting = Table(
    "meeting",
    metadata,
    Column("id", String, primary_key=True),
    Column("reference", String, nullable=False),
    Column("title", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("place", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("language", String, nullable=False),
    Column("label", Integer, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("state_reason", Text, nullable=False, server_default=""),
    Column("rules", Text, nullable=False),
    Column("created_by", ForeignKey("person.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("current_item_id", String),  # no foreign key: it would close a circle with agenda_item
    Column("revision", Integer, nullable=False),
    Index(None, "starts_at"),
    Index(None, "created_by"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("position", Integer, nullable=False),  # order of invitation
    Column("role", String, nullable=False),
    Column("entitled", Boolean, nullable=False),
    Column("response", String, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("invited_at", UtcDateTime, nullable=False),
    Column("responded_at", UtcDateTime),
    Index(None, "person_id"),
)

agenda_item = Table(
    "agenda_item",
    metadata,
    Column("id", String, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("presenter_id", ForeignKey("person.id")),
    Column("minutes", Integer),
    Column("restricted", Boolean, nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("used_ms", Integer, nullable=False),
    Column("outcome", Text, nullable=False, server_default=""),
    Index(None, "meeting_id"),
)

item_reader = Table(
    "item_reader",
    metadata,
    Column("item_id", ForeignKey("agenda_item.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
)

agenda_version = Table(
    "agenda_version",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("convened_at", UtcDateTime, nullable=False),
    Column("convened_by", ForeignKey("person.id"), nullable=False),
    Column("manifest_sha256", String, nullable=False),
    Column("pdf_sha256", String, nullable=False),
    Column("lines", Text, nullable=False),  # JSON: the agenda as it was convened
    Column("heading", Text),  # JSON: title, time and place as they were convened
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

presence_interval = Table(
    "presence_interval",
    metadata,
    Column("id", String, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    Column("lost_at", UtcDateTime),  # the connection went away and has not come back
    Column("mode", String, nullable=False),
    Column("site_id", ForeignKey("site.id")),
    Column("endpoint_id", String),
    Column("how", String, nullable=False),
    Index(None, "meeting_id", "person_id"),
    Index(  # the last guard: one open interval per person
        "uq_presence_interval_open",
        "meeting_id",
        "person_id",
        unique=True,
        sqlite_where=text("left_at IS NULL"),
        postgresql_where=text("left_at IS NULL"),
    ),
)

attendance_mark = Table(
    "attendance_mark",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("status", String, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("marked_by", ForeignKey("person.id"), nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
)

speaker = Table(
    "speaker",
    metadata,
    Column("id", String, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False),
    Column("item_id", ForeignKey("agenda_item.id")),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("number", Integer, nullable=False),  # order of arrival within the meeting
    Column("requested_at", UtcDateTime, nullable=False),
    Column("granted_at", UtcDateTime),
    Column("resumed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("used_ms", Integer, nullable=False),
    Column("limit_ms", Integer),
    UniqueConstraint("meeting_id", "number"),
)

poll = Table(
    "poll",
    metadata,
    Column("id", String, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False),
    Column("item_id", ForeignKey("agenda_item.id")),
    Column("number", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("method", String, nullable=False),
    Column("options", Text, nullable=False),  # JSON, frozen at opening
    Column("rules", Text, nullable=False),  # JSON, frozen at opening
    Column("state", String, nullable=False),
    Column("recast_of", ForeignKey("poll.id")),
    Column("created_by", ForeignKey("person.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("published_at", UtcDateTime),
    Column("quorum_lost_at", UtcDateTime),
    Column("closes_at", UtcDateTime),  # as announced; the chair closes, not the clock
    Column("state_reason", Text, nullable=False, server_default=""),
    Column("nonce", String, nullable=False),  # enters the receipts, never leaves the database
    Column("result", Text),  # JSON of tally, quorum and outcome, written at closing
    UniqueConstraint("meeting_id", "number"),
)

elector = Table(
    "elector",
    metadata,
    Column("poll_id", ForeignKey("poll.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
)

ballot = Table(
    "ballot",
    metadata,
    Column("id", String, primary_key=True),
    Column("poll_id", ForeignKey("poll.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("option_id", String, nullable=False),
    Column("cast_at", UtcDateTime, nullable=False),
    Column("receipt", String, nullable=False),
    UniqueConstraint("poll_id", "person_id"),
)

minutes = Table(
    "minutes",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id"), primary_key=True),
    Column("state", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON: the sections
    Column("frozen_at", UtcDateTime),
    Column("secretary_id", ForeignKey("person.id")),
    Column("secretary_signed_at", UtcDateTime),
    Column("chair_id", ForeignKey("person.id")),
    Column("chair_signed_at", UtcDateTime),
)

sitting = Table(
    "sitting",
    metadata,
    Column("meeting_id", ForeignKey("meeting.id"), primary_key=True),
    Column("chat_open", Boolean, nullable=False),
    Column("floor_open", Boolean, nullable=False),
)

chat_message = Table(
    "chat_message",
    metadata,
    Column("id", String, primary_key=True),  # made by the client
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False),
    Column("number", Integer, nullable=False),  # order within the meeting
    Column("author_id", ForeignKey("person.id"), nullable=False),
    Column("audience", String, nullable=False),
    Column("recipient_id", ForeignKey("person.id")),
    Column("text", Text, nullable=False),  # empty once it is removed
    Column("sent_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Column("removed_by", ForeignKey("person.id")),
    UniqueConstraint("meeting_id", "number"),
)

announcement = Table(
    "announcement",
    metadata,
    Column("id", String, primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("made_by", ForeignKey("person.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Index(None, "meeting_id"),
)
