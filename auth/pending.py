"""Half a sign-in: the password was right, the code is still to come. It opens nothing but the second step.

Like a session's token the one of a half-done sign-in is opaque and stored as its SHA-256. It is good for one sign-in,
for five minutes, for the source that gave the password, and for a few wrong codes.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from auth.errors import SignInExpired
from auth.factor_tables import pending_sign_in
from auth.model import PersonId

TOKEN_BYTES = 32
LASTS = timedelta(minutes=5)
MAX_FAILURES = 5


def begin(conn: Connection, person_id: PersonId, source: str, now: datetime) -> str:
    """Remember that the password was right and return the token of the second step."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    conn.execute(
        insert(pending_sign_in).values(
            token_hash=_digest(token), person_id=person_id, source=source, expires_at=now + LASTS, failures=0
        )
    )
    return token


def look_up(conn: Connection, token: str, source: str, now: datetime) -> PersonId:
    """Return whose sign-in waits. Raises SignInExpired: unknown, done, too old, from elsewhere, or guessed at."""
    query = select(pending_sign_in).where(pending_sign_in.c.token_hash == _digest(token))
    row = conn.execute(query).one_or_none()
    if row is None or row.source != source or now >= row.expires_at or row.failures >= MAX_FAILURES:
        raise SignInExpired
    return PersonId(row.person_id)


def fail(conn: Connection, token: str) -> None:
    """Count a wrong code; after a few the password has to be given again."""
    mine = pending_sign_in.c.token_hash == _digest(token)
    conn.execute(update(pending_sign_in).where(mine).values(failures=pending_sign_in.c.failures + 1))


def finish(conn: Connection, token: str) -> None:
    """Spend the token."""
    conn.execute(delete(pending_sign_in).where(pending_sign_in.c.token_hash == _digest(token)))


def forget(conn: Connection, person_id: PersonId) -> None:
    """Forget every half-done sign-in of a person: the password or the factors have changed."""
    conn.execute(delete(pending_sign_in).where(pending_sign_in.c.person_id == person_id))


def forget_everybody(conn: Connection) -> None:
    """Forget every half-done sign-in of the deployment."""
    conn.execute(delete(pending_sign_in))


def forget_expired(conn: Connection, now: datetime) -> int:
    """Erase what is too old; return how many rows."""
    return conn.execute(delete(pending_sign_in).where(pending_sign_in.c.expires_at <= now)).rowcount


def _digest(token: str) -> bytes:
    return hashlib.sha256(token[:128].encode(errors="surrogatepass")).digest()
