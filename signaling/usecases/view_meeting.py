"""Reading a meeting is an access to a labelled object: logged once per person, meeting and session."""

from auth.audit.entry import Action
from auth.audit.once import view_once
from auth.model import Subject
from meetings.model import MeetingId
from signaling.audit_entries import entry
from signaling.services import Services
from signaling.store.transaction import Transaction


async def record_view(services: Services, subject: Subject, meeting_id: MeetingId) -> None:
    """Record that the subject is about to see the meeting; durable before anything of it leaves."""

    def run(tx: Transaction) -> None:
        view_once(tx.conn, tx.log, entry(Action.MEETING_VIEW, tx.now, subject, "meeting", meeting_id))

    await services.write(subject, run)
