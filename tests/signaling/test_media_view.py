"""What pages show, how large, and whose pictures come first, with a relay that only pretends."""

from typing import Any

import pytest

from media.control.messages import Delta, LayersWanted
from media.control.state import View
from meetings.records import SpeakerEntry
from signaling.errors import TooManyRequests
from signaling.live.leading import Leading, followed, leading
from signaling.live.pace import Pace
from signaling.live.views import rank
from tests.media import parameters
from tests.signaling.conftest import StartHub
from tests.signaling.fake_relay import FakeRelay, connected
from tests.signaling.hub import Hub, Refused
from tests.signaling.test_media import Page, enter, state

RIDS = [{"rid": f"r{index}", "scaleResolutionDownBy": by} for index, by in enumerate((4, 2, 1))]


async def shows(page: Page, source: str = "camera") -> str:
    """Send a picture in three encodings; each source has a transport of its own here, which takes the older's place."""
    made = await page.request(
        "media.produce",
        transportId=await page.transport("send"),
        kind="video",
        source=source,
        rtpParameters=parameters.vp8(encodings=RIDS),
    )
    return str(made["producerId"])


async def receives(page: Page, producer: str, transport: str) -> str:
    consumed = await page.request(
        "media.consume", transportId=transport, producerId=producer, rtpCapabilities=page.capabilities
    )
    return str(consumed["consumerId"])


def view(hub: Hub, relay: FakeRelay, consumer: str) -> View | None:
    found: View | None = state(hub, relay).consumers[consumer].view
    return found


async def sees(page: Page, consumer: str, width: int, height: int, **more: Any) -> None:
    await page.request("media.view", views=[{"consumerId": consumer, "width": width, "height": height, **more}])


