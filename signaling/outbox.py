"""Delivery of outgoing messages: to the organisation's mail server, or as files in the outgoing folder.

A row is marked right after its message was handed over, so a kill between the two repeats that one message, with the
same Message-ID or under the same file name, and nothing is lost. A message that cannot be built or is refused for good
is marked as failed; what may succeed later waits, longer after each attempt. Those behind it go on.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from certs.files import private_folder, write_file
from signaling.mail.alert import ALERT, compose_alert
from signaling.mail.compose import NoAddress, compose
from signaling.mail.letter import read_letter
from signaling.mail.smtp import MailServer, MailSession, SendFailed
from signaling.services import Services
from signaling.settings import Settings
from signaling.store.tables import outbox
from signaling.store.transaction import Transaction

logger = logging.getLogger(__name__)
BATCH = 50
ATTEMPTS = 12  # with the pauses below: about two days
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
WAITING: Final = (outbox.c.delivered_at.is_(None), outbox.c.failed_at.is_(None))


@dataclass(frozen=True, slots=True)
class _Built:
    """A message ready to be handed over, or ``error``: why there is none."""

    id: int
    mail: EmailMessage | None
    error: str = ""


async def deliver(services: Services) -> None:
    """Hand over what waits; called again and again, and never twice at once: that would send letters twice."""
    async with services.mailing:
        await _deliver(services)


async def _deliver(services: Services) -> None:
    settings, now = services.settings, services.db.clock.now()
    built = await services.db.read(lambda conn: _due(conn, settings, now))
    if not built:
        return
    for one in built:
        if one.mail is None:
            await _give_up(services, one.id, one.error)
    ready = [(one.id, one.mail) for one in built if one.mail is not None]
    if settings.smtp_host:
        await _send(services, ready)
    else:
        await asyncio.to_thread(_write_all, settings.data / "outgoing", ready)
        await _mark(services, [message_id for message_id, _ in ready])


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts that failed."""
    doublings: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


def try_again(conn: Connection, meeting_id: str) -> int:
    """Let every message about a meeting that failed or waits go out now; return how many."""
    stuck = outbox.c.meeting_id == meeting_id, outbox.c.delivered_at.is_(None)
    values = {"failed_at": None, "next_at": None, "attempts": 0, "error": None}
    return conn.execute(update(outbox).where(*stuck).values(**values)).rowcount


def _due(conn: Connection, settings: Settings, now: datetime) -> list[_Built]:
    due = or_(outbox.c.next_at.is_(None), outbox.c.next_at <= now)
    rows = conn.execute(select(outbox).where(*WAITING, due).order_by(outbox.c.id).limit(BATCH)).all()
    return [_built(conn, row, settings) for row in rows]


def _built(conn: Connection, row: Row[Any], settings: Settings) -> _Built:
    try:
        if row.kind == ALERT:
            return _Built(row.id, compose_alert(conn, row, settings))
        return _Built(row.id, compose(read_letter(conn, row), settings))
    except SQLAlchemyError:  # the database's trouble, not the message's
        raise
    except NoAddress:
        return _Built(row.id, None, "no_address")
    except Exception:
        logger.exception("message %d cannot be built and is not sent", row.id)
        return _Built(row.id, None, "unbuildable")


async def _send(services: Services, ready: Sequence[tuple[int, EmailMessage]]) -> None:
    """Send over one connection, one message after the other, marking each."""
    settings = services.settings
    with MailSession(MailServer.of(settings)) as session:
        for message_id, mail in ready:
            recipient = mail["To"].addresses[0].addr_spec
            try:
                await asyncio.to_thread(session.send, mail, settings.sender, recipient)
            except SendFailed as failure:
                logger.warning("message %d was not sent: %s", message_id, failure.code)
                if failure.everybody:
                    await _wait_all(services, failure.code)
                    break
                await _fail(services, message_id, failure)
            else:
                await _mark(services, [message_id])
        await asyncio.to_thread(session.close)


async def _mark(services: Services, ids: Sequence[int]) -> None:
    def run(tx: Transaction) -> None:
        tx.conn.execute(update(outbox).where(outbox.c.id.in_(ids)).values(delivered_at=tx.now, error=None))

    if ids:
        await services.db.write(run)


async def _give_up(services: Services, message_id: int, error: str) -> None:
    def run(tx: Transaction) -> None:
        tx.conn.execute(update(outbox).where(outbox.c.id == message_id).values(failed_at=tx.now, error=error))

    await services.db.write(run)


async def _fail(services: Services, message_id: int, failure: SendFailed) -> None:
    """Note that one message was not taken."""
    if failure.final:
        return await _give_up(services, message_id, failure.code)

    def run(tx: Transaction) -> None:
        row = tx.conn.execute(select(outbox).where(outbox.c.id == message_id)).one()
        _put_off(tx, row, failure.code)

    return await services.db.write(run)


async def _wait_all(services: Services, error: str) -> None:
    """The server cannot be used: everything that is due waits."""

    def run(tx: Transaction) -> None:
        due = or_(outbox.c.next_at.is_(None), outbox.c.next_at <= tx.now)
        for row in tx.conn.execute(select(outbox).where(*WAITING, due)).all():
            _put_off(tx, row, error)

    await services.db.write(run)


def _put_off(tx: Transaction, row: Row[Any], error: str) -> None:
    attempts = row.attempts + 1
    values = {"attempts": attempts, "error": error, "next_at": tx.now + pause(attempts)}
    if attempts >= ATTEMPTS:
        values["failed_at"] = tx.now
    tx.conn.execute(update(outbox).where(outbox.c.id == row.id).values(**values))


def _write_all(folder: Path, mails: Sequence[tuple[int, EmailMessage]]) -> None:
    private_folder(folder)
    for message_id, mail in mails:
        write_file(folder / f"{message_id:08d}.eml", mail.as_bytes())
