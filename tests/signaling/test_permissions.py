"""Every route and message declares a permission, and what it declares is enforced."""

import asyncio
from typing import Any, get_args

import pytest

from auth.audit.entry import Action, Outcome
from auth.decide import Context, decide
from auth.model import Label, MeetingRole, SessionId, Subject
from auth.permissions import RULES, Permission
from meetings import participant_store
from meetings.changes import Change
from signaling import demo
from signaling.http.route import Route
from signaling.http.table import ROUTES
from signaling.live.commands import HANDLERS
from signaling.store.transaction import Transaction
from signaling.wire import live
from signaling.wire.base import Request
from signaling.wire.live import ClientMessage
from signaling.wire.media import LeaveMedia
from tests.media import parameters
from tests.signaling import requests
from tests.signaling.fake_relay import connected
from tests.signaling.hub import Hub, Refused
from tests.signaling.seed import SECRET_WORDS, Seed

MESSAGES: tuple[type[Request], ...] = get_args(get_args(ClientMessage)[0])
OF_A_MEETING = [route for route in ROUTES if "{meeting}" in route.path]
TO_A_MEETING = [message for message in MESSAGES if "meeting_id" in message.model_fields]
OURS = [account.username for account in demo.ACCOUNTS]
WITHOUT_TRACE = (live.Unsubscribe, LeaveMedia)  # what is not held is let go without a word


def test_every_message_of_the_wire_has_a_handler_with_a_permission() -> None:
    assert set(HANDLERS) == set(MESSAGES)
    assert all(isinstance(handler.permission, Permission) for handler in HANDLERS.values())
    assert not [handler for handler in HANDLERS.values() if handler.permission is Permission.PUBLIC]


def test_every_route_declares_a_permission_and_few_are_public() -> None:
    assert all(route.permission in RULES for route in ROUTES if route.permission is not Permission.PUBLIC)
    public = {(route.method, route.path) for route in ROUTES if route.permission is Permission.PUBLIC}
    entrance = {("GET", "/entrance"), ("GET", "/entrance/demo-code")}
    welcome = {("POST", "/welcome/look-up"), ("POST", "/welcome")}
    assert public == {("POST", "/session"), ("POST", "/session/code"), ("GET", "/authority")} | entrance | welcome
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


def test_every_route_of_a_meeting_asks_for_a_role_in_it() -> None:
    assert [route.path for route in OF_A_MEETING if not RULES[route.permission].grants] == []


async def test_nobody_gets_anywhere_without_a_session(hub: Hub) -> None:
    client = await hub.nobody()
    for route in ROUTES:
        if route.permission is not Permission.PUBLIC:
            answer = await client.raw(route.method, requests.path(route, hub.seed.ours), **requests.arguments(route))
            assert answer.status == 401, route.path
            assert await _code(answer) == "no_session"


async def _code(answer: object) -> str:
    return str((await answer.json())["error"]["code"])  # type: ignore[attr-defined]


def _subject(seed: Seed, username: str) -> Subject:
    role = next(account.role for account in demo.ACCOUNTS if account.username == username)
    return Subject(
        seed.people[username], SessionId("s"), frozenset({role}), Label.INTERNAL, None, None, second_factor=True
    )


def _allowed(seed: Seed, username: str, permission: Permission, state: str) -> bool:
    account = next(account for account in demo.ACCOUNTS if account.username == username)
    context = Context(Label.INTERNAL, meeting_role=account.seat, state=state, entitled=account.entitled)
    if permission is Permission.PUBLIC or not RULES[permission].grants:
        context = Context()
    return decide(_subject(seed, username), permission, context).allowed


async def _refuses_whom_it_should(hub: Hub, route: Route, state: str) -> int:
    """Send a route's request as everybody who may not, at the same time; return how many that were."""
    refused = [username for username in OURS if not _allowed(hub.seed, username, route.permission, state)]
    await asyncio.gather(*[_refuses(hub, route, state, username) for username in refused])
    return len(refused)


