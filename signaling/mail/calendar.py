"""Calendar entries of meetings (RFC 5545, RFC 5546): one UID for each meeting, one sequence number for each version."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from auth.directory import Person
from meetings.phrases import Phrases
from meetings.records import AgendaHeading
from signaling.mail.letter import Letter

PRODUCT = "-//Plenum//Plenum//EN"


class Method(StrEnum):
    """What a calendar is to do with the entry (RFC 5546 §1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def method_of(kind: str) -> Method | None:
    """Return what a letter asks of the calendar; None: it carries no entry."""
    if kind in {"cancelled", "uninvited"}:
        return Method.CANCEL
    return None if kind == "minutes_to_sign" else Method.REQUEST


def calendar_entry(
    *,
    uid: str,
    method: Method,
    heading: AgendaHeading,
    sequence: int,
    at: datetime,
    link: str,
    sender: str,
    organisation: str,
    attendee: Person,
    discreet: bool,
) -> bytes:
    """Return the file. ``discreet``: without title and place. Times carry the meeting's zone, with its VTIMEZONE."""
    zone = ZoneInfo(heading.zone)
    neutral = Phrases(attendee.locale, heading.zone).say("mail-neutral-title")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", at)
    event.add("dtstart", heading.starts_at.astimezone(zone))
    event.add("dtend", heading.ends_at.astimezone(zone))
    event.add("summary", neutral if discreet else heading.title)
    if heading.place and not discreet:
        event.add("location", heading.place)
    event.add("description", link)
    event.add("url", link)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{sender}")
    organizer.params["cn"] = vText(organisation)
    event.add("organizer", organizer)
    if method is not Method.PUBLISH:
        event.add("attendee", _attendee(attendee), encode=False)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def letter_entry(letter: Letter, *, domain: str, link: str, sender: str, organisation: str) -> bytes | None:
    """Return the entry that goes with a letter, or None."""
    method = method_of(letter.kind)
    if method is None:
        return None
    return calendar_entry(
        uid=uid(letter.meeting.id, domain),
        method=method,
        heading=letter.heading,
        sequence=letter.sequence,
        at=letter.at,
        link=link,
        sender=sender,
        organisation=organisation,
        attendee=letter.person,
        discreet=letter.discreet,
    )


def uid(meeting_id: str, domain: str) -> str:
    """Return the one identifier of a meeting in everybody's calendar."""
    return f"{meeting_id}@{domain}"


def _attendee(person: Person) -> vCalAddress:
    """Answers are given on the meeting's page, where a refusal has its reason: the calendar sends none."""
    address = vCalAddress(f"mailto:{person.email or ''}")
    address.params["cn"] = vText(person.name)
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText("NEEDS-ACTION")
    address.params["rsvp"] = vText("FALSE")
    return address
