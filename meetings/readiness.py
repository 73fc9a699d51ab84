"""What is missing before a meeting is convened: what forbids it, and what a careful secretary would look at. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from auth.model import MeetingRole, PersonId
from meetings.errors import EmptyAgenda, ItemForNobody, MeetingOver, NobodyVotes, NoChair, PaperInChecking, Refused
from meetings.lifecycle import PLANNED
from meetings.model import ItemId, ItemKind, ItemState
from meetings.records import AgendaItem, Meeting, Participant


class Advice(StrEnum):
    """What does not forbid convening."""

    DECISION_WITHOUT_PAPER = "decision_without_paper"
    AGENDA_TOO_LONG = "agenda_too_long"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``code`` is that of the error with which convening is refused, or of an advice.

    ``item_id`` and ``person_id`` say where it can be mended; ``count`` is the number of minutes or papers it is about.
    """

    code: str
    item_id: ItemId | None = None
    person_id: PersonId | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Readiness:
    """``blocking`` forbids convening, ``advice`` does not."""

    blocking: tuple[Finding, ...]
    advice: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A meeting as it stands: ``with_papers`` are its items that have some, ``without_address`` whom no mail reaches,
    ``in_checking`` counts the papers that are on their way into it."""

    meeting: Meeting
    people: Sequence[Participant]
    items: Sequence[AgendaItem]
    with_papers: Collection[ItemId] = frozenset()
    without_address: Sequence[PersonId] = ()
    in_checking: int = 0


def readiness(of: Prepared, now: datetime) -> Readiness:
    """Return all that is missing or doubtful."""
    return Readiness(tuple(_blocking(of, now)), tuple(_advice(of)))


def require_ready(of: Prepared, now: datetime) -> None:
    """Raise the first of what forbids convening: EmptyAgenda, NoChair, NobodyVotes, MeetingOver, ItemForNobody or
    PaperInChecking."""
    for finding in _blocking(of, now):
        raise _ERRORS[finding.code]("the meeting is not ready to be convened; see its checklist")


_ERRORS: Final[dict[str, type[Refused]]] = {
    error.code: error for error in (EmptyAgenda, NoChair, NobodyVotes, MeetingOver, ItemForNobody, PaperInChecking)
}


def _blocking(of: Prepared, now: datetime) -> Iterable[Finding]:
    if not of.items:
        yield Finding(EmptyAgenda.code)
    if sum(one.role is MeetingRole.CHAIR for one in of.people) != 1:
        yield Finding(NoChair.code)
    if not any(one.entitled for one in of.people):
        yield Finding(NobodyVotes.code)
    if of.meeting.state in PLANNED and of.meeting.details.ends_at <= now:
        yield Finding(MeetingOver.code)
    for item in of.items:
        if item.details.restricted and not item.details.readers:
            yield Finding(ItemForNobody.code, item.id)
    if of.in_checking:
        yield Finding(PaperInChecking.code, count=of.in_checking)


def _advice(of: Prepared) -> Iterable[Finding]:
    for item in of.items:
        decides = item.details.kind is ItemKind.DECISION and item.state is ItemState.PENDING
        if decides and item.id not in of.with_papers:
            yield Finding(Advice.DECISION_WITHOUT_PAPER.value, item.id)
    planned = (of.meeting.details.ends_at - of.meeting.details.starts_at).total_seconds() // 60
    over = sum(item.details.minutes or 0 for item in of.items) - int(planned)
    if over > 0:
        yield Finding(Advice.AGENDA_TOO_LONG.value, count=over)
    for person_id in of.without_address:
        yield Finding(Advice.NO_ADDRESS.value, person_id=person_id)
