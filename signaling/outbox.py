"""Delivery of outgoing messages: each becomes a mail file in the outgoing folder, exactly as it would be sent.

A row is marked only after its file is on disk, so a kill between the two repeats the file under the same name and
nothing is lost.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy import Connection, select, update

from auth.directory import get_person
from auth.model import PersonId
from certs.files import private_folder, write_file
from meetings.phrases import Phrases
from signaling.services import Services
from signaling.store.tables import outbox
from signaling.store.transaction import Transaction

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
    waiting = await services.db.read(lambda conn: _waiting(conn, services.settings.origin))
    if not waiting:
        return
    folder = services.settings.data / "outgoing"
    await asyncio.to_thread(_write_all, folder, waiting, services.settings.name)
    done = [message.id for message in waiting]

    def mark(tx: Transaction) -> None:
        tx.conn.execute(update(outbox).where(outbox.c.id.in_(done)).values(delivered_at=tx.now))

    await services.db.write(mark)


def _waiting(conn: Connection, origin: str) -> list[_Message]:
    rows = conn.execute(select(outbox).where(outbox.c.delivered_at.is_(None)).order_by(outbox.c.id).limit(BATCH)).all()
    messages = []
    for row in rows:
        person, body = get_person(conn, PersonId(row.recipient_id)), json.loads(row.body)
        link = f"{origin}/meetings/{body['meeting']}"
        title = " ".join(body["title"].split())  # a header holds one line
        messages.append(
            _Message(row.id, row.kind, person.username, person.name, person.locale, title, link, row.created_at)
        )
    return messages


def _write_all(folder: Path, messages: list[_Message], domain: str) -> None:
    private_folder(folder)
    for message in messages:
        write_file(folder / f"{message.id:08d}.eml", _mail(message, domain))


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
