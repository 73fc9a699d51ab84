"""Tables of the audit log. Rows of ``audit_entry`` and ``audit_tree`` are only ever added."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from auth.schema import metadata

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
    Index("ix_audit_entry_at", "at_ms"),
    Index("ix_audit_entry_actor", "actor", "entry_index"),
    Index("ix_audit_entry_object", "object_id", "entry_index"),
    Index("ix_audit_entry_action", "action", "entry_index"),
)

audit_detail = Table(
    "audit_detail",
    metadata,
    Column("entry_index", INDEX, ForeignKey("audit_entry.entry_index"), primary_key=True, autoincrement=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("details", Text, nullable=False),
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
