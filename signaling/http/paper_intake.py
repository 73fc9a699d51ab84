"""How papers come in: received as they arrive, checked and rewritten in a worker, sealed, then announced."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from auth.audit.entry import Action, Detail
from auth.errors import AuthError
from auth.model import Label
from auth.permissions import Permission
from documents import repository as papers
from documents.errors import DocumentError
from documents.intake import Limits, accept_pdf
from documents.model import BlobRef, PaperId
from documents.upload import display_text
from meetings.changes import Change, ChangeKind
from meetings.errors import MeetingError
from meetings.model import ItemId
from signaling.access import Access, access_item, access_meeting
from signaling.audit_entries import entry
from signaling.errors import BadRequest, HubError
from signaling.http.papers import find_paper, titled
from signaling.http.receive import receive_upload
from signaling.http.route import Call, Route
from signaling.store.transaction import Transaction
from signaling.wire.base import Created, Wire

INTAKE_TIMEOUT_S = 120
REFUSALS = (AuthError, MeetingError, DocumentError, HubError)  # of a unit of work: it has left nothing behind


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file that was taken in and sealed, but belongs to nothing yet."""

    blob: BlobRef
    title: str
    file_name: str
    pages: int


async def upload(call: Call[Wire]) -> Created:
    """Take in a PDF for an agenda item as a new paper."""
    item_id, paper_id = ItemId(call.part("item")), papers.new_paper_id()

    def check(conn: Connection, now: datetime) -> Access:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.PAPER_UPLOAD, now)
        access_item(conn, access, item_id)
        return access

    access = await call.services.read(call.subject, check)
    label = access.meeting.details.label

    def add(tx: Transaction, taken: _Taken) -> None:
        access = check(tx.conn, tx.now)
        me = call.subject.person_id
        papers.add_paper(
            tx.conn,
            call.meeting_id,
            item_id,
            title=taken.title,
            label=label,
            created_by=me,
            now=tx.now,
            paper_id=paper_id,
        )
        _add_version(tx, call, paper_id, 1, taken)
        tx.changed(call.meeting_id, [Change(ChangeKind.ITEM, item_id)])
        told = titled(access_item(tx.conn, access, item_id), taken.title)
        _log(tx, call, paper_id, taken, **told, version=1)

    async with _taken_in(call, paper_id, 1, label) as taken:
        await call.services.write(call.subject, lambda tx: add(tx, taken))
    return Created(id=paper_id)


async def upload_version(call: Call[Wire]) -> Created:
    """Take in a PDF as the next version of a paper; the earlier ones stay."""

    def check(conn: Connection, now: datetime) -> tuple[PaperId, ItemId | None, Label, int, dict[str, str]]:
        paper, told = find_paper(conn, call, Permission.PAPER_UPLOAD, now)
        return paper.paper_id, paper.item_id, paper.label, papers.next_version(conn, paper.paper_id), told

    paper_id, _, label, number, _ = await call.services.read(call.subject, check)

    def add(tx: Transaction, taken: _Taken) -> None:
        _, item_id, _, _, told = check(tx.conn, tx.now)
        _add_version(tx, call, paper_id, number, taken)
        if item_id is not None:
            tx.changed(call.meeting_id, [Change(ChangeKind.ITEM, item_id)])
        _log(tx, call, paper_id, taken, **told, version=number)

    async with _taken_in(call, paper_id, number, label) as taken:
        await call.services.write(call.subject, lambda tx: add(tx, taken))
    return Created(id=paper_id)


@asynccontextmanager
async def _taken_in(call: Call[Wire], paper_id: PaperId, version: int, label: Label) -> AsyncIterator[_Taken]:
    """Receive, check and seal the file of a request; if the unit of work inside is refused, it is destroyed again."""
    services = call.services
    with services.in_checking.one(call.meeting_id):
        async with services.fair_use.uploads.hold(call.subject.session_id):
            received = await receive_upload(call, services.settings.upload_limit)
            title = display_text(received.fields.get("title", "")) or received.filename
            if not title:
                raise BadRequest("title", "a paper needs a title")
            limits = Limits(max_bytes=services.settings.upload_limit)
            clean = await services.workers.run(
                accept_pdf, received.filename, received.data, limits, timeout=INTAKE_TIMEOUT_S
            )
            blob = await asyncio.to_thread(services.blobs.put, paper_id, version, label, clean.data)
        try:
            yield _Taken(blob, title, received.filename, clean.pages)
        except REFUSALS:
            await asyncio.to_thread(services.blobs.delete, blob)
            raise


def _add_version(tx: Transaction, call: Call[Wire], paper_id: PaperId, number: int, taken: _Taken) -> None:
    papers.add_version(
        tx.conn,
        paper_id,
        number,
        taken.blob,
        pages=taken.pages,
        file_name=taken.file_name,
        uploaded_by=call.subject.person_id,
        now=tx.now,
    )


def _log(tx: Transaction, call: Call[Wire], paper_id: PaperId, taken: _Taken, **told: Detail) -> None:
    tx.audit(entry(Action.PAPER_UPLOAD, tx.now, call.subject, "paper", paper_id, **told, sha256=taken.blob.sha256))


ROUTES = [
    Route(
        "POST",
        "/meetings/{meeting}/items/{item}/papers",
        Permission.PAPER_UPLOAD,
        upload,
        "Upload a paper (multipart/form-data: title, file)",
        answers=Created,
    ),
    Route(
        "POST",
        "/meetings/{meeting}/papers/{paper}/versions",
        Permission.PAPER_UPLOAD,
        upload_version,
        "Upload a new version of a paper (multipart/form-data: file)",
        answers=Created,
    ),
]
