"""Drafting of minutes: from the record of a meeting to sections of text in its language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auth.model import MeetingRole, PersonId
from meetings.agenda import numbers
from meetings.model import ItemId, ItemState, PollId, PollState, SectionKind
from meetings.phrases import Phrases
from meetings.quorum import Quorum
from meetings.records import (
    AgendaItem,
    Meeting,
    Participant,
    Poll,
    Section,
    SpeakerEntry,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on record of a meeting that has ended. ``quorum`` is that of the opening; ``names`` are for print."""

    meeting: Meeting
    participants: Sequence[Participant]
    quorum: Quorum
    items: Sequence[AgendaItem]
    speakers: Sequence[SpeakerEntry]
    polls: Sequence[Poll]
    names: Mapping[PersonId, str]

    def name(self, person_id: PersonId) -> str:
        return self.names.get(person_id, person_id)

    def polls_on(self, item_id: ItemId | None) -> tuple[PollId, ...]:
        """Return the polls on an item, or on none, that were decided or annulled."""
        ended = [poll for poll in self.polls if poll.result or poll.state is PollState.ANNULLED]
        return tuple(poll.id for poll in ended if poll.details.item_id == item_id)


def draft(facts: Facts, phrases: Phrases) -> tuple[Section, ...]:
    """Write the sections: opening, attendance, each item in order, closing."""
    number = numbers(facts.items)
    ordered = sorted(facts.items, key=lambda item: item.position)
    return (
        _section("opening", SectionKind.OPENING, phrases, _opening(facts, phrases), facts.polls_on(None)),
        _section("attendance", SectionKind.ATTENDANCE, phrases, iter(())),  # the ledger stands beside it as a fact
        *(_item_section(facts, item, number[item.id], phrases) for item in ordered),
        _section("closing", SectionKind.CLOSING, phrases, _closing(facts.meeting, phrases)),
    )


def _section(
    name: str, kind: SectionKind, phrases: Phrases, lines: Iterator[str], poll_ids: tuple[PollId, ...] = ()
) -> Section:
    return Section(name, kind, None, phrases.say(f"{name}-title"), "\n".join(lines), poll_ids)


def _opening(facts: Facts, phrases: Phrases) -> Iterator[str]:
    meeting = facts.meeting
    if meeting.opened_at is not None:
        yield phrases.say("opening-begun", title=meeting.details.title, at=meeting.opened_at)
    if meeting.details.place:
        yield phrases.say("opening-place", place=meeting.details.place)
    for role in (MeetingRole.CHAIR, MeetingRole.SECRETARY):
        for participant in facts.participants:
            if participant.role is role:
                yield phrases.say(f"opening-{role.value}", name=facts.name(participant.person_id))
    quorum = facts.quorum
    key = "quorum-met" if quorum.met else "quorum-not-met"
    yield phrases.say(key, present=quorum.present, total=quorum.total, required=quorum.required)


def _item_section(facts: Facts, item: AgendaItem, number: str, phrases: Phrases) -> Section:
    return Section(
        id=f"item-{item.id}",
        kind=SectionKind.ITEM,
        item_id=item.id,
        title=phrases.say("item-title", number=number, title=item.details.title),
        text="\n".join(_item(facts, item, phrases)),
        poll_ids=facts.polls_on(item.id),
    )


def _item(facts: Facts, item: AgendaItem, phrases: Phrases) -> Iterator[str]:
    if item.details.presenter_id is not None:
        yield phrases.say("item-presenter", name=facts.name(item.details.presenter_id))
    if item.started_at is not None and item.ended_at is not None:
        yield phrases.say("item-discussed", **{"from": item.started_at, "to": item.ended_at})
    for entry in facts.speakers:
        if entry.item_id == item.id and entry.granted_at is not None:
            minutes = max(1, round(Decimal(entry.used_ms) / 60_000))
            yield phrases.say("item-speaker", name=facts.name(entry.person_id), minutes=minutes)
    yield phrases.say(f"item-conclusion-{item.state.value}")
    if item.outcome and item.state is not ItemState.PENDING:
        yield phrases.say("item-outcome", text=item.outcome)


def _closing(meeting: Meeting, phrases: Phrases) -> Iterator[str]:
    if meeting.closed_at is not None:
        yield phrases.say("closing-ended", at=meeting.closed_at)
