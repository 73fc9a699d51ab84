"""The speakers' list: precedence, the floor, and speaking time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from auth.model import PersonId
from meetings.errors import AlreadyWaiting, BadDetails, FloorClosed, FloorTaken, NotPresent, WrongState
from meetings.model import SpeakerKind, SpeakerState
from meetings.records import SpeakerEntry

_RANK: Final = {kind: rank for rank, kind in enumerate(SpeakerKind)}
ON_THE_FLOOR: Final = frozenset({SpeakerState.SPEAKING, SpeakerState.PAUSED})


def queue(entries: Iterable[SpeakerEntry]) -> list[SpeakerEntry]:
    """Return the waiting entries in their turn: point of order, intervention, turn; then first come."""
    waiting = [entry for entry in entries if entry.state is SpeakerState.WAITING]
    return sorted(waiting, key=lambda entry: (_RANK[entry.kind], entry.number))


def check_request(entries: Iterable[SpeakerEntry], person: PersonId, kind: SpeakerKind, present: bool) -> None:
    """Raise ``NotPresent``, or ``AlreadyWaiting`` for a second waiting entry of one person and kind."""
    if not present:
        raise NotPresent("check in before you ask for the floor")
    if any((entry.person_id, entry.kind) == (person, kind) for entry in queue(entries)):
        raise AlreadyWaiting("you are on the list already")


def check_open(floor_open: bool, kind: SpeakerKind) -> None:
    """Raise ``FloorClosed`` while the list is closed, but for a point of order."""
    if not floor_open and kind is not SpeakerKind.POINT_OF_ORDER:
        raise FloorClosed("the speakers' list is closed")


def speaking(entries: Iterable[SpeakerEntry]) -> SpeakerEntry | None:
    """Return who is speaking; at most one is."""
    return next((entry for entry in entries if entry.state is SpeakerState.SPEAKING), None)


def grant(entries: Sequence[SpeakerEntry], entry: SpeakerEntry, limit_ms: int | None, now: datetime) -> SpeakerEntry:
    """Give the floor to a waiting entry, with a speaking time or without. Raises ``WrongState`` or ``FloorTaken``."""
    _require(entry, SpeakerState.WAITING)
    _require_floor(entries)
    if limit_ms is not None and limit_ms <= 0:
        raise BadDetails("a speaking time is longer than nothing")
    return replace(entry, state=SpeakerState.SPEAKING, granted_at=now, resumed_at=now, limit_ms=limit_ms)


def pause(entry: SpeakerEntry, now: datetime) -> SpeakerEntry:
    """Interrupt the speaker; the clock stops. Raises ``WrongState``."""
    _require(entry, SpeakerState.SPEAKING)
    return replace(entry, state=SpeakerState.PAUSED, used_ms=used_ms(entry, now), resumed_at=None)


def resume(entries: Sequence[SpeakerEntry], entry: SpeakerEntry, now: datetime) -> SpeakerEntry:
    """Give the floor back to an interrupted speaker. Raises ``WrongState`` or ``FloorTaken``."""
    _require(entry, SpeakerState.PAUSED)
    _require_floor(entries)
    return replace(entry, state=SpeakerState.SPEAKING, resumed_at=now)


def end(entry: SpeakerEntry, now: datetime) -> SpeakerEntry:
    """Take the floor from whoever has it. Raises ``WrongState``."""
    if entry.state not in ON_THE_FLOOR:
        raise WrongState(f"a speaker who is {entry.state} does not have the floor")
    return replace(entry, state=SpeakerState.FINISHED, used_ms=used_ms(entry, now), resumed_at=None, ended_at=now)


def withdraw(entry: SpeakerEntry) -> None:
    """Check that an entry may leave the list. Raises ``WrongState`` once it had the floor."""
    _require(entry, SpeakerState.WAITING)


def used_ms(entry: SpeakerEntry, now: datetime) -> int:
    """Return the speaking time up to ``now`` in milliseconds."""
    if entry.resumed_at is None:
        return entry.used_ms
    return entry.used_ms + max(0, round((now - entry.resumed_at).total_seconds() * 1000))


def _require(entry: SpeakerEntry, state: SpeakerState) -> None:
    if entry.state is not state:
        raise WrongState(f"the entry is {entry.state}, not {state}")


def _require_floor(entries: Iterable[SpeakerEntry]) -> None:
    if speaking(entries) is not None:
        raise FloorTaken("pause or end the present speaker first")
