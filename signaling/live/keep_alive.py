"""A socket in use keeps its session alive, and ends with it."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from auth import sessions
from auth.directory import subject_of
from auth.errors import IdentityError
from auth.model import Subject
from signaling.live.connection import Connection as Socket
from signaling.services import Services
from signaling.store.transaction import Transaction


async def keep_alive(services: Services, connection: Socket) -> None:
    """Look the session up again, with the rights it has now; touch it; end the socket if it is over."""

    def look_up(conn: Connection) -> tuple[sessions.Session, Subject]:
        session = sessions.look_up_id(conn, connection.subject.session_id, datetime.now(UTC))
        return session, subject_of(conn, session)

    def touch(tx: Transaction) -> None:
        session, _ = look_up(tx.conn)
        sessions.touch(tx.conn, session, tx.now)

    try:
        session, connection.subject = await services.db.read(look_up)
        if connection.subscriptions and sessions.needs_touch(session, datetime.now(UTC)):
            await services.db.write(touch)
    except IdentityError as error:
        connection.end(error.code)
