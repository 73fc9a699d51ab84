"""Tables of the directory, of sessions and of sign-in failures."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from auth.schema import UtcDateTime, metadata

ID = String(20)

unit = Table(
    "unit",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent_id", ID, ForeignKey("unit.id")),
)

site = Table(
    "site",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("unit_id", ID, ForeignKey("unit.id")),
    Column("address_ranges", Text, nullable=False, default=""),  # networks in CIDR notation, separated by spaces
)

person = Table(
    "person",
    metadata,
    Column("id", ID, primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False, default=""),
    Column("email", String(254)),  # RFC 5321 §4.5.3.1.3
    Column("unit_id", ID, ForeignKey("unit.id")),
    Column("site_id", ID, ForeignKey("site.id")),
    Column("clearance", Integer, nullable=False),
    Column("locale", String(35), nullable=False),
    Column("password_hash", Text),
    Column("disabled_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("clearance BETWEEN 0 AND 5", name="clearance"),
)

role_grant = Table(
    "role_grant",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("role", String(32), primary_key=True),
)

compartment_grant = Table(
    "compartment_grant",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("compartment", String(64), primary_key=True),
)

session = Table(
    "session",
    metadata,
    Column("id", ID, primary_key=True),  # stays through rotations; safe in logs
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("idle_expires_at", UtcDateTime, nullable=False),
    Column("stepped_up_until", UtcDateTime),
    Column("stepped_up_with", String(16)),  # the factor
    Column("ip", String(45), nullable=False),
    Column("user_agent", String(256), nullable=False),
    Column("revoked_at", UtcDateTime),
)

welcome_link = Table(
    "welcome_link",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),  # one for each: a newer one ends the older
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Index("ix_login_failure_source", "source"),
)
