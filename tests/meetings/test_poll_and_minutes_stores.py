"""Polls and minutes on a real database."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from auth.model import MeetingRole, PersonId
from meetings import (
    agenda_store,
    meeting_store,
    minutes_store,
    participant_store,
    poll_store,
    presence_store,
    schema,
    session_store,
)
from meetings.changes import Change, ChangeKind
from meetings.errors import (
    BallotConflict,
    ItemUndecided,
    NoMinutes,
    NoSuchItem,
    NoSuchPoll,
    NotEntitled,
    NotPresent,
    PollNotOpen,
    PollOpen,
    SigningOrder,
    UnknownOption,
    WrongState,
)
from meetings.model import (
    BallotId,
    ItemId,
    ItemState,
    MeetingState,
    MinutesState,
    PollId,
    PollKind,
    PollMethod,
    PollState,
    Verdict,
)
from meetings.records import Ballot, BallotInPoll, PollDetails, PollOption
from meetings.rules import SIMPLE_MAJORITY
from meetings.tally import NO, YES
from tests.meetings.conftest import ANNA, BINH, CARL, CHAIR, GUEST, NAMES, NOW, SECRETARY, Committee, after

DETAILS = PollDetails("Budget", SIMPLE_MAJORITY, question="Shall the budget be adopted?")


def create(committee: Committee, details: PollDetails = DETAILS) -> PollId:
    return PollId(poll_store.create_poll(committee.conn, committee.id, details, CHAIR, NOW)[0].id)


def opened(committee: Committee) -> PollId:
    poll_id = create(committee, replace(DETAILS, item_id=committee.first))
    poll_store.open_poll(committee.conn, committee.id, poll_id, NOW)
    return poll_id


def cast(
    committee: Committee, poll_id: PollId, person: PersonId, option: str = YES, ballot: str | None = None
) -> tuple[Ballot, list[Change]]:
    return poll_store.cast_ballot(
        committee.conn,
        committee.id,
        poll_id,
        person,
        ballot_id=BallotId(ballot or f"ballot-of-{person}"),
        option_id=option,
        now=after(1),
    )


def test_a_poll_from_draft_to_publication(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, BINH)
    poll_id = opened(committee)
    for person, option in ((CHAIR, YES), (ANNA, YES), (BINH, NO)):
        ballot, changes = cast(committee, poll_id, person, option)
        assert changes == [Change(ChangeKind.BALLOT, ballot.id)]
        assert poll_store.load_ballot(conn, committee.id, ballot.id) == BallotInPoll(
            ballot, PollKind.NAMED, PollState.OPEN, committee.first, restricted=False
        )
    poll_store.close_poll(conn, committee.id, poll_id, after(2))
    poll_store.publish_poll(conn, committee.id, poll_id, after(3))
    (poll,) = poll_store.polls(conn, committee.id)
    assert poll == poll_store.load_poll(conn, committee.id, poll_id)
    assert (poll.state, poll.closed_at, poll.published_at) == (PollState.PUBLISHED, after(2), after(3))
    assert poll.electors == {CHAIR, ANNA, BINH, CARL} and poll.voted == {CHAIR, ANNA, BINH}
    assert poll.result is not None
    assert (poll.result.outcome.verdict, poll.result.tally.of(YES), poll.result.tally.absent) == (Verdict.CARRIED, 2, 1)
    assert [ballot.person_id for ballot in poll_store.ballots(conn, poll_id)] == [ANNA, BINH, CHAIR]


def test_who_may_not_read_a_restricted_item_is_no_elector(conn: Connection, committee: Committee) -> None:
    item = agenda_store.load_item(conn, committee.id, committee.first)
    restricted = replace(item.details, restricted=True, readers=frozenset({ANNA, BINH}))
    agenda_store.edit_item(conn, committee.id, committee.first, restricted, NOW)
    committee.open(CHAIR, ANNA, BINH)
    poll_id = opened(committee)
    assert poll_store.load_poll(conn, committee.id, poll_id).electors == {ANNA, BINH}
    assert poll_store.restricted_item(conn, committee.id, poll_id) == committee.first
    assert poll_store.restricted_item(conn, committee.id, create(committee)) is None
    with pytest.raises(NotEntitled):
        cast(committee, poll_id, CHAIR)


def test_a_draft_is_edited_and_an_open_poll_is_not(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR)
    poll_id = create(committee)
    options = (PollOption("a", "Anna"), PollOption("b", "Binh"))
    choice = replace(DETAILS, method=PollMethod.ONE_OF, kind=PollKind.NAMED_HIDDEN, options=options)
    poll_store.edit_poll(conn, committee.id, poll_id, choice, NOW)
    assert poll_store.load_poll(conn, committee.id, poll_id).details == choice
    poll_store.open_poll(conn, committee.id, poll_id, NOW)
    with pytest.raises(WrongState):
        poll_store.edit_poll(conn, committee.id, poll_id, DETAILS, NOW)
    with pytest.raises(NoSuchItem):
        create(committee, replace(DETAILS, item_id=ItemId("nothing")))


def test_a_retry_gets_the_same_receipt_even_after_closing(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, BINH)
    poll_id = opened(committee)
    ballot, _ = cast(committee, poll_id, ANNA)
    assert cast(committee, poll_id, ANNA) == (ballot, [])
    poll_store.close_poll(conn, committee.id, poll_id, after(2))
    assert cast(committee, poll_id, ANNA) == (ballot, [])
    with pytest.raises(PollNotOpen):
        cast(committee, poll_id, BINH)


def test_a_ballot_id_and_a_person_are_used_once(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, BINH)
    poll_id = opened(committee)
    cast(committee, poll_id, ANNA, ballot="ballot-0001")
    for person, ballot_id, option in (
        (ANNA, "ballot-0001", NO),
        (ANNA, "ballot-0002", YES),
        (BINH, "ballot-0001", YES),
    ):
        with pytest.raises(BallotConflict):
            cast(committee, poll_id, person, option, ballot_id)
    row = {"poll_id": poll_id, "person_id": ANNA, "option_id": NO, "cast_at": NOW, "receipt": "x"}
    with pytest.raises(IntegrityError), conn.begin_nested():
        conn.execute(schema.ballot.insert().values(id="ballot-0009", **row))


def test_voters_are_present_electors_with_a_known_option(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, GUEST)
    poll_id = opened(committee)
    with pytest.raises(NotEntitled):
        cast(committee, poll_id, GUEST)
    with pytest.raises(NotPresent):
        cast(committee, poll_id, BINH)
    with pytest.raises(UnknownOption):
        cast(committee, poll_id, ANNA, "maybe")
    with pytest.raises(NoSuchPoll):
        cast(committee, PollId("nothing"), ANNA)
    presence_store.leave(conn, committee.id, ANNA, after(1))
    with pytest.raises(NotPresent):
        cast(committee, poll_id, ANNA)


def test_the_electorate_is_frozen_at_opening(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, GUEST, BINH)
    poll_id = opened(committee)
    participant_store.change_participant(conn, committee.id, GUEST, MeetingRole.MEMBER, entitled=True, now=NOW)
    participant_store.change_participant(conn, committee.id, BINH, MeetingRole.MEMBER, entitled=False, now=NOW)
    with pytest.raises(NotEntitled):
        cast(committee, poll_id, GUEST)
    cast(committee, poll_id, BINH)


def test_an_open_poll_holds_item_and_session(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR)
    opened(committee)
    with pytest.raises(PollOpen):
        session_store.adjourn_meeting(conn, committee.id, NOW)
    with pytest.raises(PollOpen):
        agenda_store.conclude_item(conn, committee.id, committee.first, ItemState.DECIDED, outcome="", now=NOW)


def test_a_recast_is_a_new_poll_linked_to_the_old(conn: Connection, committee: Committee) -> None:
    committee.open(CHAIR, ANNA, BINH)
    poll_id = opened(committee)
    poll_store.close_poll(conn, committee.id, poll_id, after(2))
    second = PollId(poll_store.recast_poll(conn, committee.id, poll_id, CHAIR, after(3))[0].id)
    old, new = poll_store.polls(conn, committee.id)
    assert (new.id, new.recast_of, new.number, new.state) == (second, poll_id, 2, PollState.DRAFT)
    assert new.details == old.details
    with pytest.raises(NoSuchPoll):
        poll_store.load_poll(conn, committee.id, PollId("nothing"))
    assert poll_store.load_ballot(conn, committee.id, BallotId("nothing")) is None


def ended(committee: Committee) -> None:
    """A whole session: one decision by a vote, one item left over."""
    committee.open(CHAIR, SECRETARY, ANNA, BINH)
    poll_id = opened(committee)
    cast(committee, poll_id, CHAIR)
    cast(committee, poll_id, ANNA)
    poll_store.close_poll(committee.conn, committee.id, poll_id, after(2))
    agenda_store.conclude_item(
        committee.conn, committee.id, committee.first, ItemState.DECIDED, outcome="Adopted.", now=after(3)
    )
    session_store.adjourn_meeting(committee.conn, committee.id, after(60))


def test_minutes_go_from_the_record_to_two_signatures_and_the_archive(conn: Connection, committee: Committee) -> None:
    ended(committee)
    minutes_store.draft_minutes(conn, committee.id, NAMES, after(61))
    with pytest.raises(ItemUndecided):
        minutes_store.submit_minutes(conn, committee.id, after(62))
    agenda_store.conclude_item(conn, committee.id, committee.second, ItemState.DEFERRED, outcome="", now=after(62))
    minutes_store.draft_minutes(conn, committee.id, NAMES, after(63))
    drafted = minutes_store.load_minutes(conn, committee.id)
    by_id = {section.id: section for section in drafted.sections}
    assert len(by_id[f"item-{committee.first}"].poll_ids) == 1
    assert by_id[f"item-{committee.second}"].text == "The item was deferred."
    assert "Chair presided." in by_id["opening"].text
    minutes_store.submit_minutes(conn, committee.id, after(64))
    minutes_store.return_minutes(conn, committee.id, after(65))
    changes = minutes_store.submit_minutes(conn, committee.id, after(66))
    assert changes == [Change(ChangeKind.MINUTES, committee.id), Change(ChangeKind.MEETING, committee.id)]
    minutes_store.edit_minutes(conn, committee.id, {"closing": "That was all."}, drafted.revision, after(67))
    minutes_store.freeze_minutes(conn, committee.id, drafted.revision + 1, after(68))
    with pytest.raises(SigningOrder):
        minutes_store.sign_minutes(conn, committee.id, ANNA, MeetingRole.SECRETARY, after(69))
    minutes_store.sign_minutes(conn, committee.id, SECRETARY, MeetingRole.SECRETARY, after(69))
    minutes_store.sign_minutes(conn, committee.id, CHAIR, MeetingRole.CHAIR, after(70))
    signed = minutes_store.load_minutes(conn, committee.id)
    assert (signed.state, signed.sections[-1].text) == (MinutesState.SIGNED, "That was all.")
    assert (signed.secretary_signed_at, signed.chair_signed_at) == (after(69), after(70))
    assert meeting_store.load_meeting(conn, committee.id).state is MeetingState.MINUTES_SIGNED
    meeting_store.archive_meeting(conn, committee.id, after(90))
    assert meeting_store.load_meeting(conn, committee.id).state is MeetingState.ARCHIVED


def test_minutes_come_after_the_session(conn: Connection, committee: Committee) -> None:
    with pytest.raises(WrongState):
        minutes_store.draft_minutes(conn, committee.id, NAMES, NOW)
    with pytest.raises(NoMinutes):
        minutes_store.edit_minutes(conn, committee.id, {}, 1, NOW)
