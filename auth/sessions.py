"""Sign-in sessions: an opaque token in a cookie, of which only the SHA-256 is stored.

The session's ``id`` is not the token: it stays the same through rotations and may stand in logs. A token is good for
one session until it is rotated; a rotated or revoked token is worthless at once and for ever.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, true, update

from auth.errors import NoSession, SessionExpired
from auth.model import PersonId, SessionId, opaque_id
from auth.session_policy import DEFAULT_POLICY, SessionPolicy
from auth.tables import person as person_table
from auth.tables import session as session_table

if TYPE_CHECKING:
    from auth.directory import Person

TOKEN_BYTES = 32
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Source:
    """From where somebody signs in; personal data, shown to its owner and to security officers."""

    ip: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    id: SessionId
    person_id: PersonId
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    idle_expires_at: datetime
    stepped_up_until: datetime | None
    stepped_up_with: str | None
    ip: str
    user_agent: str

    def stepped_up(self, now: datetime) -> bool:
        return self.stepped_up_until is not None and now < self.stepped_up_until


def start(
    conn: Connection, person: "Person", now: datetime, source: Source, policy: SessionPolicy = DEFAULT_POLICY
) -> tuple[str, Session]:
    """Begin a session after a successful sign-in; the token is always new, whatever the browser sent before."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begun = Session(
        id=SessionId(opaque_id()),
        person_id=person.id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + policy.absolute,
        idle_expires_at=now + policy.idle_for(person.roles),
        stepped_up_until=None,
        stepped_up_with=None,
        ip=source.ip[:45],
        user_agent=source.user_agent[:256],
    )
    values = {field: getattr(begun, field) for field in Session.__slots__}
    conn.execute(insert(session_table).values(**values, token_hash=_digest(token)))
    return token, begun


def look_up(conn: Connection, token: str, now: datetime) -> Session:
    """Return the live session of a token without touching it (reader connections). Raises NoSession, SessionExpired."""
    return _live(conn, session_table.c.token_hash == _digest(token), now)


def look_up_id(conn: Connection, session_id: SessionId, now: datetime) -> Session:
    """Return a session that is still live, for a socket that was opened with it. Raises NoSession, SessionExpired."""
    return _live(conn, session_table.c.id == session_id, now)


def _live(conn: Connection, which: ColumnElement[bool], now: datetime) -> Session:
    joined = session_table.join(person_table, person_table.c.id == session_table.c.person_id)
    query = select(session_table, person_table.c.disabled_at).select_from(joined).where(which)
    row = conn.execute(query).one_or_none()
    if row is None or row.revoked_at is not None or row.disabled_at is not None:
        raise NoSession
    found = _session(row)
    if now >= found.expires_at or now >= found.idle_expires_at:
        raise SessionExpired
    return found


def needs_touch(session: Session, now: datetime) -> bool:
    """Tell whether the last use was recorded so long ago that it should be recorded again."""
    return now - session.last_seen_at >= TOUCH_EVERY


def touch(conn: Connection, session: Session, now: datetime) -> Session:
    """Record that the session is in use, which moves its idle end but never its absolute one."""
    idle = session.idle_expires_at - session.last_seen_at
    used = replace(session, last_seen_at=now, idle_expires_at=now + idle)
    conn.execute(
        update(session_table)
        .where(session_table.c.id == session.id)
        .values(last_seen_at=used.last_seen_at, idle_expires_at=used.idle_expires_at)
    )
    return used


def resume(conn: Connection, token: str, now: datetime) -> Session:
    """Return the live session of a token; writes at most once a minute. Raises NoSession, SessionExpired."""
    found = look_up(conn, token, now)
    return touch(conn, found, now) if needs_touch(found, now) else found


def rotate(conn: Connection, token: str, now: datetime) -> tuple[str, Session]:
    """Exchange a live token for a new one; the old one is dead. Raises NoSession, SessionExpired."""
    found = look_up(conn, token, now)
    return _exchange(conn, token, found), found


def step_up(conn: Connection, token: str, now: datetime, factor: str, minutes: int = 5) -> tuple[str, Session]:
    """After a fresh factor: open the window for sensitive acts and rotate. Raises NoSession, SessionExpired."""
    until = now + timedelta(minutes=minutes)
    raised = replace(look_up(conn, token, now), stepped_up_until=until, stepped_up_with=factor)
    return _exchange(conn, token, raised), raised


def revoke(conn: Connection, session_id: SessionId, now: datetime) -> None:
    """End one session; harmless when it has ended already."""
    _revoke(conn, session_table.c.id == session_id, now)


def revoke_all(conn: Connection, person_id: PersonId, now: datetime) -> list[SessionId]:
    """End every session of a person and return which ones were open, so that their sockets can be closed."""
    mine = session_table.c.person_id == person_id
    query = select(session_table.c.id).where(mine, session_table.c.revoked_at.is_(None))
    ended = [SessionId(found) for found in conn.execute(query).scalars()]
    _revoke(conn, mine, now)
    return ended


def revoke_everybody(conn: Connection, now: datetime) -> int:
    """End every session of the deployment and return how many were open."""
    return _revoke(conn, true(), now)


def revoke_many(conn: Connection, people: Collection[PersonId], now: datetime) -> list[SessionId]:
    """End every session of these people and return which ones were open."""
    wanted = frozenset(people)
    query = select(session_table.c.id, session_table.c.person_id).where(session_table.c.revoked_at.is_(None))
    ended = [SessionId(row.id) for row in conn.execute(query) if row.person_id in wanted]
    for session_id in ended:
        revoke(conn, session_id, now)
    return ended


def list_sessions(conn: Connection, person_id: PersonId, now: datetime) -> list[Session]:
    """Return a person's live sessions, newest first."""
    query = (
        select(session_table)
        .where(session_table.c.person_id == person_id, session_table.c.revoked_at.is_(None))
        .where(session_table.c.expires_at > now, session_table.c.idle_expires_at > now)
        .order_by(session_table.c.created_at.desc())
    )
    return [_session(row) for row in conn.execute(query)]


def forget_ended(conn: Connection, before: datetime) -> int:
    """Erase sessions whose absolute end lies before ``before``; return how many. The log keeps what matters."""
    return conn.execute(delete(session_table).where(session_table.c.expires_at < before)).rowcount


def _exchange(conn: Connection, old: str, session: Session) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    exchanged = conn.execute(
        update(session_table)
        .where(session_table.c.token_hash == _digest(old), session_table.c.revoked_at.is_(None))
        .values(
            token_hash=_digest(token),
            stepped_up_until=session.stepped_up_until,
            stepped_up_with=session.stepped_up_with,
        )
    )
    if exchanged.rowcount != 1:  # where several write: somebody was faster, and only one may succeed
        raise NoSession
    return token


def _revoke(conn: Connection, which: ColumnElement[bool], now: datetime) -> int:
    open_ones = update(session_table).where(which, session_table.c.revoked_at.is_(None))
    return conn.execute(open_ones.values(revoked_at=now)).rowcount


def _digest(token: str) -> bytes:
    # A token has 256 bits of entropy, so a plain hash is enough; looking it up by its hash leaks nothing by timing.
    return hashlib.sha256(token[:128].encode(errors="surrogatepass")).digest()


def _session(row: Row[Any]) -> Session:
    return Session(
        id=SessionId(row.id),
        person_id=PersonId(row.person_id),
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        idle_expires_at=row.idle_expires_at,
        stepped_up_until=row.stepped_up_until,
        stepped_up_with=row.stepped_up_with,
        ip=row.ip,
        user_agent=row.user_agent,
    )
