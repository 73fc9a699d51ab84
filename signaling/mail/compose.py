"""A letter as it is sent: plain text, the same as simple HTML, and its calendar entry (RFC 5322, 2045, 6047)."""

from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from auth.email_address import canonical_email
from meetings.phrases import Phrases, listed
from signaling.mail.calendar import letter_entry, method_of
from signaling.mail.letter import Letter
from signaling.settings import Settings

Part = str | tuple[str, tuple[str, ...]]  # a paragraph, or a list under its heading


class NoAddress(Exception):
    """The person has no address in the directory."""


def compose(letter: Letter, settings: Settings) -> EmailMessage:
    """Return the message. Raises NoAddress; ValueError for what does not fit into a header."""
    if letter.person.email is None:
        raise NoAddress(letter.person.id)
    phrases = Phrases(letter.person.locale, letter.heading.zone)
    title = phrases.say("mail-neutral-title") if letter.discreet else _line(letter.heading.title)
    link = f"{settings.origin}/meetings/{letter.meeting.id}"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_line(settings.organisation), addr_spec=settings.sender)
    mail["To"] = Address(_line(letter.person.name), addr_spec=canonical_email(letter.person.email))
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.message_id}.{int(letter.at.timestamp())}@{settings.name}>"
    mail["Subject"] = phrases.say(f"mail-{letter.kind}-subject", title=title)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no out-of-office replies
    parts = list(_parts(letter, phrases, title))
    mail.set_content(_text(parts, phrases, link))
    mail.add_alternative(_html(parts, phrases, link, listed(letter.person.locale)), subtype="html")
    _add_calendar(mail, letter, settings, link)
    return mail


def _add_calendar(mail: EmailMessage, letter: Letter, settings: Settings, link: str) -> None:
    entry = letter_entry(
        letter, domain=settings.name, link=link, sender=settings.sender, organisation=settings.organisation
    )
    method = method_of(letter.kind)
    if entry is None or method is None:
        return
    mail.add_alternative(entry.decode(), subtype="calendar", params={"method": method.value})
    mail.add_attachment(entry, maintype="application", subtype="ics", filename="meeting.ics")


def _line(text: str) -> str:
    """A header holds one line."""
    return " ".join(text.split())


def _parts(letter: Letter, phrases: Phrases, title: str) -> Iterator[Part]:
    """Yield paragraphs, and lists with what stands above them."""
    heading = letter.heading
    yield phrases.say("mail-greeting", name=letter.person.name)
    version = letter.sequence if letter.kind == "agenda_changed" else 0
    yield phrases.say(f"mail-{letter.kind}-text", title=title, version=version)
    if letter.discreet:
        return
    if letter.reason:
        yield phrases.say("mail-reason", reason=letter.reason)
    if letter.kind != "minutes_to_sign":
        yield phrases.say("mail-when", start=heading.starts_at, end=heading.ends_at, zone=heading.zone)
        if heading.place:
            yield phrases.say("mail-where", place=heading.place)
    if letter.changes:
        yield phrases.say("mail-changes"), letter.changes


def _text(parts: list[Part], phrases: Phrases, link: str) -> str:
    blocks = [
        part if isinstance(part, str) else "\n".join([part[0], *(f"- {one}" for one in part[1])]) for part in parts
    ]
    return "\n\n".join([*blocks, f"{phrases.say('mail-open')}:\n{link}"]) + "\n"


def _html(parts: list[Part], phrases: Phrases, link: str, language: str) -> str:
    blocks = [
        f"<p>{escape(part)}</p>"
        if isinstance(part, str)
        else f"<p>{escape(part[0])}</p><ul>{''.join(f'<li>{escape(one)}</li>' for one in part[1])}</ul>"
        for part in parts
    ]
    body = "".join([*blocks, f'<p><a href="{escape(link)}">{escape(phrases.say("mail-open"))}</a></p>'])
    return f'<!doctype html><html lang="{language}"><body style="font:16px/1.5 sans-serif">{body}</body></html>'
