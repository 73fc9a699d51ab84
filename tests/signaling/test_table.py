"""At the table, through the wire: chat, announcements, floor, polls, presenting, the projector page."""

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest

from auth.audit.entry import Action
from meetings import chat, meeting_store
from meetings.model import MeetingState
from signaling import housekeeping
from signaling.live import presenting
from signaling.store.streams import events_after
from signaling.store.transaction import Transaction, meeting_stream
from tests.signaling import state_sync
from tests.signaling.apply_event import Json, apply_event
from tests.signaling.hub import Hub, Live, Refused, until


def message_id() -> str:
    return secrets.token_hex(12)


async def follow(hub: Hub, username: str) -> Live:
    live = await hub.live(username)
    live.start = (await live.request("subscribe", meetingId=hub.seed.ours.meeting))["snapshot"]  # type: ignore[attr-defined]
    return live


async def say(hub: Hub, live: Live, text: str = "Xin chào", audience: str = "everyone", **fields: Any) -> str:
    made = fields.pop("messageId", message_id())
    await live.request(
        "chat.send", meetingId=hub.seed.ours.meeting, messageId=made, audience=audience, text=text, **fields
    )
    return str(made)


async def seen(hub: Hub, username: str) -> list[str]:
    """The words of the chat in a fresh snapshot."""
    snapshot = await hub.call(username, "GET", f"/meetings/{hub.seed.ours.meeting}")
    return [one["text"] for one in snapshot["chat"]["messages"]]


async def stored(hub: Hub) -> str:
    """Everything in the meeting's stream, as text."""
    stream = meeting_stream(hub.seed.ours.meeting)
    events = await hub.services.db.read(lambda conn: events_after(conn, stream, 0))
    return json.dumps([one.body for one in events], ensure_ascii=False)


# --- chat ---


async def test_a_private_message_is_read_by_the_secretariat_and_its_author_only(hub: Hub) -> None:
    await hub.open("chair", "north")
    people = {name: await follow(hub, name) for name in ("secretary", "chair", "north", "delta", "hall-north")}
    await say(hub, people["north"], "Cho mọi người")
    await say(hub, people["north"], "Chỉ ban thư ký", "secretariat")
    await say(hub, people["secretary"], "Trả lời", "secretariat", recipientId=hub.seed.people["north"])
    public, private, answer = "Cho mọi người", "Chỉ ban thư ký", "Trả lời"
    expected = {
        "secretary": [public, private, answer],
        "chair": [public, private, answer],
        "north": [public, private, answer],
        "delta": [public],
        "hall-north": [],
    }
    for name, texts in expected.items():
        assert await seen(hub, name) == texts, name
        live = people[name]
        await live.settle()
        snapshot: Json = live.start  # type: ignore[attr-defined]
        for event in [one for one in live.heard if one["type"] == "event"]:
            snapshot = apply_event(snapshot, event)
        state_sync.hold(snapshot, await hub.call(name, "GET", f"/meetings/{hub.seed.ours.meeting}"), name)
        heard = json.dumps(live.heard, ensure_ascii=False)
        assert all((text in heard) == (text in texts) for text in (public, private, answer)), name
    assert len(await hub.log(action=Action.CHAT_SEND)) == 3
    assert public not in str(await hub.log(action=Action.CHAT_SEND)), "the log has no words"


async def test_a_repeated_message_is_there_once_and_another_with_its_id_is_refused(hub: Hub) -> None:
    await hub.open("north")
    north, delta = await follow(hub, "north"), await follow(hub, "delta")
    made = await say(hub, north)
    await say(hub, north, messageId=made)
    assert await seen(hub, "north") == ["Xin chào"]
    for live in (north, delta):
        with pytest.raises(Refused, match="chat_conflict"):
            await say(hub, live, "Khác", messageId=made)


async def test_a_removed_message_leaves_its_place_and_no_words_anywhere(hub: Hub) -> None:
    await hub.open("north")
    north, secretary = await follow(hub, "north"), await follow(hub, "secretary")
    made = await say(hub, north, "Lỡ lời")
    with pytest.raises(Refused, match="denied"):
        await north.request("chat.remove", meetingId=hub.seed.ours.meeting, messageId=made)
    for _ in range(2):
        await secretary.request("chat.remove", meetingId=hub.seed.ours.meeting, messageId=made)
    snapshot = await hub.call("north", "GET", f"/meetings/{hub.seed.ours.meeting}")
    assert [(one["text"], one["removed"]) for one in snapshot["chat"]["messages"]] == [("", True)]
    assert "Lỡ lời" not in await stored(hub)
    (entry,) = await hub.log(action=Action.CHAT_REMOVE)
    assert entry.entry.details["author"] == hub.seed.people["north"]
    late = await hub.live("delta")
    after = north.start["revision"]  # type: ignore[attr-defined]
    await late.request("subscribe", meetingId=hub.seed.ours.meeting, after=after)
    await late.settle()
    kinds = [one["event"]["type"] for one in late.heard if one["type"] == "event"]
    assert kinds == ["hidden", "chat"], "a replay tells the removal and not the words"


