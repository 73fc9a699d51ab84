"""Tables of the audit log. Rows of ``audit_entry`` and ``audit_tree`` are only ever added."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

import auth.tables  # noqa: F401  (person must be known before it is referred to)
from auth.schema import UtcDateTime, metadata

# On SQLite only INTEGER makes the primary key the row id itself.
INDEX = BigInteger().with_variant(Integer, "sqlite")

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("entry_index", INDEX, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    # Repeats what the leaf says, for searching; verification compares both.
    Column("at_ms", BigInteger, nullable=False),
    Column("action", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("actor", String(128)),
    Column("object_type", String(128)),
    Column("object_id", String(128)),
    Column("session", String(128)),
    Column("site", String(128)),
    Index("ix_audit_entry_at", "at_ms"),
    Index("ix_audit_entry_actor", "actor", "entry_index"),
    Index("ix_audit_entry_object", "object_id", "entry_index"),
    Index("ix_audit_entry_action", "action", "entry_index"),
    Index("ix_audit_entry_outcome", "outcome", "entry_index"),
    Index("ix_audit_entry_session", "session", "entry_index"),
    Index("ix_audit_entry_site", "site", "entry_index"),
)

audit_detail = Table(
    "audit_detail",
    metadata,
    Column("entry_index", INDEX, ForeignKey("audit_entry.entry_index"), primary_key=True, autoincrement=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("details", Text, nullable=False),
    # Repeat what the details say, for searching, and go with them.
    Column("source", String(64)),
    Column("person", String(128)),
    Index("ix_audit_detail_source", "source", "entry_index"),
    Index("ix_audit_detail_person", "person", "entry_index"),
)

# Roots of full tiles (c2sp.org/tlog-tiles): level L, index i is the node of height 8·L with that index.
audit_tree = Table(
    "audit_tree",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("node_index", INDEX, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

audit_seen = Table(
    "audit_seen",
    metadata,
    Column("actor", String(128), primary_key=True),
    Column("object_id", String(128), primary_key=True),
    Column("session", String(128), primary_key=True),
    Column("at_ms", BigInteger, nullable=False, index=True),
)

audit_burst = Table(
    "audit_burst",
    metadata,
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(64), primary_key=True),
    Column("action", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
)

# What the rules over the log have found; one row gathers all that repeats.
audit_alert = Table(
    "audit_alert",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("rule", String(32), nullable=False),
    Column("about", String(128), nullable=False),  # "person:ID", "source:ADDRESS", or the rule's own word
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON: indexes of entries, the first and the newest
    Column("last_index", INDEX, nullable=False),
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", ForeignKey("person.id")),
    Column("note", Text, nullable=False, server_default=""),
    Index("ix_audit_alert_about", "rule", "about", "last_index"),
    Index("ix_audit_alert_state", "acknowledged_at", "last_at"),
    Index(  # the last guard: what repeats extends the open alert
        "uq_audit_alert_open",
        "rule",
        "about",
        unique=True,
        sqlite_where=text("acknowledged_at IS NULL"),
    ),
)

# How far the rules have read the log: one row.
audit_watch = Table(
    "audit_watch",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("next_index", INDEX, nullable=False),
)
