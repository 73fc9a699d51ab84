"""Who is told what about a meeting by mail."""

from auth.model import MeetingRole, PersonId
from meetings import participant_store
from meetings.model import MeetingId
from signaling.store.transaction import Transaction


def tell_everybody(tx: Transaction, kind: str, meeting_id: MeetingId, **facts: str | int) -> None:
    """Post a message to everybody invited; halls are nobody."""
    for one in participant_store.participants(tx.conn, meeting_id):
        if one.role is not MeetingRole.ROOM:
            tell(tx, kind, meeting_id, one.person_id, **facts)


def tell(tx: Transaction, kind: str, meeting_id: MeetingId, person_id: PersonId, **facts: str | int) -> None:
    """Post a message to one person."""
    tx.post(kind, person_id, {"meeting": meeting_id, **facts})


def tell_role(tx: Transaction, kind: str, meeting_id: MeetingId, role: MeetingRole) -> None:
    """Post a message to those who have a role in the meeting."""
    for one in participant_store.participants(tx.conn, meeting_id):
        if one.role is role:
            tell(tx, kind, meeting_id, one.person_id)
