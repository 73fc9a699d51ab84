"""Minutes: draft → review → signed.

The secretary edits in draft and in review until the text is frozen; then the secretary signs, and the chair after.
Signed minutes never change. How a draft is written is in ``drafting``.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from auth.model import MeetingRole, PersonId
from meetings.errors import (
    AlreadySigned,
    MinutesFrozen,
    MinutesNotFrozen,
    SigningOrder,
    StaleRevision,
    UnknownSection,
    WrongState,
)
from meetings.model import MinutesState
from meetings.records import Minutes, Section


def redraft(minutes: Minutes, sections: tuple[Section, ...]) -> Minutes:
    """Replace a draft by a new one from the facts; edits are lost. Raises ``WrongState``."""
    _require(minutes, MinutesState.DRAFT)
    return replace(minutes, sections=sections, revision=minutes.revision + 1)


def edit(minutes: Minutes, texts: Mapping[str, str], expected_revision: int) -> Minutes:
    """Replace the texts of sections by id. Raises ``MinutesFrozen``, ``StaleRevision`` or ``UnknownSection``."""
    if minutes.frozen_at is not None:
        raise MinutesFrozen("the text is frozen for signing")
    _require_revision(minutes, expected_revision)
    if unknown := texts.keys() - {section.id for section in minutes.sections}:
        raise UnknownSection(", ".join(sorted(unknown)))
    sections = tuple(replace(section, text=texts.get(section.id, section.text)) for section in minutes.sections)
    return replace(minutes, sections=sections, revision=minutes.revision + 1)


def submit(minutes: Minutes) -> Minutes:
    """Hand the draft to the attendees for review. Raises ``WrongState``."""
    _require(minutes, MinutesState.DRAFT)
    return replace(minutes, state=MinutesState.REVIEW)


def give_back(minutes: Minutes) -> Minutes:
    """Return reviewed minutes to the secretary, unfrozen. Raises ``WrongState`` or ``AlreadySigned``."""
    _require(minutes, MinutesState.REVIEW)
    if minutes.secretary_signed_at is not None:
        raise AlreadySigned("signed minutes do not change; write an addendum")
    return replace(minutes, state=MinutesState.DRAFT, frozen_at=None)


def freeze(minutes: Minutes, expected_revision: int, now: datetime) -> Minutes:
    """Fix the reviewed text for signing; repeating it changes nothing. Raises ``WrongState``, ``StaleRevision``."""
    _require(minutes, MinutesState.REVIEW)
    _require_revision(minutes, expected_revision)
    return minutes if minutes.frozen_at is not None else replace(minutes, frozen_at=now)


def sign(minutes: Minutes, signer: PersonId, role: MeetingRole, now: datetime) -> Minutes:
    """Record a signature: the secretary's first, then the chair's, which completes the minutes.

    Raises ``MinutesNotFrozen``, ``AlreadySigned`` or ``SigningOrder``.
    """
    if minutes.frozen_at is None:
        raise MinutesNotFrozen("freeze the text before it is signed")
    if role is MeetingRole.SECRETARY:
        if minutes.secretary_signed_at is not None:
            raise AlreadySigned("the secretary has signed")
        return replace(minutes, secretary_id=signer, secretary_signed_at=now)
    if role is not MeetingRole.CHAIR or minutes.secretary_signed_at is None:
        raise SigningOrder("the secretary signs first, then the chair")
    if minutes.chair_signed_at is not None:
        raise AlreadySigned("the chair has signed")
    return replace(minutes, state=MinutesState.SIGNED, chair_id=signer, chair_signed_at=now)


def _require(minutes: Minutes, state: MinutesState) -> None:
    if minutes.state is not state:
        raise WrongState(f"the minutes are in {minutes.state}, not in {state}")


def _require_revision(minutes: Minutes, expected: int) -> None:
    if minutes.revision != expected:
        raise StaleRevision(f"the minutes are at revision {minutes.revision}")