async def _refuses(hub: Hub, route: Route, state: str, username: str) -> None:
    client = await hub.client(username)
    answer = await client.raw(route.method, requests.path(route, hub.seed.ours), **requests.arguments(route))
    unseen = "{meeting}" in route.path and not _allowed(hub.seed, username, Permission.MEETING_READ, state)
    expected = (404, "not_found") if unseen else (403, "denied")
    assert (answer.status, await _code(answer)) == expected, (username, route)


@pytest.mark.parametrize("state", ["draft", "convened", "in_session"])
async def test_whoever_may_not_use_a_route_is_refused_and_the_log_says_so(hub: Hub, state: str) -> None:
    if state == "convened":
        await hub.convene()
    elif state == "in_session":
        await hub.open()
    tried = sum([await _refuses_whom_it_should(hub, route, state) for route in ROUTES])
    denials = await hub.log(action=Action.DENIAL, limit=1000)
    assert tried == len(denials) > 40
    assert all(one.entry.outcome is Outcome.DENIED and one.entry.actor for one in denials)
    assert all(one.entry.details["permission"] and one.entry.details["reason"] for one in denials)


@pytest.mark.parametrize("state", ["draft", "in_session"])
async def test_whoever_may_not_send_a_message_is_refused_and_the_log_says_so(hub: Hub, state: str) -> None:
    if state == "in_session":
        await hub.open()
    tried = 0
    for username in OURS:
        socket = await hub.live(username)
        for message in TO_A_MEETING:
            permission = HANDLERS[message].permission
            if message is live.SendEphemeral or _allowed(hub.seed, username, permission, state):
                continue
            unseen = not _allowed(hub.seed, username, Permission.MEETING_READ, state)
            with pytest.raises(Refused, match="not_found" if unseen else "denied"):
                await socket.request(
                    message.model_fields["type"].default, **requests.fields(message, hub.seed.ours, hub.seed)
                )
            tried += 1
    denials = await hub.log(action=Action.DENIAL, limit=1000)
    assert tried == len(denials) > 40


@pytest.mark.parametrize("username", ["secretary", "chair", "officer", "admin", "hall-north"])
async def test_meetings_of_others_do_not_exist_on_any_route(hub: Hub, username: str) -> None:
    client = await hub.client(username, fresh=True)
    absent = await client.raw("GET", "/meetings/" + "x" * 22)
    for route in OF_A_MEETING:
        answer = await client.raw(route.method, requests.path(route, hub.seed.theirs), **requests.arguments(route))
        assert answer.status == 404, route.path
        assert await answer.json() == await absent.json()
    denials = await hub.log(action=Action.DENIAL, object_id=hub.seed.theirs.meeting, limit=100)
    assert len(denials) == len(OF_A_MEETING)
    assert {one.entry.actor for one in denials} == {hub.seed.people[username]}


async def test_meetings_of_others_do_not_exist_for_any_message(hub: Hub) -> None:
    for username in ("chair", "secretary", "officer"):
        socket = await hub.live(username)
        for message in TO_A_MEETING:
            if message in WITHOUT_TRACE:
                continue
            code = "not_subscribed" if message is live.SendEphemeral else "not_found"
            with pytest.raises(Refused, match=code):
                await socket.request(
                    message.model_fields["type"].default, **requests.fields(message, hub.seed.theirs, hub.seed)
                )
        assert not any(word in str(socket.heard) for word in SECRET_WORDS)


