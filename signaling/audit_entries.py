"""Entries of the audit log, made in one place so that ids stay opaque and names go into the details."""

from datetime import datetime

from auth.audit.entry import Action, AuditEntry, Detail, Outcome
from auth.errors import Denied
from auth.model import Subject


def entry(
    action: Action,
    now: datetime,
    subject: Subject | None,
    object_type: str | None = None,
    object_id: str | None = None,
    **details: Detail,
) -> AuditEntry:
    """Return an entry for something that a subject did."""
    return AuditEntry(
        action=action,
        at=now,
        actor=subject.person_id if subject else None,
        object_type=object_type,
        object_id=object_id,
        session=subject.session_id if subject else None,
        site=subject.site_id if subject else None,
        details=details,
    )


def open_title(title: str, *, restricted: bool) -> str | None:
    """Return the title of an item, or of what hangs on it, as the log may hold it.

    Who reads the log is not cleared for restricted items, so they are there by their ids only.
    """
    return None if restricted else title


def denial_entry(subject: Subject | None, denied: Denied, now: datetime) -> AuditEntry:
    """Return the entry that a refused command leaves behind."""
    made = AuditEntry(
        action=Action.DENIAL,
        at=now,
        outcome=Outcome.DENIED,
        actor=subject.person_id if subject else None,
        object_type=getattr(denied, "object_type", None),
        object_id=getattr(denied, "object_id", None),
        session=subject.session_id if subject else None,
        site=subject.site_id if subject else None,
        details={"reason": denied.reason, "permission": getattr(denied, "permission", None)},
    )
    return made
