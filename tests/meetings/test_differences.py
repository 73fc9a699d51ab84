"""What one version of an agenda changed against another, and how it is told."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from auth.model import PersonId
from meetings.change_report import change_report
from meetings.differences import Differences, Field, HeadingField, differences
from meetings.model import ItemId, ItemKind
from meetings.phrases import Phrases
from meetings.records import AgendaHeading, AgendaLine, PaperMark
from tests.meetings.conftest import NOW

HEADING = AgendaHeading("Committee", NOW, NOW + timedelta(hours=2), "Asia/Ho_Chi_Minh", "Hall 1")
PAPER = PaperMark("p1", "Estimate", 1)


def line(name: str) -> AgendaLine:
    return AgendaLine(ItemId(name), f"Title {name}", "", ItemKind.DISCUSSION, None, 15, False)


A, B, C, D = (line(name) for name in "abcd")


def told(old: list[AgendaLine], new: list[AgendaLine], heading: AgendaHeading = HEADING) -> tuple[str, ...]:
    found = differences(old, new, heading=(HEADING, heading))
    return change_report(found, (heading, new), {PersonId("x"): "Anna"}, Phrases("en", HEADING.zone))


def test_equal_versions_differ_in_nothing() -> None:
    assert not differences([A, B], [A, B], heading=(HEADING, HEADING))


def test_lines_are_added_removed_and_changed() -> None:
    changed = replace(A, title="Other", minutes=20)
    found = differences([A, B], [changed, D])
    assert (found.added, found.removed, found.moved) == ((D,), (B,), ())
    assert [(one.after, one.fields) for one in found.changed] == [(changed, (Field.TITLE, Field.MINUTES))]


def test_the_fewest_moves_explain_a_new_order() -> None:
    assert differences([A, B, C, D], [B, C, D, A]).moved == ("a",)
    assert differences([A, B, C, D], [D, A, B, C]).moved == ("d",)
    assert differences([A, B, C], [A, D, B, C]).moved == ()


@given(st.permutations("abcdef"))
def test_what_is_not_moved_keeps_its_order(order: list[str]) -> None:
    moved = differences([line(one) for one in "abcdef"], [line(one) for one in order]).moved
    kept = [one for one in order if one not in moved]
    assert kept == sorted(kept)
    assert bool(moved) == (order != sorted(order))


def test_headings_are_compared_where_both_are_known() -> None:
    later = replace(HEADING, ends_at=HEADING.ends_at + timedelta(hours=1), place="Hall 2", title="Board")
    found = differences([], [], heading=(HEADING, later))
    assert found.heading == (HeadingField.TITLE, HeadingField.TIME, HeadingField.PLACE)
    assert differences([], [], heading=(None, later)) == Differences((), (), (), (), ())


def test_every_change_has_its_sentence() -> None:
    new = replace(
        A,
        title="Budget",
        description="more",
        kind=ItemKind.DECISION,
        presenter_id=PersonId("x"),
        minutes=None,
        papers=(PAPER,),
    )
    heading = replace(HEADING, title="Board", place="", starts_at=NOW + timedelta(hours=1))
    assert told([A, B, C], [D, C, new], heading) == (
        "New title: Board",
        "New time: November 21, 2026, 4:00\u202fPM – 5:00\u202fPM",
        "New place: —",
        "New item 1: Title d",
        "Taken off the agenda: Title b",
        "Item 3 has a new title: Budget",
        "Item 3 (Budget): new description",
        "Item 3 (Budget): now for decision",
        "Item 3 (Budget): presented by Anna",
        "Item 3 (Budget): 0 minutes",
        "Item 3 (Budget): new paper “Estimate”",
        "Moved: Budget is now item 3",
    )


def test_papers_are_told_one_by_one() -> None:
    other = PaperMark("p2", "Annex", 1)
    old = replace(A, papers=(PAPER, other))
    assert told([old], [replace(A, papers=(replace(PAPER, version=2),))]) == (
        "Item 1 (Title a): paper “Annex” removed; new version of “Estimate”",
    )
    assert told([old], [replace(A, papers=(other, PAPER))]) == ("Item 1 (Title a): papers in another order",)


def test_restricted_items_are_told_by_their_number_only() -> None:
    secret = replace(A, title="Secret", restricted=True)
    sentences = (
        *told([], [secret]),
        *told([secret], []),
        *told([secret], [replace(secret, title="Very secret")]),
        *told([replace(A, title="Secret")], [secret]),
        *told([B, secret], [secret, B]),
    )
    assert len(sentences) == 5
    assert not any("ecret" in one for one in sentences)
