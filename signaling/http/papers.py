"""Papers: upload, reading, removal."""

import asyncio
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from auth.audit.entry import Action
from auth.audit.once import view_once
from auth.permissions import Permission
from documents import repository as papers
from documents.intake import CleanPdf, Limits, accept_pdf
from documents.model import BlobRef, Paper, PaperId, PaperVersion
from documents.upload import Upload, UploadParser
from meetings.changes import Change, ChangeKind
from meetings.model import ItemId
from meetings.records import AgendaItem
from signaling.access import Access, access_item, access_meeting
from signaling.audit_entries import entry
from signaling.errors import BadRequest, NotFound, TooSlow
from signaling.http.files import SealedFile, send_file
from signaling.http.route import Call, Route
from signaling.store.transaction import Transaction
from signaling.wire.base import Created, Wire

INTAKE_TIMEOUT_S = 120
UPLOAD_S = 600.0  # for a whole body
SILENCE_S = 30.0  # without a byte of it
TITLE_LENGTH = 200


async def upload(call: Call[Wire]) -> Created:
    """Take in a PDF for an agenda item: checked, rewritten, sealed, then announced."""
    item_id = ItemId(call.part("item"))

    def check(conn: Connection, now: datetime) -> Access:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.PAPER_UPLOAD, now)
        access_item(conn, access, item_id)
        return access

    access = await call.services.read(call.subject, check)
    async with call.services.fair_use.uploads.hold(call.subject.session_id):
        received = await _receive(call)
        title = received.fields.get("title", "").strip()[:TITLE_LENGTH] or received.filename[:TITLE_LENGTH]
        if not title:
            raise BadRequest("title", "a paper needs a title")
        limits = Limits(max_bytes=call.services.settings.upload_limit)
        clean = await call.services.workers.run(
            accept_pdf, received.filename, received.data, limits, timeout=INTAKE_TIMEOUT_S
        )
        paper_id = papers.new_paper_id()
        label = access.meeting.details.label
        blob = await asyncio.to_thread(call.services.blobs.put, paper_id, 1, label, clean.data)

    def run(tx: Transaction) -> None:
        check(tx.conn, tx.now)
        _add(tx, call, paper_id, item_id, title=title, blob=blob, clean=clean, file_name=received.filename)

    await call.services.write(call.subject, run)
    return Created(id=paper_id)


def _add(
    tx: Transaction,
    call: Call[Wire],
    paper_id: PaperId,
    item_id: ItemId,
    *,
    title: str,
    blob: BlobRef,
    clean: CleanPdf,
    file_name: str,
) -> None:
    access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.PAPER_UPLOAD, tx.now)
    me = call.subject.person_id
    papers.add_paper(
        tx.conn,
        call.meeting_id,
        item_id,
        title=title,
        label=access.meeting.details.label,
        created_by=me,
        now=tx.now,
        paper_id=paper_id,
    )
    papers.add_version(
        tx.conn, paper_id, 1, blob, pages=clean.pages, file_name=file_name[:200], uploaded_by=me, now=tx.now
    )
    tx.changed(call.meeting_id, [Change(ChangeKind.ITEM, item_id)])
    told = _titled(access_item(tx.conn, access, item_id), title)
    tx.audit(entry(Action.PAPER_UPLOAD, tx.now, call.subject, "paper", paper_id, **told, sha256=blob.sha256, version=1))


def _titled(item: AgendaItem | None, title: str) -> dict[str, str]:
    """Return what the log tells of a title: nothing where the item is restricted."""
    return {} if item is not None and item.details.restricted else {"title": title}


async def _receive(call: Call[Wire]) -> Upload:
    """Read the body as it arrives, no further than the cap and no longer than its time. Raises TooSlow."""
    parser = UploadParser(call.request.headers.get("Content-Type", ""), call.services.settings.upload_limit)
    try:
        async with asyncio.timeout(UPLOAD_S):
            while chunk := await _next_chunk(call.request):
                parser.feed(chunk)
    except TimeoutError as error:
        raise TooSlow from error
    return parser.finish()


async def _next_chunk(request: web.Request) -> bytes:
    """Return what came next, empty at the end. Raises TimeoutError."""
    async with asyncio.timeout(SILENCE_S):
        return await request.content.read(2**16)


def _find(conn: Connection, call: Call[Wire], permission: Permission, now: datetime) -> tuple[Paper, dict[str, str]]:
    """Return a paper, and what the log tells of its title."""
    access = access_meeting(conn, call.subject, call.meeting_id, permission, now)
    paper = papers.get_paper(conn, PaperId(call.part("paper")))
    if paper.meeting_id != call.meeting_id or call.subject.clearance < paper.label:
        raise NotFound
    item = None if paper.item_id is None else access_item(conn, access, paper.item_id)
    return paper, _titled(item, paper.title)


async def remove(call: Call[Wire]) -> None:
    """Take a paper out of the meeting."""

    def run(tx: Transaction) -> None:
        paper, told = _find(tx.conn, call, Permission.PAPER_REMOVE, tx.now)
        papers.remove_paper(tx.conn, paper.paper_id, tx.now)
        if paper.item_id is not None:
            tx.changed(call.meeting_id, [Change(ChangeKind.ITEM, paper.item_id)])
        tx.audit(entry(Action.PAPER_REMOVE, tx.now, call.subject, "paper", paper.paper_id, **told))

    await call.services.write(call.subject, run)


async def read(call: Call[Wire]) -> web.StreamResponse:
    """Return a version of a paper, whole or a range; viewing is logged once per person, version and session."""
    number = call.number("version")
    download = call.request.query.get("download") == "1"

    def run(tx: Transaction) -> tuple[Paper, PaperVersion]:
        paper, told = _find(tx.conn, call, Permission.PAPER_READ, tx.now)
        version = papers.get_paper_version(tx.conn, paper.paper_id, number)
        seen = f"{paper.paper_id}:{number}"
        action = Action.PAPER_DOWNLOAD if download else Action.PAPER_VIEW
        made = entry(action, tx.now, call.subject, "paper", seen, **told, version=number)
        if download:
            tx.audit(made)
        else:
            view_once(tx.conn, tx.log, made)
        return paper, version

    async with call.services.fair_use.downloads.hold(call.subject.session_id):
        paper, version = await call.services.write(call.subject, run)
        file = SealedFile(version.blob, paper.paper_id, version.version, paper.label, f"{paper.title}.pdf")
        return await send_file(call.request, call.services.blobs, file, download=download)


ROUTES = [
    Route(
        "POST",
        "/meetings/{meeting}/items/{item}/papers",
        Permission.PAPER_UPLOAD,
        upload,
        "Upload a paper (multipart/form-data: title, file)",
        answers=Created,
    ),
    Route("DELETE", "/meetings/{meeting}/papers/{paper}", Permission.PAPER_REMOVE, remove, "Remove a paper"),
    Route(
        "GET",
        "/meetings/{meeting}/papers/{paper}/versions/{version}",
        Permission.PAPER_READ,
        read,
        "A version of a paper",
        media_type="application/pdf",
    ),
]
