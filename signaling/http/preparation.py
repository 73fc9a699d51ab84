"""What the secretary's desk asks for: checklist, what changed, copies of earlier meetings, the state of the mail."""

from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, Row, select

from auth.audit.entry import Action
from auth.directory import get_person
from auth.errors import PersonUnknown
from auth.model import Label, PersonId
from auth.permissions import Permission
from meetings import readiness, version_store
from meetings.agenda import heading_of
from meetings.model import MeetingId
from signaling.access import access_meeting
from signaling.audit_entries import entry
from signaling.errors import NotFound
from signaling.http.files import disposition
from signaling.http.pipeline import FRESH
from signaling.http.route import Call, Route
from signaling.mail.calendar import Method, calendar_entry, uid
from signaling.outbox import try_again
from signaling.store.tables import outbox
from signaling.store.transaction import Transaction
from signaling.usecases import copying
from signaling.usecases.agenda_changes import agenda_now, agenda_of, changes
from signaling.usecases.readiness import prepared
from signaling.wire import preparation as wire
from signaling.wire.base import Wire


async def checklist(call: Call[Wire]) -> wire.Checklist:
    """Return what is still missing before convening, and what is doubtful."""

    def run(conn: Connection, now: datetime) -> wire.Checklist:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, now)
        found = readiness.readiness(prepared(conn, call.services, access.meeting), now)
        return wire.Checklist(
            blocking=[_finding(one) for one in found.blocking], advice=[_finding(one) for one in found.advice]
        )

    return await call.services.read(call.subject, run)


def _finding(of: readiness.Finding) -> wire.Finding:
    return wire.Finding(code=of.code, item_id=of.item_id, person_id=of.person_id, count=of.count)


async def pending_changes(call: Call[Wire]) -> wire.AgendaChanges:
    """Return what changed since the agenda was last convened."""

    def run(conn: Connection, now: datetime) -> wire.AgendaChanges:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, now)
        newest = version_store.newest(conn, call.meeting_id)
        if not newest:
            return wire.AgendaChanges(since=0, number=None, heading=[], items=[])
        old = agenda_of(version_store.load_version(conn, call.meeting_id, newest))
        return changes(conn, access, old, agenda_now(conn, access.meeting))

    return await call.services.read(call.subject, run)


async def version_changes(call: Call[Wire]) -> wire.AgendaChanges:
    """Return what a version changed against the one before it, or against the one that ``since`` names."""
    number = call.number("version")
    asked = call.request.query.get("since", "")
    since = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < len("1000000") else number - 1

    def run(conn: Connection, now: datetime) -> wire.AgendaChanges:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.RECORD_READ, now)
        if not 1 <= since < number:
            raise NotFound
        old, new = (version_store.load_version(conn, call.meeting_id, one) for one in (since, number))
        return changes(conn, access, agenda_of(old), agenda_of(new))

    return await call.services.read(call.subject, run)


async def copy(call: Call[wire.Copy]) -> wire.Copied:
    """Take over agenda and participants from another meeting that the subject may read."""
    body = call.body

    def run(tx: Transaction) -> wire.Copied:
        target = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, tx.now)
        source = access_meeting(tx.conn, call.subject, MeetingId(body.from_meeting_id), Permission.MEETING_READ, tx.now)
        if body.invitees and copying.opens_items(tx, source, target):
            access_meeting(tx.conn, call.subject, call.meeting_id, Permission.SECRETARY_NAME, tx.now)
        invitees = copying.copy_invitees(tx, source, target) if body.invitees else 0
        items = copying.copy_agenda(tx, source, target) if body.agenda else 0
        made = entry(
            Action.MEETING_EDIT,
            tx.now,
            call.subject,
            "meeting",
            call.meeting_id,
            copied_from=source.meeting.id,
            items=items,
            participants=invitees,
        )
        tx.audit(made)
        return wire.Copied(items=items, invitees=invitees)

    return await call.services.write(call.subject, run)


async def calendar(call: Call[Wire]) -> web.Response:
    """Return the meeting as a file for one's own calendar; there is none before it is convened."""
    settings = call.services.settings

    def run(conn: Connection, now: datetime) -> bytes:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.MEETING_READ, now)
        versions = version_store.versions(conn, call.meeting_id)
        if not versions:
            raise NotFound
        details = access.meeting.details
        return calendar_entry(
            uid=uid(call.meeting_id, settings.name),
            method=Method.PUBLISH,
            heading=versions[-1].heading or heading_of(details),
            sequence=versions[-1].number,
            at=versions[-1].convened_at,
            link=f"{settings.origin}/meetings/{call.meeting_id}",
            sender=settings.sender,
            organisation=settings.organisation,
            attendee=get_person(conn, call.subject.person_id),
            discreet=details.label > Label.INTERNAL,
        )

    data = await call.services.read(call.subject, run)
    headers = FRESH | {"Content-Disposition": disposition("meeting.ics", download=True)}
    return web.Response(body=data, content_type="text/calendar", charset="utf-8", headers=headers)


async def mail(call: Call[Wire]) -> wire.MailList:
    """Return the messages about the meeting, the newest first."""

    def run(conn: Connection, now: datetime) -> wire.MailList:
        access_meeting(conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, now)
        query = select(outbox).where(outbox.c.meeting_id == call.meeting_id).order_by(outbox.c.id.desc()).limit(2000)
        lines = [_mail_line(conn, row) for row in conn.execute(query)]
        return wire.MailList(by_file=not call.services.settings.smtp_host, messages=lines)

    return await call.services.read(call.subject, run)


def _mail_line(conn: Connection, row: Row[Any]) -> wire.MailLine:
    state = wire.MailState.SENT if row.delivered_at else wire.MailState.WAITING
    try:
        name = get_person(conn, PersonId(row.recipient_id)).name
    except PersonUnknown:
        name = ""
    return wire.MailLine(
        id=row.id,
        kind=row.kind,
        person_id=row.recipient_id,
        name=name,
        state=wire.MailState.FAILED if row.failed_at else state,
        error=row.error,
        created_at=row.created_at,
        sent_at=row.delivered_at,
    )


async def mail_again(call: Call[Wire]) -> None:
    """Send again what was not delivered."""

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, tx.now)
        count = try_again(tx.conn, call.meeting_id)
        tx.audit(entry(Action.MEETING_EDIT, tx.now, call.subject, "meeting", call.meeting_id, mail_again=count))

    await call.services.write(call.subject, run)


def _routes() -> list[Route]:
    path, edit, changed = "/meetings/{meeting}", Permission.MEETING_EDIT, wire.AgendaChanges
    return [
        Route("GET", f"{path}/checklist", edit, checklist, "What is missing before convening", answers=wire.Checklist),
        Route("GET", f"{path}/agenda-changes", edit, pending_changes, "Changes not convened yet", answers=changed),
        Route(
            "GET",
            f"{path}/agenda/{{version}}/changes",
            Permission.RECORD_READ,
            version_changes,
            "What a version changed (query: since)",
            answers=changed,
        ),
        Route("POST", f"{path}/copies", edit, copy, "Copy from another meeting", wire.Copy, wire.Copied),
        Route(
            "GET",
            f"{path}/calendar",
            Permission.MEETING_READ,
            calendar,
            "Entry for one's own calendar (RFC 5545)",
            media_types=("text/calendar",),
        ),
        Route("GET", f"{path}/mail", edit, mail, "Mail about the meeting", answers=wire.MailList),
        Route("POST", f"{path}/mail/retries", edit, mail_again, "Send again what was not delivered"),
    ]


ROUTES = _routes()
