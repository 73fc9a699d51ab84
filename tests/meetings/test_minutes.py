"""The states of minutes."""

from dataclasses import replace

import pytest

from auth.model import MeetingRole
from meetings import minutes
from meetings.errors import (
    AlreadySigned,
    MinutesFrozen,
    MinutesNotFrozen,
    SigningOrder,
    StaleRevision,
    UnknownSection,
    WrongState,
)
from meetings.model import MinutesState, SectionKind
from meetings.records import Minutes, Section
from tests.meetings.conftest import CHAIR, NOW, SECRETARY, after

SECTION = Section("opening", SectionKind.OPENING, None, "Opening", "As drafted.", ())
DRAFT = Minutes(MinutesState.DRAFT, 1, (SECTION,), None, None, None, None, None)


def frozen() -> Minutes:
    return minutes.freeze(minutes.submit(DRAFT), 1, NOW)


def test_edits_count_revisions_and_leave_other_sections_alone() -> None:
    other = replace(SECTION, id="closing")
    edited = minutes.edit(replace(DRAFT, sections=(SECTION, other)), {"opening": "Edited."}, 1)
    assert edited.revision == 2
    assert [section.text for section in edited.sections] == ["Edited.", "As drafted."]


def test_edits_are_refused_for_stale_unknown_and_frozen_texts() -> None:
    with pytest.raises(StaleRevision):
        minutes.edit(DRAFT, {}, 2)
    with pytest.raises(UnknownSection):
        minutes.edit(DRAFT, {"nowhere": ""}, 1)
    minutes.edit(minutes.submit(DRAFT), {"opening": "Corrected."}, 1)
    with pytest.raises(MinutesFrozen):
        minutes.edit(frozen(), {}, 1)


def test_a_draft_is_drafted_again_and_nothing_later() -> None:
    assert minutes.redraft(DRAFT, ()).revision == 2
    with pytest.raises(WrongState):
        minutes.redraft(minutes.submit(DRAFT), ())


def test_freezing_fixes_the_reviewed_revision() -> None:
    assert minutes.freeze(frozen(), 1, after(5)) == frozen()
    with pytest.raises(WrongState):
        minutes.freeze(DRAFT, 1, NOW)
    with pytest.raises(StaleRevision):
        minutes.freeze(minutes.submit(DRAFT), 2, NOW)


def test_minutes_come_back_from_review_until_somebody_has_signed() -> None:
    assert minutes.give_back(frozen()) == DRAFT
    with pytest.raises(AlreadySigned):
        minutes.give_back(minutes.sign(frozen(), SECRETARY, MeetingRole.SECRETARY, NOW))


def test_the_secretary_signs_before_the_chair() -> None:
    with pytest.raises(SigningOrder):
        minutes.sign(frozen(), CHAIR, MeetingRole.CHAIR, NOW)
    with pytest.raises(SigningOrder):
        minutes.sign(frozen(), CHAIR, MeetingRole.MEMBER, NOW)
    half = minutes.sign(frozen(), SECRETARY, MeetingRole.SECRETARY, NOW)
    assert half.state is MinutesState.REVIEW
    with pytest.raises(AlreadySigned):
        minutes.sign(half, SECRETARY, MeetingRole.SECRETARY, NOW)
    signed = minutes.sign(half, CHAIR, MeetingRole.CHAIR, after(1))
    assert (signed.state, signed.secretary_id, signed.chair_id) == (MinutesState.SIGNED, SECRETARY, CHAIR)
    with pytest.raises(AlreadySigned):
        minutes.sign(signed, CHAIR, MeetingRole.CHAIR, NOW)


def test_an_unfrozen_text_is_not_signed() -> None:
    with pytest.raises(MinutesNotFrozen):
        minutes.sign(minutes.submit(DRAFT), SECRETARY, MeetingRole.SECRETARY, NOW)
