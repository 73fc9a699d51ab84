"""The law of the stream: what a client makes of events is what the hub would send it afresh, for every role."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from auth.model import PersonId
from meetings import agenda_store, poll_store
from meetings.changes import Change
from meetings.model import ItemId, MeetingId, PollId, PollKind
from meetings.records import PollDetails
from meetings.rules import PRESETS
from signaling.store.transaction import Transaction
from tests.signaling import state_sync
from tests.signaling.apply_event import KNOWN_EVENTS, Json, apply_event
from tests.signaling.hub import Hub, Live, Refused, ballot_id

FIXTURES = sorted(state_sync.FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def fixtures() -> dict[str, str]:
    """The fixtures as they are committed."""
    return {path.name: path.read_text("utf-8") for path in FIXTURES}


@pytest.fixture(scope="module")
def played() -> dict[str, str]:
    """The fixtures as today's code makes them; making them holds the whole script to the law, which takes a while."""
    return state_sync.files()


def test_the_committed_fixtures_are_what_the_code_makes(fixtures: dict[str, str], played: dict[str, str]) -> None:
    assert fixtures == played, "run: python -m tests.signaling.state_sync"


def test_the_script_has_every_type_of_event(fixtures: dict[str, str]) -> None:
    assert {name.removesuffix(".json") for name in fixtures} == KNOWN_EVENTS


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_reference_agrees_with_the_shared_fixtures(path: Any) -> None:
    for case in json.loads(path.read_text("utf-8")):
        assert apply_event(case["snapshot"], case["event"]) == case["expected"], case["name"]
        assert case["event"]["revision"] == case["snapshot"]["revision"] + 1


def _cases(fixtures: dict[str, str], kind: str, username: str) -> list[Json]:
    return [one for one in json.loads(fixtures[f"{kind}.json"]) if one["name"].startswith(f"{username}:")]


def test_who_is_not_named_sees_a_placeholder_of_a_restricted_item(fixtures: dict[str, str]) -> None:
    shown = _cases(fixtures, "minutes", "member")[-1]["snapshot"]
    hidden = [item for item in shown["items"] if item["hidden"]]
    assert len(hidden) == 1
    assert (hidden[0]["title"], hidden[0]["description"], hidden[0]["outcome"]) == ("", "", "")
    assert (hidden[0]["papers"], hidden[0]["presenterId"]) == ([], None)
    assert [poll["title"] for poll in shown["polls"]] == ["Biểu quyết open", "Biểu quyết hidden", "Biểu quyết void"]
    assert "Biểu quyết secret" not in json.dumps(shown, ensure_ascii=False)
    named = _cases(fixtures, "minutes", "secretary")[-1]["snapshot"]
    assert not [item for item in named["items"] if item["hidden"]]
    assert len(named["polls"]) == 4


async def test_every_socket_follows_the_meeting_without_gaps(hub: Hub) -> None:
    await hub.open("chair", "north", "delta")
    meeting = hub.seed.ours.meeting
    sockets = {name: await hub.live(name) for name in ("chair", "secretary", "north", "observer", "hall-north")}
    known = {}
    for name, socket in sockets.items():
        known[name] = (await socket.request("subscribe", meetingId=meeting))["snapshot"]
    await _act(hub, sockets)
    for name, socket in sockets.items():
        await socket.settle()
        snapshot = known[name]
        events = [one for one in socket.heard if one["type"] == "event"]
        first = snapshot["revision"]
        assert [one["revision"] for one in events] == list(range(first + 1, first + 1 + len(events)))
        for event in events:
            snapshot = apply_event(snapshot, event)
        state_sync.hold(snapshot, await hub.call(name, "GET", f"/meetings/{meeting}"), name)


async def test_who_reads_a_restricted_item_is_told_by_role_to_pages_that_follow_together(hub: Hub) -> None:
    await hub.open("chair", "north")
    meeting, item = hub.seed.ours.meeting, hub.seed.ours.items[1]
    readers = sorted([hub.seed.people["chair"], hub.seed.people["north"]])
    await hub.change(lambda tx: _restrict(tx, MeetingId(meeting), ItemId(item), readers))
    sockets = {name: await hub.live(name) for name in ("north", "chair", "secretary")}
    for socket in sockets.values():
        await socket.request("subscribe", meetingId=meeting)
    await sockets["secretary"].request("item.state", meetingId=meeting, itemId=item, to="under_discussion")
    told = {}
    for name, socket in sockets.items():
        await socket.settle()
        told[name] = [one["event"]["item"]["readers"] for one in socket.heard if _is_item(one)]
    assert told == {"north": [None], "chair": [readers], "secretary": [readers]}


def _restrict(tx: Transaction, meeting: MeetingId, item: ItemId, readers: Sequence[str]) -> list[Change]:
    details = agenda_store.load_item(tx.conn, meeting, item).details
    wanted = replace(details, restricted=True, readers=frozenset(map(PersonId, readers)))
    return agenda_store.edit_item(tx.conn, meeting, item, wanted, tx.now)


