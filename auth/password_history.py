"""Earlier passwords, as hashes: a policy may bar the last few of them."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from auth import pending, welcome
from auth.directory import password_hash_of, set_password
from auth.factor_tables import password_history
from auth.model import PersonId

KEPT = 10
# How many passwords, the present one included, a new one must differ from; by the name of the session policy.
BARRED = {"default": 1, "vn-l3": KEPT}


def change_password(conn: Connection, person_id: PersonId, password_hash: str | None, now: datetime) -> None:
    """Replace the password and remember the old one; half sign-ins and a welcome link end with it.

    The caller revokes the other sessions. Raises PersonUnknown.
    """
    before = password_hash_of(conn, person_id)
    set_password(conn, person_id, password_hash)
    pending.forget(conn, person_id)
    welcome.end_link(conn, person_id)
    if before is not None:
        conn.execute(insert(password_history).values(person_id=person_id, replaced_at=now, password_hash=before))
    _prune(conn, person_id)


def barred_hashes(conn: Connection, person_id: PersonId, count: int) -> list[str]:
    """Return the hashes of the last ``count`` passwords, newest first, the present one included."""
    present = password_hash_of(conn, person_id)
    return ([present] if present else []) + _earlier(conn, person_id)[: max(0, count - 1)]


def _earlier(conn: Connection, person_id: PersonId) -> list[str]:
    query = select(password_history.c.password_hash).where(password_history.c.person_id == person_id)
    return list(conn.execute(query.order_by(password_history.c.replaced_at.desc())).scalars())


def _prune(conn: Connection, person_id: PersonId) -> None:
    mine = password_history.c.person_id == person_id
    newest = select(password_history.c.replaced_at).where(mine).order_by(password_history.c.replaced_at.desc())
    kept = newest.limit(KEPT)
    conn.execute(delete(password_history).where(mine, password_history.c.replaced_at.not_in(kept)))
