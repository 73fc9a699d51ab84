"""The life of a meeting."""

from dataclasses import replace
from datetime import datetime

import pytest

from auth.model import MeetingRole
from meetings import lifecycle
from meetings.errors import (
    BadDetails,
    EmptyAgenda,
    ItemUndecided,
    MinutesUnsigned,
    NoChair,
    PollOpen,
    ReasonRequired,
    WrongState,
)
from meetings.lifecycle import Step
from meetings.model import ItemState, MeetingState
from meetings.records import MeetingDetails
from meetings.rules import SIMPLE_MAJORITY
from tests.meetings.conftest import NOW, after

CONCLUDED = (ItemState.DECIDED, ItemState.DEFERRED, ItemState.NOTED, ItemState.WITHDRAWN)
DETAILS = MeetingDetails("Committee", NOW, after(60), SIMPLE_MAJORITY)


def test_a_meeting_goes_from_draft_to_archive() -> None:
    state = MeetingState.DRAFT
    for step in (
        Step.CONVENE,
        Step.CONVENE,
        Step.OPEN,
        Step.SUSPEND,
        Step.RESUME,
        Step.CONVENE,
        Step.ADJOURN,
        Step.SUBMIT_MINUTES,
        Step.RETURN_MINUTES,
        Step.SUBMIT_MINUTES,
        Step.SIGN_MINUTES,
        Step.ARCHIVE,
    ):
        state = lifecycle.after(state, step)
    assert state is MeetingState.ARCHIVED


@pytest.mark.parametrize("state", [MeetingState.ARCHIVED, MeetingState.CANCELLED])
@pytest.mark.parametrize("step", Step)
def test_nothing_leads_out_of_the_last_states(state: MeetingState, step: Step) -> None:
    with pytest.raises(WrongState):
        lifecycle.after(state, step)


def test_a_draft_is_not_opened() -> None:
    with pytest.raises(WrongState):
        lifecycle.after(MeetingState.DRAFT, Step.OPEN)


def test_convening_needs_one_chair_and_an_item() -> None:
    assert lifecycle.convene(MeetingState.DRAFT, [MeetingRole.CHAIR], 1) is MeetingState.CONVENED
    for roles in ([MeetingRole.MEMBER], [MeetingRole.CHAIR, MeetingRole.CHAIR]):
        with pytest.raises(NoChair):
            lifecycle.convene(MeetingState.DRAFT, roles, 1)
    with pytest.raises(EmptyAgenda):
        lifecycle.convene(MeetingState.DRAFT, [MeetingRole.CHAIR], 0)


@pytest.mark.parametrize("step", [Step.ADJOURN, Step.SUSPEND])
def test_an_open_poll_keeps_the_session_going(step: Step) -> None:
    with pytest.raises(PollOpen):
        lifecycle.pause(MeetingState.IN_SESSION, step, 1)
    lifecycle.pause(MeetingState.IN_SESSION, step, 0)


@pytest.mark.parametrize("undecided", [ItemState.PENDING, ItemState.UNDER_DISCUSSION])
def test_an_undecided_item_stops_minutes_and_archive(undecided: ItemState) -> None:
    with pytest.raises(ItemUndecided):
        lifecycle.submit_minutes(MeetingState.ADJOURNED, [*CONCLUDED, undecided])
    with pytest.raises(ItemUndecided):
        lifecycle.archive(MeetingState.MINUTES_SIGNED, [*CONCLUDED, undecided])
    assert lifecycle.submit_minutes(MeetingState.ADJOURNED, CONCLUDED) is MeetingState.MINUTES_REVIEW


@pytest.mark.parametrize("state", [MeetingState.ADJOURNED, MeetingState.MINUTES_REVIEW])
def test_unsigned_minutes_stop_the_archive(state: MeetingState) -> None:
    with pytest.raises(MinutesUnsigned):
        lifecycle.archive(state, CONCLUDED)
    assert lifecycle.archive(MeetingState.MINUTES_SIGNED, CONCLUDED) is MeetingState.ARCHIVED


def test_cancelling_needs_a_reason_and_comes_before_the_session() -> None:
    assert lifecycle.cancel(MeetingState.CONVENED, "storm") is MeetingState.CANCELLED
    with pytest.raises(ReasonRequired):
        lifecycle.cancel(MeetingState.CONVENED, "  ")
    with pytest.raises(WrongState):
        lifecycle.cancel(MeetingState.IN_SESSION, "storm")


def test_require_names_the_states() -> None:
    lifecycle.require(MeetingState.SUSPENDED, lifecycle.LIVE)
    with pytest.raises(WrongState, match="in_session, suspended"):
        lifecycle.require(MeetingState.DRAFT, lifecycle.LIVE)


@pytest.mark.parametrize(
    "details",
    [
        replace(DETAILS, title="  "),
        replace(DETAILS, ends_at=NOW),
        replace(DETAILS, starts_at=datetime(2026, 11, 21)),  # noqa: DTZ001
        replace(DETAILS, language=""),
        replace(DETAILS, zone="Mars/Olympus"),
        replace(DETAILS, zone="../etc"),
    ],
)
def test_unusable_details_are_refused(details: MeetingDetails) -> None:
    lifecycle.check_details(DETAILS)
    with pytest.raises(BadDetails):
        lifecycle.check_details(details)