def _is_item(message: Json) -> bool:
    return bool(message["type"] == "event" and message["event"]["type"] == "item")


async def _act(hub: Hub, sockets: dict[str, Live]) -> None:
    """A few minutes of a meeting, through the wire."""
    meeting, item = hub.seed.ours.meeting, hub.seed.ours.items[1]
    chair, north = sockets["chair"], sockets["north"]
    await sockets["secretary"].request("item.state", meetingId=meeting, itemId=item, to="under_discussion")
    entry = await north.request("floor.request", meetingId=meeting)
    await chair.request("floor.grant", meetingId=meeting, speakerId=entry["id"])
    await north.request("floor.end", meetingId=meeting, speakerId=entry["id"])
    await chair.request("poll.open", meetingId=meeting, pollId=hub.seed.ours.poll)
    votes = [
        socket.request("poll.cast", meetingId=meeting, pollId=hub.seed.ours.poll, ballotId=ballot_id(), optionId="yes")
        for socket in (chair, north)
    ]
    await asyncio.gather(*votes)
    await north.request("depart", meetingId=meeting)
    await chair.request("poll.close", meetingId=meeting, pollId=hub.seed.ours.poll)
    await hub.call("secretary", "POST", f"/meetings/{meeting}/items", json={"title": "Mục thêm"})


async def test_ballots_cast_at_once_are_listed_alike_by_events_and_snapshots(hub: Hub) -> None:
    names = ("chair", "north", "delta", "highland")
    await hub.open(*names)
    meeting, poll = hub.seed.ours.meeting, hub.seed.ours.poll
    sockets = [await hub.live(name) for name in names]
    chair = sockets[0]
    snapshot = (await chair.request("subscribe", meetingId=meeting))["snapshot"]
    await hub.change(lambda tx: agenda_store.start_item(tx.conn, meeting, ItemId(hub.seed.ours.items[1]), tx.now))
    await chair.request("poll.open", meetingId=meeting, pollId=poll)
    await asyncio.gather(
        *(
            one.request("poll.cast", meetingId=meeting, pollId=poll, ballotId=ballot_id(), optionId="yes")
            for one in sockets
        )
    )
    await chair.settle()
    for event in [one for one in chair.heard if one["type"] == "event"]:
        snapshot = apply_event(snapshot, event)
    state_sync.hold(snapshot, await hub.call("chair", "GET", f"/meetings/{meeting}"), "chair")


async def test_hidden_choices_stay_hidden_from_all_but_their_owner_until_the_poll_is_closed(hub: Hub) -> None:
    await hub.open("chair", "north", "delta")
    meeting = hub.seed.ours.meeting
    made: list[str] = []

    def create(tx: Transaction) -> list[Any]:
        details = PollDetails(title="Kín", rules=PRESETS["simple_majority"], kind=PollKind.NAMED_HIDDEN)
        changes = poll_store.create_poll(tx.conn, meeting, details, hub.seed.people["chair"], tx.now)
        made.append(changes[0].id)
        return [*changes, *poll_store.open_poll(tx.conn, meeting, PollId(made[0]), tx.now)]

    await hub.change(create)
    north, secretary = await hub.live("north"), await hub.live("secretary")
    for one in (north, secretary):
        await one.request("subscribe", meetingId=meeting)
    cast = {"meetingId": meeting, "pollId": made[0], "ballotId": ballot_id(), "optionId": "no"}
    receipt = (await north.request("poll.cast", **cast))["receipt"]
    own = await north.until(lambda one: one.get("event", {}).get("type") == "ballot")
    others = await secretary.until(lambda one: one.get("event", {}).get("type") == "ballot")
    assert own["event"]["ballot"]["optionId"] == "no"
    assert own["event"]["ballot"]["receipt"] == receipt
    assert others["event"]["ballot"] | {"castAt": ""} == {
        "personId": hub.seed.people["north"],
        "optionId": None,
        "receipt": None,
        "ballotId": None,
        "castAt": "",
    }
    shown = await hub.call("secretary", "GET", f"/meetings/{meeting}")
    ballots = next(one for one in shown["polls"] if one["id"] == made[0])["ballots"]
    assert [one["optionId"] for one in ballots] == [None]
    chair = await hub.live("chair")
    await chair.request("poll.close", meetingId=meeting, pollId=made[0])
    closed = await secretary.until(lambda one: one.get("event", {}).get("type") == "poll")
    assert [one["optionId"] for one in closed["event"]["poll"]["ballots"]] == ["no"]
    assert closed["event"]["poll"]["ballots"][0]["receipt"] is None


async def test_a_page_that_comes_back_is_sent_what_it_missed(hub: Hub) -> None:
    await hub.open("chair")
    meeting = hub.seed.ours.meeting
    first = (await (await hub.live("north")).request("subscribe", meetingId=meeting))["snapshot"]
    for name in ("north", "delta"):
        await hub.arrive(hub.seed.people[name])
    back = await hub.live("north")
    answer = await back.request("subscribe", meetingId=meeting, after=first["revision"])
    assert answer == {"revision": first["revision"], "snapshot": None}
    await hub.arrive(hub.seed.people["highland"])
    await back.settle()
    events = [one for one in back.heard if one["type"] == "event"]
    assert [one["revision"] for one in events] == [first["revision"] + number for number in (1, 2, 3)]
    snapshot = first
    for event in events:
        snapshot = apply_event(snapshot, event)
    state_sync.hold(snapshot, await hub.call("north", "GET", f"/meetings/{meeting}"), "north")


