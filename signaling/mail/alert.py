"""The letter that calls a security officer: which rule has spoken, and where to read more. It names nobody."""

import json
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from sqlalchemy import Connection, Row

from auth.directory import get_person
from auth.email_address import canonical_email
from auth.model import PersonId
from meetings.phrases import Phrases
from signaling.mail.compose import NoAddress
from signaling.settings import Settings

ALERT = "alert"


def compose_alert(conn: Connection, row: Row[Any], settings: Settings) -> EmailMessage:
    """Return the message of a row of the outbox. Raises NoAddress."""
    person = get_person(conn, PersonId(row.recipient_id))
    if person.email is None:
        raise NoAddress(person.id)
    phrases = Phrases(person.locale, "UTC")
    rule = phrases.say(f"mail-alert-{json.loads(row.body)['rule']}")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(" ".join(settings.organisation.split()), addr_spec=settings.sender)
    mail["To"] = Address(" ".join(person.name.split()), addr_spec=canonical_email(person.email))
    mail["Date"] = format_datetime(row.created_at)
    mail["Message-ID"] = f"<{row.id}.{int(row.created_at.timestamp())}@{settings.name}>"
    mail["Subject"] = phrases.say("mail-alert-subject", rule=rule)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no out-of-office replies
    greeting = phrases.say("mail-greeting", name=person.name)
    text = phrases.say("mail-alert-text", rule=rule)
    mail.set_content(f"{greeting}\n\n{text}\n\n{settings.origin}/audit?tab=alerts\n")
    return mail
