"""The agenda: what may change when, the life of an item, order and numbers."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from meetings.errors import (
    AgendaFrozen,
    BadDetails,
    BadOrder,
    ItemNotUnderDiscussion,
    ItemUnderDiscussion,
    PollOpen,
    StaleVersion,
    WrongKind,
    WrongState,
)
from meetings.lifecycle import AFTER, LIVE, PLANNED, require
from meetings.model import ItemId, ItemKind, ItemState, MeetingState
from meetings.records import AgendaHeading, AgendaItem, AgendaLine, ItemDetails, MeetingDetails, PaperMark

_IN_SESSION: Final = frozenset({MeetingState.IN_SESSION})
_STARTABLE: Final = frozenset({ItemState.PENDING, ItemState.DEFERRED})
CONCLUSIONS: Final[dict[ItemState, frozenset[ItemState]]] = {
    ItemState.PENDING: frozenset({ItemState.DEFERRED, ItemState.WITHDRAWN, ItemState.NOTED}),
    ItemState.UNDER_DISCUSSION: frozenset(
        {ItemState.DECIDED, ItemState.DEFERRED, ItemState.WITHDRAWN, ItemState.NOTED}
    ),
}


class Edit(StrEnum):
    """Ways to change an agenda."""

    ADD = "add"
    CHANGE = "change"
    ORDER = "order"
    REMOVE = "remove"


def check_edit(state: MeetingState, edit: Edit, item_state: ItemState = ItemState.PENDING) -> None:
    """Raise ``AgendaFrozen`` where the agenda no longer changes like this.

    Until the meeting is opened everything may change. In session items may still be added and ordered anew and pending
    ones changed, but none disappears: it is withdrawn.
    """
    if state in PLANNED:
        return
    if state not in LIVE or edit is Edit.REMOVE:
        raise AgendaFrozen(f"the agenda of a meeting that is {state} does not allow: {edit}")
    if edit is Edit.CHANGE and item_state is not ItemState.PENDING:
        raise AgendaFrozen(f"an item that is {item_state} does not change")


def check_details(details: ItemDetails) -> None:
    """Raise ``BadDetails`` for an item without title or with an impossible time."""
    if not details.title.strip():
        raise BadDetails("an agenda item has a title")
    if details.minutes is not None and not 0 < details.minutes <= 24 * 60:
        raise BadDetails("the time of an agenda item lies between a minute and a day")


def start(state: MeetingState, item: AgendaItem, current: ItemId | None) -> ItemState:
    """Return the state of an item that is taken up. Raises ``WrongState`` or ``ItemUnderDiscussion``."""
    require(state, _IN_SESSION)
    if item.state not in _STARTABLE:
        raise WrongState(f"an item that is {item.state} is not taken up")
    if current is not None:
        raise ItemUnderDiscussion("conclude the item under discussion or put it back")
    return ItemState.UNDER_DISCUSSION


def put_back(item: AgendaItem, open_polls: int) -> ItemState:
    """Return the state of an item whose discussion is broken off. Raises ``ItemNotUnderDiscussion``, ``PollOpen``."""
    if item.state is not ItemState.UNDER_DISCUSSION:
        raise ItemNotUnderDiscussion("only the item under discussion is put back")
    _require_no_poll(open_polls)
    return ItemState.PENDING


def conclude(state: MeetingState, item: AgendaItem, conclusion: ItemState, open_polls: int) -> ItemState:
    """Return the conclusion of an item if it is allowed.

    It is allowed in session, and after the meeting for what was left undecided until the minutes are signed.
    Raises ``WrongState``, ``WrongKind`` (an item for information is not decided) or ``PollOpen``.
    """
    require(state, LIVE | AFTER)
    if conclusion not in CONCLUSIONS.get(item.state, frozenset()):
        raise WrongState(f"an item that is {item.state} does not become {conclusion}")
    if conclusion is ItemState.DECIDED and item.details.kind is ItemKind.INFORMATION:
        raise WrongKind("an item for information is noted, not decided")
    _require_no_poll(open_polls)
    return conclusion


def used_ms(item: AgendaItem, now: datetime) -> int:
    """Return the discussion time of an item up to ``now``, in milliseconds."""
    if item.state is not ItemState.UNDER_DISCUSSION or item.started_at is None:
        return item.used_ms
    return item.used_ms + max(0, round((now - item.started_at).total_seconds() * 1000))


def check_order(items: Sequence[ItemId], order: Sequence[ItemId]) -> None:
    """Raise ``BadOrder`` unless ``order`` names each of ``items`` exactly once."""
    if len(order) != len(items) or set(order) != set(items):
        raise BadOrder("the new order names every item exactly once")


def numbers(items: Sequence[AgendaItem]) -> dict[ItemId, str]:
    """Return the printed number of each item: ``1``, ``2``, … by position. Restricted items keep theirs."""
    ordered = sorted(items, key=lambda item: item.position)
    return {item.id: str(index) for index, item in enumerate(ordered, start=1)}


def check_acknowledgement(newest: int, number: int) -> None:
    """Raise ``StaleVersion`` unless the newest version is acknowledged: a new one voids the answers to the old."""
    if number != newest:
        raise StaleVersion(f"version {newest} replaces version {number}")


def line_of(item: AgendaItem, papers: Sequence[PaperMark] = ()) -> AgendaLine:
    """Return the item with its papers as it stands in a version of the agenda."""
    details = item.details
    return AgendaLine(
        item_id=item.id,
        title=details.title,
        description=details.description,
        kind=details.kind,
        presenter_id=details.presenter_id,
        minutes=details.minutes,
        restricted=details.restricted,
        papers=tuple(papers),
    )


def heading_of(details: MeetingDetails) -> AgendaHeading:
    """Return what a version of the agenda says of the meeting as a whole."""
    return AgendaHeading(details.title, details.starts_at, details.ends_at, details.zone, details.place)


def _require_no_poll(open_polls: int) -> None:
    if open_polls:
        raise PollOpen("close the open poll on this item first")
