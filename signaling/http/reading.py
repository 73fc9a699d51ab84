"""Records as they are read: found, allowed, logged."""

from sqlalchemy import Connection

from auth.audit.entry import Action
from auth.permissions import Permission
from documents import repository as papers
from documents.errors import RecordNotFound
from documents.model import Record, RecordKind
from meetings.model import MeetingId
from signaling.access import Access, MeetingDenied, access_meeting
from signaling.audit_entries import entry
from signaling.http.route import Call
from signaling.store.transaction import Transaction
from signaling.usecases.minutes import withheld_items
from signaling.wire.base import Wire


def wants_download(call: Call[Wire]) -> bool:
    """Whether the file is to be kept rather than shown."""
    return call.request.query.get("download") == "1"


def find_record(conn: Connection, meeting_id: str, kind: RecordKind, version: int) -> Record | None:
    """Return a record of a meeting, None if it has none of that kind and version."""
    found = papers.records_of_meeting(conn, MeetingId(meeting_id))
    return next((one for one in found if one.kind is kind and one.version == version), None)


async def open_record(call: Call[Wire], kind: RecordKind, version: int) -> tuple[Access, Record]:
    """Return a record that the subject may read; reading is logged. Raises RecordNotFound and MeetingDenied."""

    def run(tx: Transaction) -> tuple[Access, Record]:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.RECORD_READ, tx.now)
        if kind is RecordKind.MINUTES_PDF:
            access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MINUTES_READ, tx.now)
            _refuse_withheld(tx.conn, access)
        record = find_record(tx.conn, call.meeting_id, kind, version)
        if record is None:
            raise RecordNotFound(f"the meeting has no {kind.value} in version {version}")
        action = Action.PAPER_DOWNLOAD if wants_download(call) else Action.PAPER_VIEW
        tx.audit(entry(action, tx.now, call.subject, "record", record.record_id, kind=kind.value))
        return access, record

    return await call.services.write(call.subject, run)


def _refuse_withheld(conn: Connection, access: Access) -> None:
    """The minutes are one file: who may not read one of its sections does not get it. Raises MeetingDenied."""
    if withheld_items(conn, access):
        raise MeetingDenied("not_named", Permission.MINUTES_READ, access.meeting.id, unseen=True)