async def test_a_page_that_knows_more_than_the_hub_is_told_to_start_over(hub: Hub) -> None:
    await hub.convene()
    live = await hub.live("north")
    with pytest.raises(Refused, match="revision_unknown"):
        await live.request("subscribe", meetingId=hub.seed.ours.meeting, after=10_000)
    assert (await live.request("subscribe", meetingId=hub.seed.ours.meeting))["snapshot"] is not None


async def test_a_page_that_missed_too_much_gets_a_snapshot(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.live.commands.streams.MAX_REPLAY", 2)
    await hub.open("chair", "north", "delta")
    live = await hub.live("north")
    answer = await live.request("subscribe", meetingId=hub.seed.ours.meeting, after=1)
    assert answer["snapshot"]["revision"] == answer["revision"]


async def test_when_readers_of_an_item_change_every_page_reads_the_meeting_again(hub: Hub) -> None:
    await hub.convene()
    meeting, item = hub.seed.ours.meeting, hub.seed.ours.items[1]
    north = await hub.live("north")
    before = await north.request("subscribe", meetingId=meeting)
    restricted = {"title": "Nhân sự", "kind": "decision", "readers": [hub.seed.people["chair"]]}
    await hub.call("secretary", "PUT", f"/meetings/{meeting}/items/{item}", json=restricted)
    await north.of_type("resync")
    resumed = await north.request("subscribe", meetingId=meeting, after=before["revision"])
    assert resumed["snapshot"] is not None, "a replay cannot take away what is no longer to be seen"
    assert [one["hidden"] for one in resumed["snapshot"]["items"]] == [False, True, False]
    assert hub.seed.ours.poll not in json.dumps(resumed)
    with pytest.raises(Refused, match="not_found"):
        await hub.call("north", "GET", f"/meetings/{meeting}/papers/{hub.seed.ours.paper}/versions/1")


async def test_who_is_uninvited_stops_hearing_of_the_meeting(hub: Hub) -> None:
    await hub.convene()
    meeting = hub.seed.ours.meeting
    observer, chair = await hub.live("observer"), await hub.live("chair")
    for one in (observer, chair):
        await one.request("subscribe", meetingId=meeting)
    snapshot = await hub.call("secretary", "GET", f"/meetings/{meeting}")
    invitees = [
        {"personId": one["personId"], "role": one["role"], "entitled": one["entitled"]}
        for one in snapshot["participants"]
        if one["personId"] != hub.seed.people["observer"]
    ]
    await hub.call("secretary", "PUT", f"/meetings/{meeting}/invitations", json={"invitees": invitees})
    await observer.of_type("resync")
    with pytest.raises(Refused, match="not_found"):
        await observer.request("subscribe", meetingId=meeting)
    await chair.settle()
    assert [one["event"]["type"] for one in chair.heard if one["type"] == "event"] == ["participant_removed"]


async def test_new_rules_of_procedure_tell_the_quorum_that_follows(hub: Hub) -> None:
    meeting = hub.seed.ours.meeting
    socket = await hub.live("chair")
    snapshot = (await socket.request("subscribe", meetingId=meeting))["snapshot"]
    await hub.call("secretary", "PATCH", f"/meetings/{meeting}", json={"rules": "two_thirds"})
    await socket.settle()
    for event in [one for one in socket.heard if one["type"] == "event"]:
        snapshot = apply_event(snapshot, event)
    state_sync.hold(snapshot, await hub.call("chair", "GET", f"/meetings/{meeting}"), "chair")


async def test_ephemeral_values_reach_followers_and_are_not_stored(hub: Hub) -> None:
    await hub.convene()
    meeting = hub.seed.ours.meeting
    chair, north = await hub.live("chair"), await hub.live("north")
    with pytest.raises(Refused, match="not_subscribed"):
        await north.request("ephemeral", meetingId=meeting, key="quality", value="weak")
    for one in (chair, north):
        await one.request("subscribe", meetingId=meeting)
    size = hub.services.log.size
    await north.request("ephemeral", meetingId=meeting, key="quality", value="weak")
    heard = await chair.of_type("ephemeral")
    assert (heard["personId"], heard["key"], heard["value"]) == (hub.seed.people["north"], "quality", "weak")
    await north.settle()
    assert not [one for one in north.heard if one["type"] == "ephemeral"], "who sent it knows it"
    assert hub.services.log.size == size
    await north.request("unsubscribe", meetingId=meeting)
    with pytest.raises(Refused, match="not_subscribed"):
        await north.request("ephemeral", meetingId=meeting, key="quality", value="good")
