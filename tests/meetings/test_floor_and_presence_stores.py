"""Presence, quorum and the speakers' list on a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.event import listen, remove

from auth.model import PersonId, SiteId
from meetings import (
    agenda_store,
    participant_store,
    poll_store,
    presence_store,
    quorum_store,
    session_store,
    speaker_store,
)
from meetings.changes import Change, ChangeKind
from meetings.errors import (
    AlreadyWaiting,
    BadRole,
    FloorTaken,
    NoSuchParticipant,
    NoSuchSpeaker,
    NotPresent,
    WrongState,
)
from meetings.model import PollId, PresenceHow, PresenceMode, PresenceStatus, SpeakerId, SpeakerKind, SpeakerState
from meetings.presence_store import RollCallMark
from meetings.quorum import Quorum
from meetings.records import PollDetails, Presence
from meetings.rules import SIMPLE_MAJORITY
from tests.meetings.conftest import ANNA, BINH, CARL, CHAIR, GUEST, HALL, NOW, SECRETARY, Committee, after

GRACE = timedelta(minutes=1)


def attendance(committee: Committee, person_id: PersonId) -> Presence:
    return next(one for one in presence_store.attendance(committee.conn, committee.id) if one.person_id == person_id)


def move(committee: Committee, person_id: PersonId, site_id: SiteId | None, at: float) -> list[Change]:
    return presence_store.arrive(
        committee.conn,
        committee.id,
        person_id,
        how=PresenceHow.CONNECTED,
        mode=PresenceMode.REMOTE,
        site_id=site_id,
        endpoint_id="hall" if site_id else None,
        now=after(at),
    )


def test_quorum_counts_present_members_at_an_instant(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, SECRETARY, GUEST)
    assert quorum_store.quorum_at(conn, committee.id, NOW) == Quorum(4, 4, 2, 3, False)
    committee.arrive(BINH, at=after(1))
    assert quorum_store.quorum_at(conn, committee.id, after(1)).met
    presence_store.leave(conn, committee.id, BINH, after(2))
    assert quorum_store.quorum_at(conn, committee.id, after(1)).present == 3
    assert quorum_store.quorum_at(conn, committee.id, after(2)).present == 2


def test_a_lost_connection_ends_presence_after_the_grace_time(conn: Connection, committee: Committee) -> None:
    committee.open(ANNA)
    assert presence_store.lose(conn, committee.id, ANNA, after(5)) == [Change(ChangeKind.PRESENCE, ANNA)]
    assert presence_store.lose(conn, committee.id, ANNA, after(5)) == []
    assert not attendance(committee, ANNA).connected
    assert presence_store.expire(conn, committee.id, GRACE, after(5.5)) == []
    committee.arrive(ANNA, at=after(5.6))
    assert attendance(committee, ANNA).connected and attendance(committee, ANNA).since == NOW
    presence_store.lose_everyone(conn, committee.id, after(10))
    assert presence_store.expire(conn, committee.id, GRACE, after(20)) == [Change(ChangeKind.PRESENCE, ANNA)]
    assert [one.left_at for one in presence_store.intervals(conn, committee.id)] == [after(11)]
    assert attendance(committee, ANNA).status is PresenceStatus.ABSENT
    assert presence_store.lose(conn, committee.id, ANNA, after(30)) == []
    assert presence_store.leave(conn, committee.id, ANNA, after(30)) == []


def test_a_restart_writes_all_stays_with_one_statement(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, BINH, CARL, SECRETARY)
    executed: list[str] = []

    def note(*arguments: object) -> None:
        executed.append(str(arguments[2]).split()[0])

    listen(conn, "before_cursor_execute", note)
    lost = presence_store.lose_everyone(conn, committee.id, after(1))
    ended = presence_store.expire(conn, committee.id, GRACE, after(3))
    remove(conn, "before_cursor_execute", note)
    assert len(lost) == len(ended) == 5
    assert executed == ["SELECT", "UPDATE", "SELECT", "UPDATE", "SELECT"], "the last one looks for open polls"
    assert presence_store.expire(conn, committee.id, GRACE, after(4)) == []


def test_moving_to_a_hall_begins_a_new_stay(conn: Connection, committee: Committee) -> None:
    committee.open(ANNA)
    assert move(committee, ANNA, None, 1) == []
    move(committee, ANNA, SiteId("north"), 3)
    first, second = presence_store.intervals(conn, committee.id)
    assert (first.left_at, second.arrived_at, second.site_id) == (after(3), after(3), "north")
    found = attendance(committee, ANNA)
    assert (found.endpoint_id, found.mode) == ("hall", PresenceMode.REMOTE)
    assert presence_store.present_ids(conn, committee.id) == {ANNA}


def test_only_participants_of_a_convened_meeting_are_present(conn: Connection, committee: Committee) -> None:
    with pytest.raises(WrongState):
        committee.arrive(ANNA)
    committee.open()
    with pytest.raises(BadRole):
        committee.arrive(HALL)
    with pytest.raises(NoSuchParticipant):
        committee.arrive(PersonId("stranger"))


def test_the_roll_call_records_present_excused_and_absent(conn: Connection, committee: Committee) -> None:
    committee.open(ANNA, BINH)
    marks = {
        ANNA: RollCallMark(PresenceStatus.PRESENT, site_id=SiteId("north")),
        BINH: RollCallMark(PresenceStatus.EXCUSED, reason=" ill "),
        CARL: RollCallMark(PresenceStatus.PRESENT),
        CHAIR: RollCallMark(PresenceStatus.ABSENT),
    }
    presence_store.roll_call(conn, committee.id, marks, SECRETARY, after(5))
    assert (attendance(committee, BINH).status, attendance(committee, BINH).reason) == (PresenceStatus.EXCUSED, "ill")
    assert attendance(committee, CHAIR).status is PresenceStatus.ABSENT
    assert attendance(committee, CARL).mode is PresenceMode.IN_PERSON
    assert presence_store.lose(conn, committee.id, ANNA, after(6)) == []
    with pytest.raises(NoSuchParticipant):
        stranger = {PersonId("stranger"): RollCallMark(PresenceStatus.ABSENT)}
        presence_store.roll_call(conn, committee.id, stranger, SECRETARY, after(7))


def test_who_was_excused_and_comes_is_present(conn: Connection, committee: Committee) -> None:
    committee.open()
    for status in (PresenceStatus.ABSENT, PresenceStatus.EXCUSED):
        presence_store.roll_call(conn, committee.id, {ANNA: RollCallMark(status)}, SECRETARY, NOW)
    committee.arrive(ANNA, at=after(9))
    assert attendance(committee, ANNA).status is PresenceStatus.PRESENT
    presence_store.leave(conn, committee.id, ANNA, after(10))
    assert attendance(committee, ANNA).status is PresenceStatus.ABSENT


def test_losing_the_quorum_flags_an_open_poll_once(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, BINH, CARL)
    details = PollDetails("Budget", SIMPLE_MAJORITY, item_id=committee.first)
    poll_id = PollId(poll_store.create_poll(conn, committee.id, details, CHAIR, NOW)[0].id)
    poll_store.open_poll(conn, committee.id, poll_id, NOW)
    assert presence_store.leave(conn, committee.id, CARL, after(1)) == [Change(ChangeKind.PRESENCE, CARL)]
    changes = presence_store.leave(conn, committee.id, BINH, after(2))
    assert changes == [Change(ChangeKind.PRESENCE, BINH), Change(ChangeKind.POLL, poll_id)]
    presence_store.leave(conn, committee.id, ANNA, after(3))
    assert poll_store.load_poll(conn, committee.id, poll_id).quorum_lost_at == after(2)


def request(committee: Committee, person: PersonId, kind: SpeakerKind = SpeakerKind.TURN, at: float = 0) -> SpeakerId:
    changes = speaker_store.request_floor(committee.conn, committee.id, person, kind, after(at))
    return SpeakerId(changes[0].id)


def states(committee: Committee) -> list[SpeakerState]:
    return [entry.state for entry in speaker_store.entries(committee.conn, committee.id)]


def test_the_floor_goes_from_one_to_the_next(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, BINH)
    anna, binh = request(committee, ANNA), request(committee, BINH, SpeakerKind.POINT_OF_ORDER)
    speaker_store.grant_floor(conn, committee.id, anna, 180_000, after(1))
    with pytest.raises(FloorTaken):
        speaker_store.grant_floor(conn, committee.id, binh, None, after(2))
    speaker_store.pause_speaker(conn, committee.id, anna, after(2))
    speaker_store.grant_floor(conn, committee.id, binh, None, after(2))
    speaker_store.end_speaker(conn, committee.id, binh, after(3))
    speaker_store.resume_speaker(conn, committee.id, anna, after(3))
    speaker_store.end_speaker(conn, committee.id, anna, after(4))
    entry = speaker_store.load_entry(conn, committee.id, anna)
    assert (entry.item_id, entry.used_ms, entry.limit_ms, entry.ended_at) == (
        committee.first,
        120_000,
        180_000,
        after(4),
    )


def test_only_the_present_ask_once_each_way(conn: Connection, committee: Committee) -> None:
    committee.open(ANNA)
    entry_id = request(committee, ANNA)
    with pytest.raises(AlreadyWaiting):
        request(committee, ANNA)
    with pytest.raises(NotPresent):
        request(committee, BINH)
    changes = speaker_store.withdraw_request(conn, committee.id, entry_id, NOW)
    assert changes == [Change(ChangeKind.SPEAKER_REMOVED, entry_id)]
    with pytest.raises(NoSuchSpeaker):
        speaker_store.withdraw_request(conn, committee.id, entry_id, NOW)


def test_the_list_is_cleared_with_its_item(conn: Connection, committee: Committee) -> None:
    committee.open(ANNA, BINH)
    first, second = request(committee, ANNA), request(committee, BINH)
    speaker_store.grant_floor(conn, committee.id, first, None, after(1))
    changes = agenda_store.put_back_item(conn, committee.id, committee.first, after(2))
    assert changes[:2] == [Change(ChangeKind.SPEAKER, first), Change(ChangeKind.SPEAKER_REMOVED, second)]
    assert states(committee) == [SpeakerState.FINISHED]
    request(committee, BINH)
    session_store.adjourn_meeting(conn, committee.id, after(5))
    assert states(committee) == [SpeakerState.FINISHED]


def test_suspending_stops_the_clock_of_the_speaker(conn: Connection, committee: Committee) -> None:
    committee.open(ANNA)
    session_store.suspend_meeting(conn, committee.id, after(1))
    session_store.resume_meeting(conn, committee.id, after(1))
    entry_id = request(committee, ANNA)
    speaker_store.grant_floor(conn, committee.id, entry_id, None, after(2))
    changes = session_store.suspend_meeting(conn, committee.id, after(3))
    assert changes[0] == Change(ChangeKind.SPEAKER, entry_id)
    assert states(committee) == [SpeakerState.PAUSED]
    assert participant_store.load_participant(conn, committee.id, ANNA).entitled
