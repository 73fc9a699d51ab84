"""The agenda and its items."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import agenda
from meetings.agenda import Edit
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
from meetings.model import ItemId, ItemKind, ItemState, MeetingState
from meetings.records import AgendaItem, ItemDetails
from tests.meetings.conftest import NOW, after

IN_SESSION = MeetingState.IN_SESSION
DETAILS = ItemDetails("Budget", ItemKind.DECISION)


def item(state: ItemState = ItemState.PENDING, name: str = "i1", position: int = 1) -> AgendaItem:
    started = NOW if state is not ItemState.PENDING else None
    return AgendaItem(ItemId(name), position, DETAILS, state, started, None, 0, "")


@pytest.mark.parametrize("edit", Edit)
def test_a_planned_agenda_changes_freely(edit: Edit) -> None:
    for state in (MeetingState.DRAFT, MeetingState.CONVENED):
        agenda.check_edit(state, edit, ItemState.DECIDED)


def test_in_session_items_are_added_and_pending_ones_changed_but_none_disappears() -> None:
    agenda.check_edit(IN_SESSION, Edit.ADD)
    agenda.check_edit(IN_SESSION, Edit.ORDER)
    agenda.check_edit(IN_SESSION, Edit.CHANGE, ItemState.PENDING)
    for edit, state in ((Edit.CHANGE, ItemState.DECIDED), (Edit.REMOVE, ItemState.PENDING)):
        with pytest.raises(AgendaFrozen):
            agenda.check_edit(IN_SESSION, edit, state)


@pytest.mark.parametrize("edit", Edit)
def test_after_the_session_the_agenda_is_frozen(edit: Edit) -> None:
    with pytest.raises(AgendaFrozen):
        agenda.check_edit(MeetingState.ADJOURNED, edit)


def test_items_need_a_title_and_a_possible_time() -> None:
    agenda.check_details(replace(DETAILS, minutes=1))
    for details in (replace(DETAILS, title=" "), replace(DETAILS, minutes=0), replace(DETAILS, minutes=1441)):
        with pytest.raises(BadDetails):
            agenda.check_details(details)


def test_one_item_is_under_discussion_at_a_time() -> None:
    assert agenda.start(IN_SESSION, item(), None) is ItemState.UNDER_DISCUSSION
    assert agenda.start(IN_SESSION, item(ItemState.DEFERRED), None) is ItemState.UNDER_DISCUSSION
    with pytest.raises(ItemUnderDiscussion):
        agenda.start(IN_SESSION, item(), ItemId("other"))
    with pytest.raises(WrongState):
        agenda.start(IN_SESSION, item(ItemState.DECIDED), None)
    with pytest.raises(WrongState):
        agenda.start(MeetingState.SUSPENDED, item(), None)


def test_the_current_item_is_put_back_unless_a_poll_is_open() -> None:
    assert agenda.put_back(item(ItemState.UNDER_DISCUSSION), 0) is ItemState.PENDING
    with pytest.raises(ItemNotUnderDiscussion):
        agenda.put_back(item(), 0)
    with pytest.raises(PollOpen):
        agenda.put_back(item(ItemState.UNDER_DISCUSSION), 1)


def test_conclusions() -> None:
    current = item(ItemState.UNDER_DISCUSSION)
    for conclusion in agenda.CONCLUSIONS[ItemState.UNDER_DISCUSSION]:
        assert agenda.conclude(IN_SESSION, current, conclusion, 0) is conclusion
    assert agenda.conclude(MeetingState.ADJOURNED, item(), ItemState.DEFERRED, 0) is ItemState.DEFERRED
    with pytest.raises(WrongState):
        agenda.conclude(IN_SESSION, item(), ItemState.DECIDED, 0)
    with pytest.raises(WrongState):
        agenda.conclude(IN_SESSION, item(ItemState.DECIDED), ItemState.NOTED, 0)
    with pytest.raises(WrongState):
        agenda.conclude(MeetingState.MINUTES_SIGNED, current, ItemState.NOTED, 0)
    with pytest.raises(PollOpen):
        agenda.conclude(IN_SESSION, current, ItemState.DECIDED, 1)


def test_information_is_noted_not_decided() -> None:
    information = replace(item(ItemState.UNDER_DISCUSSION), details=replace(DETAILS, kind=ItemKind.INFORMATION))
    with pytest.raises(WrongKind):
        agenda.conclude(IN_SESSION, information, ItemState.DECIDED, 0)
    assert agenda.conclude(IN_SESSION, information, ItemState.NOTED, 0) is ItemState.NOTED


def test_time_used_runs_while_an_item_is_under_discussion() -> None:
    current = replace(item(ItemState.UNDER_DISCUSSION), used_ms=5000)
    assert agenda.used_ms(current, after(1)) == 65_000
    assert agenda.used_ms(current, after(-1)) == 5000
    assert agenda.used_ms(replace(current, state=ItemState.DECIDED), after(9)) == 5000
    assert agenda.used_ms(replace(current, started_at=None), after(9)) == 5000


ids = st.lists(st.text("abcdefgh", min_size=1, max_size=3).map(ItemId), unique=True, min_size=1)


@given(ids)
def test_any_permutation_is_an_order_and_nothing_else(items: list[ItemId]) -> None:
    order = sorted(items, reverse=True)
    agenda.check_order(items, order)
    for wrong in (order[1:], [*order, order[0]], [ItemId("Z"), *order[1:]]):
        with pytest.raises(BadOrder):
            agenda.check_order(items, wrong)


def test_numbers_follow_positions() -> None:
    assert agenda.numbers([item(name="b", position=2), item(name="a", position=1)]) == {"a": "1", "b": "2"}


def test_only_the_newest_version_is_acknowledged() -> None:
    agenda.check_acknowledgement(2, 2)
    with pytest.raises(StaleVersion):
        agenda.check_acknowledgement(2, 1)