async def test_the_chat_can_be_closed_and_is_not_for_everybody(hub: Hub) -> None:
    await hub.open("north")
    meeting = hub.seed.ours.meeting
    north, chair, observer = await follow(hub, "north"), await follow(hub, "chair"), await follow(hub, "observer")
    await chair.request("sitting.set", meetingId=meeting, chatOpen=False)
    with pytest.raises(Refused, match="chat_closed"):
        await say(hub, north)
    await say(hub, north, audience="secretariat")
    await chair.request("sitting.set", meetingId=meeting, chatOpen=True)
    with pytest.raises(Refused, match="denied"):
        await say(hub, observer)
    await say(hub, observer, audience="secretariat")
    for text in ("", "x" * 2001, "a\u0000b", "a\u2028b"):
        with pytest.raises(Refused, match="invalid"):
            await say(hub, north, text)
    assert len(await hub.log(action=Action.SITTING_CHANGE)) == 2


async def test_nobody_floods_the_chat(hub: Hub) -> None:
    await hub.open("north")
    north, delta = await follow(hub, "north"), await follow(hub, "delta")
    for number in range(chat.PACE):
        await say(hub, north, f"{number}")
    with pytest.raises(Refused, match="chat_too_fast"):
        await say(hub, north)
    await say(hub, delta)


async def test_earlier_messages_are_read_page_by_page(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "PACE", 1000)
    await hub.open("north")
    north = await follow(hub, "north")
    for number in range(1, chat.SHOWN + 6):
        await say(hub, north, f"{number}")
    path = f"/meetings/{hub.seed.ours.meeting}"
    shown = (await hub.call("north", "GET", path))["chat"]
    assert (len(shown["messages"]), shown["earlier"], shown["messages"][0]["text"]) == (chat.SHOWN, True, "6")
    page = await hub.call("north", "GET", f"{path}/chat/{shown['messages'][0]['number']}/earlier")
    assert ([one["text"] for one in page["messages"]], page["earlier"]) == (["1", "2", "3", "4", "5"], False)
    with pytest.raises(Refused, match="denied"):
        await hub.call("hall-north", "GET", f"{path}/chat/5/earlier")


