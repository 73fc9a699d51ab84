"""Trying the way to the relay, and quiet in the room, with a relay that only pretends."""

import asyncio
from typing import Any

import pytest

from auth.audit.entry import Action
from media.control.messages import Drop
from tests.media import parameters
from tests.signaling.fake_relay import connected
from tests.signaling.hub import Hub, Refused
from tests.signaling.test_media import Page, enter, state


async def technician(hub: Hub) -> Page:
    """Somebody who may mute, without an endpoint of their own."""
    live = await hub.live("secretary")
    await live.request("subscribe", meetingId=hub.seed.ours.meeting)
    return Page(
        live,
        hub.seed.ours.meeting,
        {"endpointId": "", "resumed": False, "routerRtpCapabilities": {}, "room": {"endpoints": []}},
    )


def probes(relay: Any) -> list[str]:
    return [room for room in relay.rooms if room.startswith("probe-")]


async def test_a_probe_is_a_transport_outside_of_the_room_and_ends_by_itself(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.open()
    async with connected(hub) as relay:
        live = await hub.live("north")
        first = await live.request("media.probe", meetingId=hub.seed.ours.meeting)
        assert first["transport"]["iceParameters"]["iceLite"] is True
        assert first["routerRtpCapabilities"]["codecs"]
        await relay.until(lambda: len(probes(relay)) == 1)
        (room,) = probes(relay)
        assert set(relay.rooms[room].transports) == {first["transport"]["id"]}
        assert hub.services.rooms.get(hub.seed.ours.meeting) is None, "nobody has joined by it"
        monkeypatch.setattr("signaling.live.probes.LIFETIME_S", 0.05)
        second = await live.request("media.probe", meetingId=hub.seed.ours.meeting)
        assert second["transport"]["id"] != first["transport"]["id"]
        await relay.until(lambda: relay.count(Drop) == 2)
        assert probes(relay) == []


async def test_a_probe_is_for_those_who_may_join(hub: Hub) -> None:
    await hub.open()
    async with connected(hub):
        stranger = await hub.live("b-member")
        with pytest.raises(Refused, match="not_found"):
            await stranger.request("media.probe", meetingId=hub.seed.ours.meeting)


async def test_without_a_relay_a_probe_is_refused(hub: Hub) -> None:
    await hub.open()
    live = await hub.live("north")
    with pytest.raises(Refused, match="relay_unavailable"):
        await live.request("media.probe", meetingId=hub.seed.ours.meeting)


async def test_a_join_brings_both_transports_when_asked(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        live = await hub.live("north")
        joined = await live.request("media.join", meetingId=hub.seed.ours.meeting, transports=True)
        made = {joined["transports"][way]["id"] for way in ("send", "recv")}
        await relay.until(lambda: set(state(hub, relay).transports) == made)
        again = await live.request(
            "media.join", meetingId=hub.seed.ours.meeting, endpointId=joined["endpointId"], transports=True
        )
        assert (again["endpointId"], again["resumed"]) == (joined["endpointId"], True)
        renewed = {again["transports"][way]["id"] for way in ("send", "recv")}
        assert made.isdisjoint(renewed)
        await relay.until(lambda: set(state(hub, relay).transports) == renewed)


async def test_a_whole_hall_is_muted_at_once_and_each_is_told_by_whom(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        chair, north, delta = await enter(hub, "chair"), await enter(hub, "north"), await enter(hub, "delta")
        voices = [await north.microphone(), await delta.microphone()]
        sound = await delta.request(
            "media.produce",
            transportId=await delta.transport("send"),
            kind="audio",
            source="screen_audio",
            rtpParameters=parameters.opus(),
        )
        del voices[1]  # the new transport took the older one's place
        own = await chair.microphone()
        await chair.request("media.mute", endpointIds=[north.endpoint, delta.endpoint, chair.endpoint, "gone"])
        for page in (north, delta):
            told = await page.live.of_type("moderated")
            assert (told["action"], told["by"]) == ("muted", "Hoàng Lan")
        await relay.until(
            lambda: all(state(hub, relay).producers[one].paused for one in [*voices, sound["producerId"]])
        )
        assert not state(hub, relay).producers[own].paused, "one does not mute oneself by accident"
        await chair.request("media.mute", endpointIds=[north.endpoint])
        muted = await hub.log(action=Action.MEDIA_MUTE)
        people = hub.seed.people
        assert [one.entry.details["person"] for one in muted] == [people["delta"], people["north"]], "and no third"


async def test_who_is_muted_is_asked_to_speak_and_never_unmuted_by_others(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        north, secretary = await enter(hub, "north"), await technician(hub)
        voice = await north.microphone()
        await secretary.request("media.mute", endpointIds=[north.endpoint])
        await relay.until(lambda: state(hub, relay).producers[voice].paused)
        await secretary.request("media.ask_unmute", endpointIds=[north.endpoint])
        told = await north.live.until(lambda one: one["type"] == "moderated" and one["action"] == "unmute_wanted")
        assert told["by"] == "Thanh Trúc"
        await asyncio.sleep(0)
        assert state(hub, relay).producers[voice].paused
        await north.request("media.set_producer", producerId=voice, paused=False)
        await relay.until(lambda: not state(hub, relay).producers[voice].paused)


async def test_members_mute_nobody(hub: Hub) -> None:
    await hub.open()
    async with connected(hub):
        north, delta = await enter(hub, "north"), await enter(hub, "delta")
        for kind in ("media.mute", "media.ask_unmute"):
            with pytest.raises(Refused, match="denied"):
                await north.request(kind, endpointIds=[delta.endpoint])
        secretary = await technician(hub)
        await north.request("media.leave")
        await delta.request("media.leave")
        with pytest.raises(Refused, match="no_such_media_object"):
            await secretary.request("media.mute", endpointIds=["e"])


async def test_the_quality_of_a_connection_is_passed_on(hub: Hub) -> None:
    await hub.open()
    async with connected(hub):
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        await north.request("ephemeral", key="quality", value="weak")
        heard = await chair.live.of_type("ephemeral")
        assert (heard["personId"], heard["key"], heard["value"]) == (hub.seed.people["north"], "quality", "weak")
        for words in ("a line that passes the closed chat by", None):
            with pytest.raises(Refused, match="invalid"):
                await north.request("ephemeral", key="quality", value=words)
