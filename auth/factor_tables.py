"""Tables of second factors, of sign-ins that wait for one, and of earlier passwords."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from auth.schema import UtcDateTime, metadata
from auth.tables import ID

totp_factor = Table(
    "totp_factor",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("enrolled_at", UtcDateTime, nullable=False),
)

totp_enrolment = Table(  # begun, and in force only once a first code has come back
    "totp_enrolment",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
)

totp_used = Table(  # the replay table: a step of a person's secret is good once
    "totp_used",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("counter", BigInteger, primary_key=True, autoincrement=False),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("code_hash", LargeBinary(32), primary_key=True),
    Column("used_at", UtcDateTime),
)

pending_sign_in = Table(
    "pending_sign_in",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), nullable=False),
    Column("source", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False),
)

password_history = Table(
    "password_history",
    metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("replaced_at", UtcDateTime, primary_key=True),
    Column("password_hash", Text, nullable=False),
)
