"""Who asks, at this moment: what the directory says, and whether a meeting gives a duty that demands a factor."""

from dataclasses import replace

from sqlalchemy import Connection

from auth.directory import subject_of
from auth.model import PersonId, Subject
from auth.permissions import MUST_HAVE_FACTOR
from auth.sessions import Session
from meetings.participant_store import leads_any


def current_subject(conn: Connection, session: Session) -> Subject:
    """Return the subject of a session. Raises NoSession for a closed account."""
    subject = subject_of(conn, session)
    # Whoever has the factor is asked for nothing more, so nobody has to look.
    return subject if subject.second_factor else replace(subject, leads=leads_any(conn, subject.person_id))


def must_keep_factor(conn: Connection, subject: Subject) -> bool:
    """Say whether somebody's duties demand a second factor, whether it is there or not."""
    return bool(subject.roles & MUST_HAVE_FACTOR) or leads_any(conn, PersonId(subject.person_id))