async def test_the_relay_learns_how_large_a_page_draws_what_it_receives(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        delta, north = await enter(hub, "delta"), await enter(hub, "north")
        consumer = await receives(delta, await shows(north), await delta.transport("recv"))
        assert view(hub, relay, consumer) is None, "until it is told, a picture is wanted as good as it can be had"
        await sees(delta, consumer, 640, 360)
        await relay.until(lambda: view(hub, relay, consumer) == View(width=640, height=360, rank=100))
        await sees(delta, consumer, 640, 360, pinned=True)
        await relay.until(lambda: view(hub, relay, consumer) == View(width=640, height=360, rank=10))
        changes = relay.count(Delta)
        await sees(delta, consumer, 640, 360, pinned=True)
        await sees(delta, "gone", 640, 360)
        assert relay.count(Delta) == changes, "the same again, and what is gone, are not worth a word"
        await sees(delta, consumer, 0, 0)
        await relay.until(lambda: view(hub, relay, consumer) == View(width=0, height=0, rank=100))


async def test_views_are_of_ones_own_pictures_and_never_of_sound(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        delta, north = await enter(hub, "delta"), await enter(hub, "north")
        transport = await delta.transport("recv")
        picture = await receives(delta, await shows(north), transport)
        sound = await receives(delta, await (await enter(hub, "chair")).microphone(), transport)
        await sees(delta, sound, 0, 0)
        await sees(north, picture, 0, 0)
        assert view(hub, relay, sound) is None
        assert view(hub, relay, picture) is None


async def test_a_view_that_cannot_be_is_refused(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.open()
    async with connected(hub):
        delta = await enter(hub, "delta")
        wrong: list[Any] = [
            [],
            [{"consumerId": "c", "width": -1, "height": 1}],
            [{"consumerId": "c", "width": 20_000, "height": 1}],
            [{"consumerId": "c", "width": 1.5, "height": 1}],
            [{"consumerId": "c", "width": 1, "height": 1, "rank": 0}],
            [{"consumerId": "c", "width": 1, "height": 1}] * 201,
        ]
        for views in wrong:
            with pytest.raises(Refused, match="invalid"):
                await delta.request("media.view", views=views)
        live = await hub.live("north")
        with pytest.raises(Refused, match="no_endpoint"):
            await live.request("media.view", meetingId=delta.meeting, views=wrong[-1][:1])
        stranger = await hub.live("b-member")
        with pytest.raises(Refused, match="not_found"):
            await stranger.request("media.view", meetingId=delta.meeting, views=wrong[-1][:1])
        with pytest.raises(Refused, match="too_many_requests"):
            for _ in range(60):
                await sees(delta, "c", 1, 1)


async def test_who_chairs_has_the_floor_or_speaks_comes_first_and_screens_before_the_others(hub: Hub) -> None:
    await hub.open()
    meeting = hub.seed.ours.meeting
    async with connected(hub) as relay:
        chair, north, delta = await enter(hub, "chair"), await enter(hub, "north"), await enter(hub, "delta")
        transport = await delta.transport("recv")
        chairs = await receives(delta, await shows(chair), transport)
        screen = await receives(delta, await shows(await enter(hub, "secretary"), "screen"), transport)
        picture = await shows(north)
        norths = await receives(delta, picture, transport)
        sizes = [{"consumerId": one, "width": 320, "height": 180} for one in (chairs, screen, norths)]
        await delta.request("media.view", views=sizes)

        def ranks() -> list[int]:
            return [found.rank for one in (chairs, screen, norths) if (found := view(hub, relay, one)) is not None]

        await relay.until(lambda: ranks() == [0, 20, 100])
        await north.request("attend", mode="remote")
        turn = (await north.request("floor.request"))["id"]
        await chair.request("floor.grant", speakerId=turn)
        await relay.until(lambda: ranks() == [0, 20, 0])
        await chair.live.request("floor.end", meetingId=meeting, speakerId=turn)
        await relay.until(lambda: ranks() == [0, 20, 100])
        await relay.speaker(meeting, picture)
        await relay.until(lambda: ranks() == [0, 20, 0])
        await relay.speaker(meeting, None)
        assert ranks() == [0, 20, 0], "silence takes the place from nobody"


async def test_only_the_page_that_sends_hears_which_encodings_are_wanted(hub: Hub) -> None:
    await hub.open()
    meeting = hub.seed.ours.meeting
    async with connected(hub) as relay:
        delta, north = await enter(hub, "delta"), await enter(hub, "north")
        picture = await shows(north)
        await relay.send(LayersWanted(room=meeting, layers={picture: 1, "gone": 0}))
        told = await north.live.of_type("layers_wanted")
        assert told["producers"] == [{"producerId": picture, "highest": 1}]
        await north.request("media.join", endpointId=north.endpoint)
        north.live.heard.clear()
        again = await north.live.of_type("layers_wanted")
        assert again["producers"] == [{"producerId": picture, "highest": 1}], "a page that comes back is told again"
        await delta.live.settle()
        assert [one for one in delta.live.heard if one["type"] == "layers_wanted"] == []


async def test_no_page_has_more_pictures_than_the_deployment_gives_it(start: StartHub) -> None:
    async with start(pictures=2) as hub, connected(hub) as relay:
        await hub.open()
        delta = await enter(hub, "delta")
        transport = await delta.transport("recv")
        senders = [await enter(hub, username) for username in ("chair", "north", "secretary")]
        got = [await receives(delta, await shows(page), transport) for page in senders]
        sound = await receives(delta, await (await enter(hub, "hall-north")).microphone(), transport)
        nothing = View(width=0, height=0, rank=100)
        assert [view(hub, relay, one) for one in got] == [None, None, nothing], "whoever says nothing has the first two"
        assert view(hub, relay, sound) is None
        await sees(delta, got[2], 640, 360)
        await relay.until(lambda: view(hub, relay, got[2]) == View(width=640, height=360, rank=100))
        assert [view(hub, relay, one) for one in got[:2]].count(nothing) == 1, "what was not spoken of makes room"
        for one, height in zip(got, (180, 360, 720), strict=True):
            await sees(delta, one, 320, height)
        await relay.until(lambda: view(hub, relay, got[2]) == View(width=320, height=720, rank=100))
        assert view(hub, relay, got[0]) == View(width=320, height=180, rank=0), "who chairs comes first, then size"
        assert view(hub, relay, got[1]) == nothing


def test_the_order_of_pictures() -> None:
    assert rank("camera", leads=True, pinned=True) == 0
    assert rank("screen", leads=True, pinned=False) == 20
    assert rank("screen", leads=False, pinned=True) == 10
    assert rank("camera", leads=False, pinned=True) == 10
    assert rank("camera", leads=False, pinned=False) == 100


def test_the_pace_is_a_burst_and_then_so_many_a_second() -> None:
    pace = Pace(2.0, 3.0)
    for _ in range(3):
        pace.take(10.0)
    with pytest.raises(TooManyRequests):
        pace.take(10.1)
    pace.take(10.6)
    with pytest.raises(TooManyRequests):
        pace.take(10.7)


NOBODY = Leading(5, frozenset(), {}, {})
FLOOR: dict[str, Any] = {"type": "speaker", "speaker": {"id": "s", "personId": "p", "state": "speaking"}}
SEATED: dict[str, Any] = {"type": "presence", "personId": "p", "presence": {"endpointId": "hall"}}


def after(now: Leading, *bodies: dict[str, Any]) -> Leading:
    for body in bodies:
        found = followed(now, now.revision + 1, body)
        assert found is not None
        now = found
    return now


def test_a_hall_comes_first_while_somebody_in_it_has_the_floor() -> None:
    now = after(NOBODY, SEATED, FLOOR)
    assert now.people == {"p"}
    assert now.endpoints == {"hall"}
    paused = {"type": "speaker", "speaker": {**FLOOR["speaker"], "state": "paused"}}
    assert after(now, paused).endpoints == frozenset()
    assert after(now, {"type": "speaker_removed", "speakerId": "s"}).people == frozenset()
    left = {"type": "presence", "personId": "p", "presence": {"endpointId": None}}
    assert after(now, left).endpoints == frozenset()
    assert after(now, {"type": "participant_removed", "personId": "p"}).endpoints == frozenset()


def test_a_new_chair_comes_first() -> None:
    chair = {"type": "participant", "participant": {"personId": "a", "role": "chair"}}
    member = {"type": "participant", "participant": {"personId": "a", "role": "member"}}
    assert after(NOBODY, chair).people == {"a"}
    assert after(NOBODY, chair, member).people == frozenset()
    assert leading(7, [], list[SpeakerEntry]()) == Leading(7, frozenset(), {}, {})


def test_an_event_that_is_known_changes_nothing_and_one_that_was_missed_is_noticed() -> None:
    assert followed(NOBODY, 5, FLOOR) is NOBODY
    assert followed(NOBODY, 7, FLOOR) is None