async def test_parts_of_other_meetings_cannot_be_reached_through_an_own_one(hub: Hub) -> None:
    ours, theirs = hub.seed.ours, hub.seed.theirs
    client = await hub.client("secretary", fresh=True)
    for route in OF_A_MEETING:
        if "{item}" in route.path or "{paper}" in route.path:
            mixed = requests.path(route, theirs).replace(theirs.meeting, ours.meeting)
            answer = await client.raw(route.method, mixed, **requests.arguments(route))
            assert (answer.status, await _code(answer)) == (404, "not_found"), mixed
    await hub.open("chair")
    socket = await hub.live("chair")
    for kind, fields in {
        "item.state": {"itemId": theirs.items[0], "to": "under_discussion"},
        "poll.open": {"pollId": theirs.poll},
        "poll.close": {"pollId": theirs.poll},
        "poll.cast": {"pollId": theirs.poll, "ballotId": "b" * 20, "optionId": "yes"},
        "poll.create": {"itemId": theirs.items[0], "title": "Mượn mục"},
        "roll_call": {"personId": hub.seed.people["b-member"], "status": "present"},
    }.items():
        with pytest.raises(Refused, match="not_found"):
            await socket.request(kind, meetingId=ours.meeting, **fields)


async def test_no_list_names_meetings_of_others(hub: Hub) -> None:
    for username in OURS:
        client = await hub.client(username)
        text = await (await client.raw("GET", "/meetings")).text()
        assert not any(word in text for word in SECRET_WORDS)
    listed = await hub.call("b-member", "GET", "/meetings")
    assert listed["meetings"] == []  # a draft is for those who prepare it
    assert [one["id"] for one in (await hub.call("b-chair", "GET", "/meetings"))["meetings"]] == [
        hub.seed.theirs.meeting
    ]


async def test_what_needs_a_fresh_factor_is_refused_without_one(hub: Hub) -> None:
    for username, method, path in (
        ("secretary", "POST", f"/meetings/{hub.seed.ours.meeting}/convene"),
        ("officer", "GET", "/audit"),
    ):
        with pytest.raises(Refused, match="step_up_required") as refused:
            await hub.call(username, method, path)
        assert refused.value.status == 403


async def test_officers_and_administrators_gain_nothing_from_a_seat_in_a_meeting(hub: Hub) -> None:
    def invite(tx: Transaction) -> list[Change]:
        meeting, people = hub.seed.ours.meeting, hub.seed.people
        return [
            change
            for one in ("officer", "admin")
            for change in participant_store.invite(
                tx.conn, meeting, people[one], MeetingRole.OBSERVER, entitled=False, now=tx.now
            )
        ]

    await hub.change(invite)
    await hub.convene()
    for username in ("officer", "admin"):
        with pytest.raises(Refused, match="not_found"):
            await hub.call(username, "GET", f"/meetings/{hub.seed.ours.meeting}")


async def test_nobody_makes_a_meeting_that_is_above_the_own_clearance_or_the_deployments(hub: Hub) -> None:
    body = requests.BODIES["POST", "/meetings"]
    with pytest.raises(Refused, match="label_above_ceiling"):
        await hub.call("secretary", "POST", "/meetings", json=body | {"label": 3})


def _seat(hub: Hub, username: str, role: MeetingRole, *, entitled: bool = False) -> dict[str, Any]:
    return {"personId": hub.seed.people[username], "role": role.value, "entitled": entitled}


async def _seats(hub: Hub, *others: dict[str, Any]) -> dict[str, Any]:
    """Return the invitations of our meeting as they are, with these instead."""
    named = {one["personId"] for one in others}
    snapshot = await hub.call("secretary", "GET", f"/meetings/{hub.seed.ours.meeting}")
    kept = [
        {name: one[name] for name in ("personId", "role", "entitled")}
        for one in snapshot["participants"]
        if one["personId"] not in named
    ]
    return {"invitees": [*kept, *others]}


async def test_nobody_changes_the_own_role_or_vote(hub: Hub) -> None:
    path = f"/meetings/{hub.seed.ours.meeting}/invitations"
    for mine in (
        _seat(hub, "chair", MeetingRole.SECRETARY, entitled=True),
        _seat(hub, "chair", MeetingRole.CHAIR, entitled=False),
    ):
        with pytest.raises(Refused, match="denied") as refused:
            await hub.call("chair", "PUT", path, json=await _seats(hub, mine))
        assert refused.value.status == 403
        assert (await hub.log(action=Action.DENIAL))[0].entry.details["reason"] == "own_role"
    await hub.call("chair", "PUT", path, json=await _seats(hub))
    assert not await hub.log(action=Action.ROLE_CHANGE)


