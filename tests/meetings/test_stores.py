"""Meetings, participants, agenda and its versions on a real database."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from auth.model import MeetingRole, PersonId
from meetings import agenda_store, meeting_store, participant_store, session_store, version_store
from meetings.changes import Change, ChangeKind
from meetings.errors import (
    AgendaFrozen,
    AlreadyInvited,
    BadOrder,
    ItemUnderDiscussion,
    NoSuchItem,
    NoSuchMeeting,
    NoSuchParticipant,
    NoSuchVersion,
    PollOpen,
    StaleRevision,
    StaleVersion,
    WrongState,
)
from meetings.lifecycle import LIVE
from meetings.model import ItemId, ItemKind, ItemState, MeetingId, MeetingState, Response
from meetings.poll_store import create_poll
from meetings.records import ItemDetails, PollDetails
from meetings.rules import GOVERNMENT_COUNCIL, SIMPLE_MAJORITY
from tests.meetings.conftest import ANNA, BINH, CHAIR, GUEST, HALL, NOW, PEOPLE, SECRETARY, Committee, after


def convene(committee: Committee) -> list[Change]:
    return version_store.convene(committee.conn, committee.id, SECRETARY, manifest_sha256="m", pdf_sha256="p", now=NOW)


def state_of(committee: Committee) -> MeetingState:
    return meeting_store.load_meeting(committee.conn, committee.id).state


def test_a_meeting_reads_back_as_it_was_entered(conn: Connection, committee: Committee) -> None:
    found = meeting_store.load_meeting(conn, committee.id)
    assert found.details.rules == SIMPLE_MAJORITY and found.details.place == "Great hall"
    assert (found.state, found.created_by, found.revision) == (MeetingState.DRAFT, SECRETARY, 1)
    with pytest.raises(NoSuchMeeting):
        meeting_store.load_meeting(conn, MeetingId("nothing"))


def test_details_are_edited_from_the_revision_that_was_read(conn: Connection, committee: Committee) -> None:
    details = replace(meeting_store.load_meeting(conn, committee.id).details, rules=GOVERNMENT_COUNCIL)
    changes = meeting_store.edit_meeting(conn, committee.id, details, 1, NOW)
    assert changes == [Change(ChangeKind.MEETING, committee.id)]
    assert meeting_store.load_meeting(conn, committee.id).details == details
    with pytest.raises(StaleRevision):
        meeting_store.edit_meeting(conn, committee.id, details, 1, NOW)


def test_meetings_are_listed_for_invitees_and_their_maker(conn: Connection, committee: Committee) -> None:
    assert [found.id for found in meeting_store.meetings_of(conn, GUEST)] == [committee.id]
    participant_store.remove_participant(conn, committee.id, SECRETARY, NOW)
    participant_store.remove_participant(conn, committee.id, GUEST, NOW)
    assert [found.id for found in meeting_store.meetings_of(conn, SECRETARY)] == [committee.id]
    assert meeting_store.meetings_of(conn, GUEST) == ()


def test_a_session_opens_pauses_and_ends(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR)
    session_store.suspend_meeting(conn, committee.id, after(5))
    assert [found.id for found in meeting_store.meetings_in(conn, LIVE)] == [committee.id]
    session_store.resume_meeting(conn, committee.id, after(6))
    changes = session_store.adjourn_meeting(conn, committee.id, after(7))
    assert changes == [Change(ChangeKind.PRESENCE, CHAIR), Change(ChangeKind.MEETING, committee.id)]
    found = meeting_store.load_meeting(conn, committee.id)
    assert (found.state, found.opened_at, found.closed_at) == (MeetingState.ADJOURNED, NOW, after(7))


def test_a_cancelled_meeting_keeps_its_reason(conn: Connection, committee: Committee) -> None:
    meeting_store.cancel_meeting(conn, committee.id, " storm ", NOW)
    assert meeting_store.load_meeting(conn, committee.id).state_reason == "storm"


def test_invitations_are_answered(conn: Connection, committee: Committee) -> None:
    convene(committee)
    participant_store.respond(conn, committee.id, ANNA, Response.DECLINED, reason="on leave", now=NOW)
    anna = participant_store.load_participant(conn, committee.id, ANNA)
    assert (anna.response, anna.reason, anna.responded_at) == (Response.DECLINED, "on leave", NOW)
    with pytest.raises(NoSuchParticipant):
        participant_store.respond(conn, committee.id, PersonId("stranger"), Response.ACCEPTED, reason="", now=NOW)


def test_participants_are_invited_once_changed_and_removed(conn: Connection, committee: Committee) -> None:
    with pytest.raises(AlreadyInvited):
        participant_store.invite(conn, committee.id, ANNA, MeetingRole.MEMBER, entitled=True, now=NOW)
    participant_store.change_participant(conn, committee.id, BINH, MeetingRole.MEMBER, entitled=False, now=NOW)
    assert BINH not in participant_store.entitled_ids(conn, committee.id)
    changes = participant_store.remove_participant(conn, committee.id, BINH, NOW)
    assert changes == [Change(ChangeKind.PARTICIPANT_REMOVED, BINH)]
    assert {one.person_id for one in participant_store.participants(conn, committee.id)} == set(PEOPLE) - {BINH}


def test_items_are_added_edited_ordered_and_removed(conn: Connection, committee: Committee) -> None:
    secret = ItemDetails("Posts", ItemKind.DISCUSSION, restricted=True, readers=frozenset({ANNA, CHAIR}))
    third = ItemId(agenda_store.add_item(conn, committee.id, secret, NOW)[0].id)
    assert agenda_store.load_item(conn, committee.id, third).details == secret
    changed = replace(secret, title="Posts and pay", readers=frozenset({ANNA}))
    agenda_store.edit_item(conn, committee.id, third, changed, NOW)
    agenda_store.reorder(conn, committee.id, [third, committee.second, committee.first], NOW)
    listed = agenda_store.items(conn, committee.id)
    assert [(one.position, one.id) for one in listed] == [
        (1, third),
        (2, committee.second),
        (3, committee.first),
    ]
    assert listed[0].details == changed
    changes = agenda_store.remove_item(conn, committee.id, third, NOW)
    assert [change.kind for change in changes] == [ChangeKind.ITEM_REMOVED, ChangeKind.ORDER]
    assert [one.position for one in agenda_store.items(conn, committee.id)] == [1, 2]
    with pytest.raises(BadOrder):
        agenda_store.reorder(conn, committee.id, [third], NOW)
    with pytest.raises(NoSuchItem):
        agenda_store.load_item(conn, committee.id, third)


def test_presenters_and_readers_must_be_invited(conn: Connection, committee: Committee) -> None:
    with pytest.raises(NoSuchParticipant):
        details = ItemDetails("X", ItemKind.DISCUSSION, presenter_id=PersonId("stranger"))
        agenda_store.add_item(conn, committee.id, details, NOW)


def test_an_item_with_a_poll_stays(conn: Connection, committee: Committee) -> None:
    create_poll(conn, committee.id, PollDetails("P", SIMPLE_MAJORITY, item_id=committee.first), CHAIR, NOW)
    with pytest.raises(PollOpen):
        agenda_store.remove_item(conn, committee.id, committee.first, NOW)


def test_items_are_taken_up_put_back_and_concluded(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR)
    with pytest.raises(ItemUnderDiscussion):
        agenda_store.start_item(conn, committee.id, committee.second, NOW)
    agenda_store.put_back_item(conn, committee.id, committee.first, after(2))
    agenda_store.start_item(conn, committee.id, committee.first, after(10))
    assert meeting_store.load_meeting(conn, committee.id).current_item_id == committee.first
    agenda_store.conclude_item(
        conn, committee.id, committee.first, ItemState.DECIDED, outcome=" Adopted. ", now=after(13)
    )
    found = agenda_store.load_item(conn, committee.id, committee.first)
    assert (found.state, found.outcome, found.used_ms) == (ItemState.DECIDED, "Adopted.", 300_000)
    assert meeting_store.load_meeting(conn, committee.id).current_item_id is None
    with pytest.raises(AgendaFrozen):
        agenda_store.remove_item(conn, committee.id, committee.second, NOW)


def test_what_was_left_is_concluded_after_the_session_with_the_time_of_the_session(
    conn: Connection, committee: Committee
) -> None:
    committee.open(CHAIR)
    session_store.adjourn_meeting(conn, committee.id, after(10))
    agenda_store.conclude_item(conn, committee.id, committee.first, ItemState.NOTED, outcome="", now=after(900))
    agenda_store.conclude_item(conn, committee.id, committee.second, ItemState.DEFERRED, outcome="", now=after(900))
    first, second = agenda_store.items(conn, committee.id)
    assert (first.ended_at, first.used_ms) == (after(10), 600_000)
    assert (second.state, second.used_ms) == (ItemState.DEFERRED, 0)


def test_a_new_version_voids_the_acknowledgements_of_the_old(conn: Connection, committee: Committee) -> None:
    with pytest.raises(WrongState):
        version_store.acknowledge(conn, committee.id, 1, ANNA, NOW)
    assert convene(committee) == [Change(ChangeKind.VERSION, "1"), Change(ChangeKind.MEETING, committee.id)]
    assert state_of(committee) is MeetingState.CONVENED
    changes = version_store.acknowledge(conn, committee.id, 1, ANNA, NOW)
    assert changes == [Change(ChangeKind.ACKNOWLEDGEMENT, ANNA)]
    assert version_store.acknowledge(conn, committee.id, 1, ANNA, after(1)) == []
    agenda_store.add_item(conn, committee.id, ItemDetails("Late", ItemKind.DISCUSSION), NOW)
    convene(committee)
    first, second = version_store.versions(conn, committee.id)
    assert first.acknowledged_by == {ANNA} and not second.acknowledged_by
    assert (len(first.lines), len(second.lines)) == (2, 3)
    assert first.lines[0].presenter_id == ANNA and first.lines[1].presenter_id is None
    assert version_store.load_version(conn, committee.id, 2) == second
    with pytest.raises(StaleVersion):
        version_store.acknowledge(conn, committee.id, 1, ANNA, NOW)
    with pytest.raises(NoSuchVersion):
        version_store.acknowledge(conn, committee.id, 3, ANNA, NOW)
    with pytest.raises(NoSuchVersion):
        version_store.load_version(conn, committee.id, 3)


def test_ids_of_other_meetings_are_unknown(conn: Connection, committee: Committee) -> None:
    details = meeting_store.load_meeting(conn, committee.id).details
    other = MeetingId(meeting_store.create_meeting(conn, details, HALL, NOW)[0].id)
    with pytest.raises(NoSuchItem):
        agenda_store.edit_item(conn, other, committee.first, ItemDetails("X", ItemKind.DECISION), NOW)