async def test_the_chat_of_an_archived_meeting_is_erased_by_rule(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.open("north")
    north = await follow(hub, "north")
    await say(hub, north, "Tạm thời")
    meeting = hub.seed.ours.meeting

    def tidy(tx: Transaction) -> None:
        housekeeping.erase_chats(hub.services, tx)

    await hub.write(tidy)
    assert await seen(hub, "north") == ["Tạm thời"], "while the meeting lives"
    await hub.change(lambda tx: meeting_store.write(tx.conn, meeting, state=MeetingState.ARCHIVED.value))
    await hub.write(tidy)
    assert await seen(hub, "north") == ["Tạm thời"], "for thirty days"
    now = hub.services.db.clock.now() + timedelta(days=31)
    monkeypatch.setattr(type(hub.services.db.clock), "tick", lambda _: now)
    await hub.write(tidy)
    assert await seen(hub, "north") == []
    assert "Tạm thời" not in await stored(hub)
    assert len(await hub.log(action=Action.CHAT_ERASE)) == 1
    await north.until(lambda one: one["type"] == "event" and one["event"]["type"] == "chat_cleared")


# --- announcements, floor, polls ---


async def test_an_announcement_is_on_every_screen_until_it_is_withdrawn(hub: Hub) -> None:
    await hub.open("north")
    meeting = hub.seed.ours.meeting
    secretary, hall = await follow(hub, "secretary"), await follow(hub, "hall-north")
    await secretary.request("announce", meetingId=meeting, text="Nghỉ giải lao")
    told = await hall.until(lambda one: one["type"] == "event")
    assert told["event"]["announcement"]["text"] == "Nghỉ giải lao"
    for _ in range(2):
        await secretary.request("announce.withdraw", meetingId=meeting)
    snapshot = await hub.call("north", "GET", f"/meetings/{meeting}")
    assert snapshot["announcement"] is None
    assert len(await hub.log(action=Action.ANNOUNCEMENT_WITHDRAW)) == 1


async def ask(hub: Hub, live: Live, kind: str = "turn") -> str:
    return str((await live.request("floor.request", meetingId=hub.seed.ours.meeting, kind=kind))["id"])


async def states(hub: Hub) -> dict[str, str]:
    snapshot = await hub.call("chair", "GET", f"/meetings/{hub.seed.ours.meeting}")
    return {one["id"]: one["state"] for one in snapshot["speakers"]}


async def test_a_point_of_order_interrupts_and_another_turn_ends_the_one_before(hub: Hub) -> None:
    await hub.open("chair", "north", "delta")
    meeting = hub.seed.ours.meeting
    chair, north, delta = [await follow(hub, name) for name in ("chair", "north", "delta")]
    first, order = await ask(hub, north), await ask(hub, delta, "point_of_order")
    await chair.request("floor.grant", meetingId=meeting, speakerId=first, seconds=120)
    snapshot = await hub.call("delta", "GET", f"/meetings/{meeting}")
    assert [one["limitSeconds"] for one in snapshot["speakers"]] == [120, None]
    await chair.request("floor.grant", meetingId=meeting, speakerId=order)
    assert await states(hub) == {first: "paused", order: "speaking"}
    await delta.request("floor.end", meetingId=meeting, speakerId=order)
    await chair.request("floor.resume", meetingId=meeting, speakerId=first)
    await chair.request("floor.pause", meetingId=meeting, speakerId=first)
    await chair.request("floor.resume", meetingId=meeting, speakerId=first)
    second = await ask(hub, delta)
    await chair.request("floor.grant", meetingId=meeting, speakerId=second)
    assert await states(hub) == {first: "finished", order: "finished", second: "speaking"}
    with pytest.raises(Refused, match="denied"):
        await north.request("floor.pause", meetingId=meeting, speakerId=second)
    assert (len(await hub.log(action=Action.FLOOR_PAUSE)), len(await hub.log(action=Action.FLOOR_RESUME))) == (1, 2)


async def test_a_closed_list_takes_points_of_order_and_opens_with_the_next_item(hub: Hub) -> None:
    await hub.open("chair", "north")
    meeting = hub.seed.ours.meeting
    chair, north = await follow(hub, "chair"), await follow(hub, "north")
    await chair.request("sitting.set", meetingId=meeting, floorOpen=False)
    with pytest.raises(Refused, match="floor_closed"):
        await ask(hub, north)
    await ask(hub, north, "point_of_order")
    await chair.request("item.state", meetingId=meeting, itemId=hub.seed.ours.items[0], to="under_discussion")
    await ask(hub, north)


async def test_a_poll_is_changed_extended_annulled_and_repeated_and_the_log_says_so(hub: Hub) -> None:
    await hub.open("chair", "north")
    meeting = hub.seed.ours.meeting
    chair, north = await follow(hub, "chair"), await follow(hub, "north")
    made = await chair.request("poll.create", meetingId=meeting, itemId=None, title="Địa điểm", kind="named_hidden")
    poll = made["id"]
    choices = {"method": "one_of", "options": ["Huế", "Vinh"], "kind": "named_hidden"}
    await chair.request("poll.edit", meetingId=meeting, pollId=poll, itemId=None, title="Nơi họp", **choices)
    await chair.request("poll.open", meetingId=meeting, pollId=poll, seconds=60)
    with pytest.raises(Refused, match="wrong_state"):
        await chair.request("poll.edit", meetingId=meeting, pollId=poll, itemId=None, title="Muộn", **choices)
    await north.request("poll.cast", meetingId=meeting, pollId=poll, ballotId=message_id(), optionId="1")
    await chair.request("poll.extend", meetingId=meeting, pollId=poll, seconds=300)
    with pytest.raises(Refused, match="invalid"):
        await chair.request("poll.annul", meetingId=meeting, pollId=poll, reason=" ")
    await chair.request("poll.annul", meetingId=meeting, pollId=poll, reason="Mất kết nối")
    with pytest.raises(Refused, match="poll_not_open"):
        await chair.request("poll.close", meetingId=meeting, pollId=poll)
    again = (await chair.request("poll.recast", meetingId=meeting, pollId=poll))["id"]
    polls = {one["id"]: one for one in (await hub.call("chair", "GET", f"/meetings/{meeting}"))["polls"]}
    old, new = polls[poll], polls[again]
    assert (old["state"], old["stateReason"], old["result"]) == ("annulled", "Mất kết nối", None)
    assert [one["optionId"] for one in old["ballots"]] == [None], "hidden choices stay hidden"
    assert (new["state"], new["recastOf"], new["title"], len(new["options"])) == ("draft", poll, "Nơi họp", 2)
    wanted = (Action.POLL_CREATE, Action.POLL_EDIT, Action.POLL_EXTEND, Action.POLL_ANNUL, Action.POLL_RECAST)
    assert [len(await hub.log(action=action)) for action in wanted] == [1] * 5


async def test_a_draft_of_a_poll_can_be_deleted_and_nothing_else(hub: Hub) -> None:
    await hub.open("chair", "north")
    meeting = hub.seed.ours.meeting
    chair, north = await follow(hub, "chair"), await follow(hub, "north")
    made = [
        (await chair.request("poll.create", meetingId=meeting, itemId=None, title=title, kind="named"))["id"]
        for title in ("Nhầm", "Nơi họp")
    ]
    await chair.request("poll.open", meetingId=meeting, pollId=made[1])
    with pytest.raises(Refused, match="denied"):
        await north.request("poll.delete", meetingId=meeting, pollId=made[0])
    with pytest.raises(Refused, match="wrong_state"):
        await chair.request("poll.delete", meetingId=meeting, pollId=made[1])
    await chair.request("poll.delete", meetingId=meeting, pollId=made[0])
    with pytest.raises(Refused, match="not_found"):
        await chair.request("poll.open", meetingId=meeting, pollId=made[0])
    polls = (await hub.call("chair", "GET", f"/meetings/{meeting}"))["polls"]
    assert [one["id"] for one in polls if one["id"] in made] == [made[1]]
    assert len(await hub.log(action=Action.POLL_DELETE, outcome="success")) == 1


async def test_control_characters_are_no_choice(hub: Hub) -> None:
    await hub.open()
    chair = await follow(hub, "chair")
    for options in (["A", "B\u0007"], ["A", "  "]):
        with pytest.raises(Refused, match="invalid"):
            await chair.request(
                "poll.create",
                meetingId=hub.seed.ours.meeting,
                itemId=None,
                title="Địa điểm",
                method="one_of",
                options=options,
            )


# --- presenting ---


def place(hub: Hub, page: int = 1, **changes: Any) -> str:
    shown = {"paperId": hub.seed.ours.paper, "version": 1, "page": page, "x": 0, "y": 0.25, "zoom": 1, "pointer": None}
    return json.dumps(shown | changes)


async def present(hub: Hub, live: Live, value: str | None) -> None:
    await live.request("ephemeral", meetingId=hub.seed.ours.meeting, key="page", value=value)


def page(number: int | None) -> Any:
    def holds(message: Json) -> bool:
        if message["type"] != "ephemeral" or message["key"] != "page":
            return False
        return (
            message["value"] is None if number is None else json.loads(message["value"] or "{}").get("page") == number
        )

    return holds


async def test_everybody_goes_with_the_presenter_and_who_comes_late_as_well(hub: Hub) -> None:
    await hub.open("north")
    meeting = hub.seed.ours.meeting
    secretary, north = await follow(hub, "secretary"), await follow(hub, "north")
    await present(hub, secretary, place(hub))
    await north.until(page(1))
    await present(hub, secretary, place(hub, 3))
    await north.until(page(3))
    late = await follow(hub, "delta")
    await late.until(page(3))
    for live in (north, late):
        await live.request("ephemeral", meetingId=meeting, key="follow", value="1")
    await secretary.until(lambda one: one.get("key") == "follow" and one["value"] == "2")
    await late.request("ephemeral", meetingId=meeting, key="follow", value=None)
    await secretary.until(lambda one: one.get("key") == "follow" and one["value"] == "1")
    await present(hub, secretary, None)
    await north.until(page(None))
    assert len(await hub.log(action=Action.PAPER_PRESENT)) == 1, "once, not for each page"


async def test_who_neither_runs_the_meeting_nor_has_the_floor_presents_nothing(hub: Hub) -> None:
    await hub.open("chair", "north")
    meeting = hub.seed.ours.meeting
    chair, north, observer = [await follow(hub, name) for name in ("chair", "north", "observer")]
    for live in (north, observer):
        with pytest.raises(Refused, match="denied"):
            await present(hub, live, place(hub))
    await chair.request("floor.grant", meetingId=meeting, speakerId=await ask(hub, north))
    await present(hub, north, place(hub))
    with pytest.raises(Refused, match="denied"):
        await present(hub, observer, None)
    for wrong in (place(hub, paperId=hub.seed.theirs.paper), place(hub, version=7), place(hub, paperId="x" * 20)):
        with pytest.raises(Refused, match="not_found"):
            await present(hub, north, wrong)
    for wrong in ("{}", "3", place(hub, 0), place(hub, pointer=[2, 0]), place(hub, more=1)):
        with pytest.raises(Refused, match="invalid"):
            await present(hub, north, wrong)
    await present(hub, chair, None)
    await north.until(page(None))


async def test_presenting_ends_with_the_item_and_with_a_presenter_who_stays_away(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenting, "GRACE_S", 0.05)
    await hub.open("chair", "north")
    meeting, item = hub.seed.ours.meeting, hub.seed.ours.items[0]
    chair, north = await follow(hub, "chair"), await follow(hub, "north")
    await chair.request("item.state", meetingId=meeting, itemId=item, to="under_discussion")
    await present(hub, chair, place(hub))
    await north.until(page(1))
    await chair.request("item.state", meetingId=meeting, itemId=item, to="pending")
    await north.until(page(None))
    north.heard.clear()
    await present(hub, chair, place(hub, 2))
    await north.until(page(2))
    await chair.socket.close()
    await north.until(page(None))
    await until(lambda: hub.services.sockets.presentations.of(meeting) is None)


async def test_a_paper_of_a_restricted_item_is_presented_to_its_readers_only(hub: Hub) -> None:
    meeting, items = hub.seed.ours.meeting, hub.seed.ours.items
    restricted = {"title": "Nhân sự", "kind": "decision", "readers": [hub.seed.people["north"]]}
    await hub.call("secretary", "PUT", f"/meetings/{meeting}/items/{items[0]}", json=restricted)
    await hub.open("north")
    secretary, north, delta = [await follow(hub, name) for name in ("secretary", "north", "delta")]
    await present(hub, secretary, place(hub))
    await delta.until(page(1))
    path = f"/meetings/{meeting}/papers/{hub.seed.ours.paper}"
    await hub.call("secretary", "PATCH", path, json={"itemId": items[0]})
    await delta.until(page(None))
    await present(hub, secretary, place(hub, 2))
    await north.until(page(2))
    late = await follow(hub, "delta")
    for live in (delta, late):
        await live.settle()
        assert hub.seed.ours.paper not in json.dumps([one for one in live.heard if one["type"] == "ephemeral"][1:])
    await hub.call("secretary", "DELETE", path)
    await north.until(page(None))


async def test_nothing_is_presented_once_the_meeting_is_over(hub: Hub) -> None:
    await hub.open("north")
    secretary, north = await follow(hub, "secretary"), await follow(hub, "north")
    await present(hub, secretary, place(hub))
    await north.until(page(1))
    await hub.call("secretary", "POST", f"/meetings/{hub.seed.ours.meeting}/transitions", json={"to": "adjourned"})
    await north.until(page(None))


async def test_a_hall_reads_the_paper_that_is_presented_and_no_other(hub: Hub) -> None:
    await hub.open("north")
    path = f"/meetings/{hub.seed.ours.meeting}/papers/{hub.seed.ours.paper}/versions/1"
    secretary = await follow(hub, "secretary")
    with pytest.raises(Refused, match="denied"):
        await hub.call("hall-north", "GET", path)
    await present(hub, secretary, place(hub))
    assert (await hub.call("hall-north", "GET", path)).startswith(b"%PDF")
    with pytest.raises(Refused, match="denied"):
        await hub.call("hall-north", "GET", f"{path}?download=1")
    await present(hub, secretary, None)
    with pytest.raises(Refused, match="denied"):
        await hub.call("hall-north", "GET", path)


async def test_the_projector_page_is_for_halls_and_who_runs_the_meeting(hub: Hub) -> None:
    await hub.open()
    path = f"/meetings/{hub.seed.ours.meeting}/display"
    for username in ("hall-north", "secretary", "chair"):
        assert (await hub.call(username, "GET", path))["organisation"]
    for username in ("north", "observer"):
        with pytest.raises(Refused, match="denied"):
            await hub.call(username, "GET", path)