async def test_every_change_of_a_role_is_logged_by_itself(hub: Hub) -> None:
    meeting, people = hub.seed.ours.meeting, hub.seed.people
    wanted = await _seats(
        hub, _seat(hub, "north", MeetingRole.OBSERVER), _seat(hub, "b-member", MeetingRole.MEMBER, entitled=True)
    )
    wanted["invitees"] = [one for one in wanted["invitees"] if one["personId"] != people["delta"]]
    await hub.call("secretary", "PUT", f"/meetings/{meeting}/invitations", json=wanted)
    logged = [one.entry for one in await hub.log(action=Action.ROLE_CHANGE)]
    assert {(one.actor, one.object_type, one.object_id) for one in logged} == {
        (people["secretary"], "meeting", meeting)
    }
    changes = {one.details["person"]: dict(one.details) for one in logged}
    assert len(changes) == len(logged) == 3
    assert changes[people["north"]] == {
        "person": people["north"],
        "from": "member",
        "to": "observer",
        "entitled_from": True,
        "entitled_to": False,
    }
    assert (changes[people["b-member"]]["from"], changes[people["b-member"]]["to"]) == (None, "member")
    assert (changes[people["delta"]]["from"], changes[people["delta"]]["to"]) == ("member", None)


async def test_an_observer_listens_and_sends_nothing(hub: Hub) -> None:
    await hub.open()
    meeting, path = hub.seed.ours.meeting, f"/meetings/{hub.seed.ours.meeting}/invitations"
    async with connected(hub) as relay:
        page = await hub.live("north")
        await page.request("media.join", meetingId=meeting)
        transport = await page.request("media.create_transport", meetingId=meeting, direction="send")
        source = {"kind": "audio", "source": "microphone", "rtpParameters": parameters.opus()}
        produce = {"meetingId": meeting, "transportId": transport["id"], **source}
        producer = (await page.request("media.produce", **produce))["producerId"]
        await hub.call("secretary", "PUT", path, json=await _seats(hub, _seat(hub, "north", MeetingRole.OBSERVER)))
        await relay.until(lambda: not relay.rooms[meeting].producers)
        with pytest.raises(Refused, match="denied"):
            await page.request("media.produce", **produce)
        with pytest.raises(Refused, match="no_such_media_object"):
            await page.request("media.close_producer", meetingId=meeting, producerId=producer)
        await page.request("media.create_transport", meetingId=meeting, direction="recv")


async def test_the_log_names_restricted_items_and_their_readers_by_ids_only(hub: Hub) -> None:
    path, people = f"/meetings/{hub.seed.ours.meeting}/items", hub.seed.people
    first = {"title": "Nhân sự mật", "readers": [people["chair"], people["north"]]}
    item = (await hub.call("secretary", "POST", path, json=first))["id"]
    changed = first | {"title": "Nhân sự kín", "readers": [people["chair"], people["delta"]]}
    await hub.call("secretary", "PUT", f"{path}/{item}", json=changed)
    entries = [one.entry for one in await hub.log(object_id=item)]
    assert not any("Nhân sự" in str(dict(one.details)) for one in entries)
    told = [dict(one.details) for one in entries if "restricted" in one.details]
    assert told[0] == {"restricted": True, "added": people["delta"], "removed": people["north"]}
    assert str(told[1]["added"]).split() == sorted([people["chair"], people["north"]])
    await hub.call("secretary", "PUT", f"{path}/{item}", json=first | {"title": "Công khai", "readers": None})
    newest = [dict(one.entry.details) for one in await hub.log(object_id=item)][:2]
    assert newest[0]["restricted"] is False
    assert newest[1]["title"] == "Công khai"
