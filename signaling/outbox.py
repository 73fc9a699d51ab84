"""Delivery of outgoing messages: each becomes a mail file in the outgoing folder, exactly as it would be sent.

A row is marked only after its file is on disk, so a kill between the two repeats the file under the same name and
nothing is lost. A message that cannot be built is marked as failed and logged, and those behind it go on.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.exc import SQLAlchemyError

from auth.directory import get_person
from auth.model import PersonId
from certs.files import private_folder, write_file
from meetings.phrases import Phrases
from signaling.services import Services
from signaling.store.tables import outbox
from signaling.store.transaction import Transaction

logger = logging.getLogger(__name__)
BATCH = 50


@dataclass(frozen=True, slots=True)
class _Message:
    id: int
    kind: str
    username: str
    name: str
    locale: str
    title: str
    link: str
    at: datetime


async def deliver(services: Services) -> None:
    """Write what waits; called again and again."""
    settings = services.settings
    built = await services.db.read(lambda conn: _waiting(conn, settings.origin, settings.name))
    if not built:
        return
    mails = {message_id: mail for message_id, mail in built.items() if mail is not None}
    await asyncio.to_thread(_write_all, settings.data / "outgoing", mails)
    failed = built.keys() - mails.keys()

    def mark(tx: Transaction) -> None:
        tx.conn.execute(update(outbox).where(outbox.c.id.in_(list(mails))).values(delivered_at=tx.now))
        if failed:
            tx.conn.execute(update(outbox).where(outbox.c.id.in_(failed)).values(failed_at=tx.now))

    await services.db.write(mark)


def _waiting(conn: Connection, origin: str, domain: str) -> dict[int, bytes | None]:
    """Return the next messages by id; None for one that cannot be built."""
    waits = outbox.c.delivered_at.is_(None), outbox.c.failed_at.is_(None)
    rows = conn.execute(select(outbox).where(*waits).order_by(outbox.c.id).limit(BATCH)).all()
    return {row.id: _built(conn, row, origin, domain) for row in rows}


def _built(conn: Connection, row: Row[Any], origin: str, domain: str) -> bytes | None:
    try:
        return _mail(_message(conn, row, origin), domain)
    except SQLAlchemyError:  # the database's trouble, not the message's
        raise
    except Exception:
        logger.exception("message %d cannot be built and is not sent", row.id)
        return None


def _message(conn: Connection, row: Row[Any], origin: str) -> _Message:
    person, body = get_person(conn, PersonId(row.recipient_id)), json.loads(row.body)
    link = f"{origin}/meetings/{body['meeting']}"
    title = " ".join(body["title"].split())  # a header holds one line
    return _Message(row.id, row.kind, person.username, person.name, person.locale, title, link, row.created_at)


def _write_all(folder: Path, mails: dict[int, bytes]) -> None:
    private_folder(folder)
    for message_id, mail in mails.items():
        write_file(folder / f"{message_id:08d}.eml", mail)


def _mail(message: _Message, domain: str) -> bytes:
    phrases = Phrases(message.locale, "UTC")
    mail = EmailMessage()
    mail["From"] = f"plenum@{domain}"
    mail["To"] = f"{message.username}@{domain}"
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.id}.plenum@{domain}>"
    mail["Subject"] = phrases.say(f"mail-{message.kind}-subject", title=message.title)
    mail.set_content(
        phrases.say(f"mail-{message.kind}-body", name=message.name, title=message.title, link=message.link)
    )
    return mail.as_bytes()
