"""The quorum by counting and the attendance of one are what the sets and the whole attendance say."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from auth.model import MeetingRole, PersonId
from meetings import meeting_store, participant_store, poll_store, presence_store, quorum_store
from meetings.errors import NoSuchMeeting
from meetings.model import MeetingId, PollId, PresenceStatus
from meetings.presence_store import RollCallMark
from meetings.quorum import quorum_of
from meetings.records import PollDetails
from meetings.rules import PRESETS, SIMPLE_MAJORITY
from tests.meetings.conftest import ANNA, BINH, CARL, CHAIR, GUEST, NOW, SECRETARY, Committee, after

SEATED = (CHAIR, SECRETARY, ANNA, BINH, CARL, GUEST)
STATUS = (PresenceStatus.PRESENT, PresenceStatus.EXCUSED, PresenceStatus.ABSENT)


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody comes, goes, is called, or gets or loses the vote."""

    kind: str
    person: PersonId


ACTS = st.builds(
    Act, st.sampled_from(("arrive", "leave", "lose", *STATUS, "entitle", "disentitle")), st.sampled_from(SEATED)
)


@contextmanager
def undone(conn: Connection) -> Iterator[None]:
    """Give one example a state of its own."""
    conn.exec_driver_sql("SAVEPOINT example")
    try:
        yield
    finally:
        conn.exec_driver_sql("ROLLBACK TO example")
        conn.exec_driver_sql("RELEASE example")


def do(committee: Committee, act: Act, minute: int) -> None:
    conn, meeting_id, now = committee.conn, committee.id, after(minute)
    match act.kind:
        case "arrive":
            committee.arrive(act.person, at=now)
        case "leave":
            presence_store.leave(conn, meeting_id, act.person, now)
        case "lose":
            presence_store.lose(conn, meeting_id, act.person, now)
        case "entitle" | "disentitle":
            role = participant_store.load_participant(conn, meeting_id, act.person).role
            if role is MeetingRole.MEMBER:
                participant_store.change_participant(
                    conn, meeting_id, act.person, role, entitled=act.kind == "entitle", now=now
                )
        case status:
            mark = RollCallMark(PresenceStatus(status))
            presence_store.roll_call(conn, meeting_id, {act.person: mark}, SECRETARY, now)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(acts=st.lists(ACTS, max_size=12))
def test_counting_agrees_with_the_sets(conn: Connection, committee: Committee, acts: list[Act]) -> None:
    with undone(conn):
        committee.open(ANNA)
        details = PollDetails("Budget", PRESETS["government_council"], item_id=committee.first)
        poll_id = PollId(poll_store.create_poll(conn, committee.id, details, CHAIR, NOW)[0].id)
        poll_store.open_poll(conn, committee.id, poll_id, NOW)
        for minute, act in enumerate(acts, start=1):
            do(committee, act, minute)
        present = presence_store.present_ids(conn, committee.id)
        entitled = participant_store.entitled_ids(conn, committee.id)
        assert quorum_store.quorum_now(conn, committee.id) == quorum_of(entitled, present, SIMPLE_MAJORITY)
        assert quorum_store.quorum_now(conn, committee.id) == quorum_store.quorum_at(
            conn, committee.id, after(len(acts))
        )
        electors = poll_store.load_poll(conn, committee.id, poll_id).electors
        assert quorum_store.quorum_of_electors(conn, committee.id, poll_id, details.rules) == quorum_of(
            electors, present, details.rules
        )
        attendance = presence_store.attendance(conn, committee.id)
        assert [presence_store.presence_of(conn, committee.id, one.person_id) for one in attendance] == list(attendance)
        assert presence_store.roster(conn, committee.id) == list(
            zip(participant_store.participants(conn, committee.id), attendance, strict=True)
        )
        assert {one.person_id for one in attendance if one.status is PresenceStatus.PRESENT} == present


def test_a_meeting_without_anybody_has_an_empty_quorum(conn: Connection, committee: Committee) -> None:
    details = meeting_store.load_meeting(conn, committee.id).details
    empty = MeetingId(meeting_store.create_meeting(conn, details, SECRETARY, NOW)[0].id)
    assert quorum_store.quorum_now(conn, empty) == quorum_of(frozenset(), frozenset(), SIMPLE_MAJORITY)
    with pytest.raises(NoSuchMeeting):
        quorum_store.quorum_now(conn, MeetingId("nothing"))


def test_nobody_is_present_who_is_not_invited(conn: Connection, committee: Committee) -> None:
    assert presence_store.presence_of(conn, committee.id, PersonId("stranger")) is None
    assert presence_store.attendance(conn, MeetingId("nothing")) == ()
