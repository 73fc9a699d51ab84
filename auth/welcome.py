"""Welcome links: one use, one person, and whoever opens one chooses the password.

Nobody but the person ever knows a password: the administrator passes on a link. Of its token (256 bits) only the hash
is stored. Each person has one link at most; a newer one ends the older.
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from auth.directory import Person, get_person
from auth.errors import LinkInvalid
from auth.model import PersonId
from auth.tables import person, welcome_link

TOKEN_BYTES = 32
NEW_ACCOUNT = timedelta(days=7)
RESET = timedelta(days=1)
FIRST_START = timedelta(hours=24)


def make_link(conn: Connection, person_id: PersonId, now: datetime, valid: timedelta) -> str:
    """Return the token of a person's new link; whatever link they had is dead."""
    return make_links(conn, [person_id], now, valid)[person_id]


def make_links(conn: Connection, people: Collection[PersonId], now: datetime, valid: timedelta) -> dict[PersonId, str]:
    """Return new links' tokens by person; the older ones are dead."""
    if not people:
        return {}
    tokens = {person_id: secrets.token_urlsafe(TOKEN_BYTES) for person_id in people}
    conn.execute(
        delete(welcome_link).where(welcome_link.c.person_id == bindparam("of")), [{"of": one} for one in people]
    )
    rows = [
        {"person_id": one, "token_hash": _digest(token), "created_at": now, "expires_at": now + valid}
        for one, token in tokens.items()
    ]
    conn.execute(insert(welcome_link), rows)
    return tokens


def end_link(conn: Connection, person_id: PersonId) -> None:
    """Make a person's link worthless; harmless without one."""
    conn.execute(delete(welcome_link).where(welcome_link.c.person_id == person_id))


def end_all_links(conn: Connection) -> int:
    """Make every link worthless and return how many there were."""
    return conn.execute(delete(welcome_link)).rowcount


def link_owner(conn: Connection, token: str, now: datetime) -> Person:
    """Return whose live link this is. Raises LinkInvalid."""
    joined = welcome_link.join(person, person.c.id == welcome_link.c.person_id)
    mine = (welcome_link.c.token_hash == _digest(token)) & (welcome_link.c.expires_at > now)
    query = select(person.c.id).select_from(joined).where(mine, person.c.disabled_at.is_(None))
    found = conn.execute(query).scalar_one_or_none()
    if found is None:
        raise LinkInvalid
    return get_person(conn, PersonId(found))


def use_link(conn: Connection, token: str, now: datetime) -> Person:
    """Use a link up and return whose it was: of parallel uses one succeeds. Raises LinkInvalid."""
    owner = link_owner(conn, token, now)
    if conn.execute(delete(welcome_link).where(welcome_link.c.token_hash == _digest(token))).rowcount != 1:
        raise LinkInvalid  # where several write: somebody was faster
    return owner


def links_until(conn: Connection, now: datetime) -> dict[PersonId, datetime]:
    """Return who has a live link, and until when."""
    query = select(welcome_link.c.person_id, welcome_link.c.expires_at).where(welcome_link.c.expires_at > now)
    return {PersonId(row.person_id): row.expires_at for row in conn.execute(query)}


def forget_links(conn: Connection, now: datetime) -> int:
    """Erase the links that have ended; return how many."""
    return conn.execute(delete(welcome_link).where(welcome_link.c.expires_at <= now)).rowcount


def _digest(token: str) -> bytes:
    # A token has 256 bits of entropy, so a plain hash is enough (as with sessions).
    return hashlib.sha256(token[:128].encode(errors="surrogatepass")).digest()
