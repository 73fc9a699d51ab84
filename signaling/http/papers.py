"""Papers: reading, renaming, ordering, removal. How they come in is in ``paper_intake``."""

from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from auth.audit.entry import Action
from auth.audit.once import view_once
from auth.model import OrgRole
from auth.permissions import Permission
from documents import repository as papers
from documents.model import Paper, PaperId, PaperVersion
from meetings.changes import Change, ChangeKind
from meetings.model import ItemId, MeetingId
from meetings.records import AgendaItem
from signaling.access import access_item, access_meeting
from signaling.audit_entries import entry
from signaling.errors import NotFound
from signaling.http.files import SealedFile, send_file
from signaling.http.route import Call, Route
from signaling.store.transaction import Transaction
from signaling.wire.base import Wire
from signaling.wire.preparation import PaperOrder, PaperPatch

AnyCall = Call[Wire] | Call[PaperPatch]


def titled(item: AgendaItem | None, title: str) -> dict[str, str]:
    """Return what the log tells of a title: nothing where the item is restricted."""
    return {} if item is not None and item.details.restricted else {"title": title}


def find_paper(conn: Connection, call: AnyCall, permission: Permission, now: datetime) -> tuple[Paper, dict[str, str]]:
    """Return a paper, and what the log tells of its title."""
    access = access_meeting(conn, call.subject, call.meeting_id, permission, now)
    paper = papers.get_paper(conn, PaperId(call.part("paper")))
    if paper.meeting_id != call.meeting_id or call.subject.clearance < paper.label:
        raise NotFound
    item = None if paper.item_id is None else access_item(conn, access, paper.item_id)
    return paper, titled(item, paper.title)


async def remove(call: Call[Wire]) -> None:
    """Take a paper out of the meeting."""

    def run(tx: Transaction) -> None:
        paper, told = find_paper(tx.conn, call, Permission.PAPER_REMOVE, tx.now)
        papers.remove_paper(tx.conn, paper.paper_id, tx.now)
        if paper.item_id is not None:
            tx.changed(call.meeting_id, [Change(ChangeKind.ITEM, paper.item_id)])
        _end_presenting(call, tx, paper)
        tx.audit(entry(Action.PAPER_REMOVE, tx.now, call.subject, "paper", paper.paper_id, **told))

    await call.services.write(call.subject, run)


async def change(call: Call[PaperPatch]) -> None:
    """Rename a paper, or hang it on another item."""
    body = call.body

    def run(tx: Transaction) -> None:
        paper, told = find_paper(tx.conn, call, Permission.PAPER_UPLOAD, tx.now)
        items = {paper.item_id}
        if body.title is not None:
            papers.rename_paper(tx.conn, paper.paper_id, body.title)
            told = told and {"title": body.title}
        if body.item_id is not None and body.item_id != paper.item_id:
            access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.PAPER_UPLOAD, tx.now)
            item = access_item(tx.conn, access, ItemId(body.item_id))
            papers.move_paper(tx.conn, paper.paper_id, item.id)
            _end_presenting(call, tx, paper)
            items.add(item.id)
            told = {**(titled(item, paper.title) and told), "item": item.id}
        tx.changed(call.meeting_id, [Change(ChangeKind.ITEM, one) for one in sorted(filter(None, items))])
        tx.audit(entry(Action.PAPER_CHANGE, tx.now, call.subject, "paper", paper.paper_id, **told))

    await call.services.write(call.subject, run)


def _end_presenting(call: AnyCall, tx: Transaction, paper: Paper) -> None:
    presentations = call.services.sockets.presentations
    tx.after_commit(lambda: presentations.paper_changed(MeetingId(paper.meeting_id), paper.paper_id))


async def order(call: Call[PaperOrder]) -> None:
    """Put the papers of an item into another order."""
    item_id = ItemId(call.part("item"))

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.PAPER_UPLOAD, tx.now)
        access_item(tx.conn, access, item_id)
        papers.order_papers(tx.conn, item_id, [PaperId(one) for one in call.body.paper_ids])
        tx.changed(call.meeting_id, [Change(ChangeKind.ITEM, item_id)])
        tx.audit(entry(Action.PAPER_CHANGE, tx.now, call.subject, "item", item_id, papers=len(call.body.paper_ids)))

    await call.services.write(call.subject, run)


async def read(call: Call[Wire]) -> web.StreamResponse:
    """Return a version of a paper, whole or a range; viewing is logged once per person, version and session."""
    number = call.number("version")
    download = call.request.query.get("download") == "1"

    def run(tx: Transaction) -> tuple[Paper, PaperVersion]:
        paper, told = find_paper(tx.conn, call, _reading(call, number, download=download), tx.now)
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


def _reading(call: Call[Wire], number: int, *, download: bool) -> Permission:
    """Return what reading needs: a hall's screen shows the paper that is being presented, and no other."""
    now = call.services.sockets.presentations.of(call.meeting_id)
    shown = now is not None and (now.shown.paper_id, now.shown.version) == (call.part("paper"), number)
    hall = OrgRole.ROOM in call.subject.roles
    return Permission.PAPER_SHOWN if hall and shown and not download else Permission.PAPER_READ


ROUTES = [
    Route(
        "PATCH",
        "/meetings/{meeting}/papers/{paper}",
        Permission.PAPER_UPLOAD,
        change,
        "Rename a paper or hang it on another item",
        PaperPatch,
    ),
    Route(
        "PUT",
        "/meetings/{meeting}/items/{item}/paper-order",
        Permission.PAPER_UPLOAD,
        order,
        "Order the papers of an item",
        PaperOrder,
    ),
    Route("DELETE", "/meetings/{meeting}/papers/{paper}", Permission.PAPER_REMOVE, remove, "Remove a paper"),
    Route(
        "GET",
        "/meetings/{meeting}/papers/{paper}/versions/{version}",
        Permission.PAPER_READ,
        read,
        "A version of a paper",
        media_types=("application/pdf",),
    ),
]
