"""Closing a poll: it is counted, its verdict is fixed, and the result is published to the meeting."""

from auth.audit.entry import Action
from meetings import poll_store
from meetings.model import MeetingId, PollId
from signaling.audit_entries import entry
from signaling.store.transaction import Transaction


def close_poll(tx: Transaction, meeting_id: MeetingId, poll_id: PollId) -> None:
    """Close and publish. Raises meetings.errors.PollNotOpen or NoSuchPoll."""
    tx.changed(meeting_id, poll_store.close_poll(tx.conn, meeting_id, poll_id, tx.now))
    tx.changed(meeting_id, poll_store.publish_poll(tx.conn, meeting_id, poll_id, tx.now))
    closed = poll_store.load_poll(tx.conn, meeting_id, poll_id)
    verdict = closed.result.outcome.verdict.value if closed.result else None
    turnout = len(closed.voted)
    tx.audit(entry(Action.POLL_CLOSE, tx.now, tx.subject, "poll", poll_id, verdict=verdict, turnout=turnout))
