"""Drafting of minutes from facts."""

from dataclasses import replace

import pytest

from auth.model import MeetingRole, PersonId
from meetings.drafting import Facts, draft
from meetings.model import (
    ItemId,
    ItemKind,
    ItemState,
    MeetingId,
    MeetingState,
    PollState,
    Response,
    SectionKind,
    SpeakerId,
    SpeakerKind,
    SpeakerState,
)
from meetings.phrases import LANGUAGES, Phrases
from meetings.quorum import Quorum
from meetings.records import (
    AgendaItem,
    ItemDetails,
    Meeting,
    MeetingDetails,
    Participant,
    PollDetails,
    SpeakerEntry,
)
from meetings.rules import SIMPLE_MAJORITY
from meetings.tally import ABSTAIN, NO, YES, Tally
from tests.meetings.conftest import ANNA, BINH, CARL, CHAIR, HALL, NAMES, NOW, SECRETARY, after
from tests.meetings.test_poll_report import poll, result

MEETING = Meeting(
    MeetingId("m"),
    MeetingDetails("Committee", NOW, after(60), SIMPLE_MAJORITY, place="Great hall", zone="Asia/Ho_Chi_Minh"),
    MeetingState.ADJOURNED,
    "",
    SECRETARY,
    NOW,
    NOW,
    after(60),
    None,
    1,
)


def participant(person: PersonId, role: MeetingRole, reason: str = "") -> Participant:
    return Participant(person, role, True, Response.ACCEPTED, reason, None)


def item(name: str, position: int, state: ItemState) -> AgendaItem:
    details = ItemDetails(name.title(), ItemKind.DECISION, presenter_id=ANNA if position == 1 else None)
    started = NOW if position == 1 else None
    ended = after(30) if position == 1 else None
    return AgendaItem(ItemId(name), position, details, state, started, ended, 0, "Adopted as tabled.")


FACTS = Facts(
    meeting=MEETING,
    participants=[
        participant(CHAIR, MeetingRole.CHAIR),
        participant(SECRETARY, MeetingRole.SECRETARY),
        participant(ANNA, MeetingRole.MEMBER),
        participant(BINH, MeetingRole.MEMBER),
        participant(CARL, MeetingRole.MEMBER, "on leave"),
        participant(HALL, MeetingRole.ROOM),
    ],
    quorum=Quorum(4, 4, 3, 3, True),
    items=[item("report", 2, ItemState.PENDING), item("budget", 1, ItemState.DECIDED)],
    speakers=[
        SpeakerEntry(
            SpeakerId("s1"), ItemId("budget"), ANNA, SpeakerKind.TURN, SpeakerState.FINISHED, 1, NOW, NOW, None, NOW,
            125_000, None,
        ),
        SpeakerEntry(
            SpeakerId("s2"), ItemId("budget"), BINH, SpeakerKind.TURN, SpeakerState.WAITING, 2, NOW, None, None, None,
            0, None,
        ),
    ],
    polls=[],
    names={key: name for key, name in NAMES.items() if key != CARL},
)  # fmt: skip


def texts(facts: Facts, language: str = "en") -> dict[str, str]:
    return {section.id: section.text for section in draft(facts, Phrases(language, "Asia/Ho_Chi_Minh"))}


def test_sections_follow_the_agenda() -> None:
    sections = draft(FACTS, Phrases("en", "UTC"))
    assert [section.kind for section in sections] == [
        SectionKind.OPENING,
        SectionKind.ATTENDANCE,
        SectionKind.ITEM,
        SectionKind.ITEM,
        SectionKind.CLOSING,
    ]
    assert [section.title for section in sections][2:4] == ["1. Budget", "2. Report"]
    assert [section.item_id for section in sections][2:4] == ["budget", "report"]


def test_the_opening_names_chair_secretary_and_quorum() -> None:
    opening = texts(FACTS)["opening"]
    assert "3:00\u202fPM" in opening and "Great hall" in opening
    assert "Chair presided." in opening and "Secretary kept the minutes." in opening
    assert "there was a quorum" in opening
    assert "there was no quorum" in texts(replace(FACTS, quorum=Quorum(4, 4, 1, 3, False)))["opening"]


def test_attendance_is_left_to_the_ledger() -> None:
    assert texts(FACTS)["attendance"] == ""


def test_an_item_tells_its_course_and_conclusion() -> None:
    assert texts(FACTS)["item-budget"].splitlines() == [
        "Presented by Anna.",
        "Discussed from 3:00\u202fPM to 3:30\u202fPM.",
        "Anna spoke (2 minutes).",
        "Decided.",
        "Conclusion: Adopted as tabled.",
    ]
    assert texts(FACTS)["item-report"] == "The item has no conclusion yet."


def test_an_annulled_poll_stands_with_its_item_too() -> None:
    open_one = replace(
        poll(PollDetails("Budget vote", SIMPLE_MAJORITY, item_id=ItemId("budget"))), state=PollState.OPEN
    )
    annulled = replace(open_one, state=PollState.ANNULLED, state_reason="Wrong wording")
    for one, expected in ((open_one, ()), (annulled, ("p",))):
        by_id = {section.id: section for section in draft(replace(FACTS, polls=[one]), Phrases("en", "UTC"))}
        assert by_id["item-budget"].poll_ids == expected


def test_polls_stand_with_their_item_and_undecided_ones_nowhere() -> None:
    decided = poll(PollDetails("Budget vote", SIMPLE_MAJORITY, item_id=ItemId("budget")))
    decided = replace(decided, result=result(decided, Tally(((YES, 3), (NO, 0), (ABSTAIN, 0)), 0, 1)))
    general = replace(decided, details=replace(decided.details, title="Agenda vote", item_id=None))
    sections = draft(replace(FACTS, polls=[decided, general, poll(decided.details)]), Phrases("en", "UTC"))
    by_id = {section.id: section for section in sections}
    assert "Budget vote" not in by_id["item-budget"].text and by_id["item-budget"].poll_ids == ("p",)
    assert by_id["opening"].poll_ids == ("p",)
    assert by_id["item-report"].poll_ids == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_meeting_that_was_never_opened_drafts_without_times(language: str) -> None:
    details = replace(MEETING.details, place="")
    bare = replace(MEETING, details=details, opened_at=None, closed_at=None)
    drafted = texts(replace(FACTS, meeting=bare), language)
    assert drafted["closing"] == ""
    assert "Great hall" not in drafted["opening"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ItemState)
def test_every_conclusion_has_its_words(language: str, state: ItemState) -> None:
    assert texts(replace(FACTS, items=[item("budget", 1, state)]), language)["item-budget"]
