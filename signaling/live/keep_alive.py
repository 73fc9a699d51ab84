"""A socket in use keeps its session alive, has the rights that its person has now, and ends with its session."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from auth import sessions
from auth.decide import must_enrol
from auth.errors import IdentityError
from auth.model import SessionId, Subject
from signaling.live.connection import Connection as Socket
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.subjects import current_subject

Found = tuple[sessions.Session, Subject]


async def keep_alive(services: Services, connection: Socket) -> None:
    """Look the session up again; touch it; end the socket if it is over. For each sign of life of the page."""
    now, session_id = services.db.clock.now(), connection.subject.session_id

    def touch(tx: Transaction) -> None:
        sessions.touch(tx.conn, _look_up(tx.conn, session_id, tx.now)[0], tx.now)

    try:
        session, subject = await services.db.read(lambda conn: _look_up(conn, session_id, now))
        renew(services, connection, subject)
        if connection.subscriptions and sessions.needs_touch(session, now):
            await services.db.write(touch)
    except IdentityError as error:
        connection.end(error.code)


async def reevaluate(services: Services) -> None:
    """Look all sessions up again, those of pages that show no sign of life included; nothing is touched."""
    connections = services.sockets.everybody()
    now = services.db.clock.now()
    states = await services.db.read(lambda conn: _states(conn, [one.subject.session_id for one in connections], now))
    for connection in connections:
        state = states[connection.subject.session_id]
        if isinstance(state, IdentityError):
            connection.end(state.code)
        else:
            renew(services, connection, state)


def renew(services: Services, connection: Socket, subject: Subject) -> None:
    """Give a socket the rights of now: it reads anew what it follows if they changed, its media ends if they shrank."""
    before, connection.subject = connection.subject, subject
    if _rights(before) == _rights(subject):
        return
    for meeting_id in list(connection.subscriptions):
        services.sockets.resync_one(connection, meeting_id)
    if not _includes(subject, before):
        services.rooms.holder_ended(connection)


def _look_up(conn: Connection, session_id: SessionId, now: datetime) -> Found:
    session = sessions.look_up_id(conn, session_id, now)
    return session, current_subject(conn, session)


def _states(
    conn: Connection, session_ids: Sequence[SessionId], now: datetime
) -> dict[SessionId, Subject | IdentityError]:
    found: dict[SessionId, Subject | IdentityError] = {}
    for session_id in session_ids:
        try:
            found[session_id] = _look_up(conn, session_id, now)[1]
        except IdentityError as error:
            found[session_id] = error
    return found


def _rights(of: Subject) -> tuple[object, ...]:
    return of.roles, of.clearance, of.compartments, must_enrol(of)


def _includes(now: Subject, before: Subject) -> bool:
    if must_enrol(now):
        return False
    return now.roles >= before.roles and now.clearance >= before.clearance and now.compartments >= before.compartments
