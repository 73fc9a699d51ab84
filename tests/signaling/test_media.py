"""Rooms of endpoints and the hub's link to a relay, with a relay that only pretends."""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake

from auth.audit.entry import Action
from media.control.messages import Delta, Drop, Snapshot
from meetings import session_store
from tests.media import parameters
from tests.signaling.conftest import StartHub
from tests.signaling.fake_relay import FakeRelay, client_context, connected
from tests.signaling.hub import Hub, Live, Refused, until

DTLS = {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": ":".join(["CD"] * 32)}]}


class Page:
    """A page in the room: its socket and what it has open."""

    def __init__(self, live: Live, meeting: str, joined: dict[str, Any]) -> None:
        self.live = live
        self.meeting = meeting
        self.endpoint: str = joined["endpointId"]
        self.resumed: bool = joined["resumed"]
        self.capabilities = joined["routerRtpCapabilities"]
        self.room = joined["room"]

    async def request(self, kind: str, /, **fields: Any) -> Any:
        return await self.live.request(kind, meetingId=self.meeting, **fields)

    async def transport(self, direction: str) -> str:
        made = await self.request("media.create_transport", direction=direction)
        await self.request("media.connect_transport", transportId=made["id"], dtlsParameters=DTLS)
        return str(made["id"])

    async def microphone(self) -> str:
        made = await self.request(
            "media.produce",
            transportId=await self.transport("send"),
            kind="audio",
            source="microphone",
            rtpParameters=parameters.opus(),
        )
        return str(made["producerId"])


async def enter(hub: Hub, username: str, **fields: Any) -> Page:
    live = await hub.live(username)
    meeting = hub.seed.ours.meeting
    await live.request("subscribe", meetingId=meeting)
    return Page(live, meeting, await live.request("media.join", meetingId=meeting, **fields))


def state(hub: Hub, relay: FakeRelay) -> Any:
    return relay.rooms[hub.seed.ours.meeting]


async def test_a_page_joins_sends_and_receives(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        made = await chair.request("media.create_transport", direction="recv")
        assert made["iceCandidates"][0]["ip"] == "192.0.2.7"
        assert made["iceParameters"]["iceLite"] is True
        producer = await north.microphone()
        consumed = await chair.request(
            "media.consume", transportId=made["id"], producerId=producer, rtpCapabilities=chair.capabilities
        )
        assert (consumed["producerId"], consumed["kind"]) == (producer, "audio")
        assert state(hub, relay).consumers[consumed["consumerId"]].paused, "it waits for the page to attach its track"
        await chair.request("media.set_consumer", consumerId=consumed["consumerId"], paused=False)
        await relay.until(lambda: not state(hub, relay).consumers[consumed["consumerId"]].paused)
        room = await chair.live.until(
            lambda one: one["type"] == "room" and any(x["producers"] for x in one["endpoints"])
        )
        assert {one["personId"] for one in room["endpoints"]} == {hub.seed.people["chair"], hub.seed.people["north"]}
        await north.request("media.close_producer", producerId=producer)
        await relay.until(lambda: not state(hub, relay).consumers)
        await chair.request("media.close_consumer", consumerId=consumed["consumerId"])
        await north.request("media.leave")
        await chair.request("media.leave")
        await relay.until(lambda: relay.count(Drop) == 1)
        assert relay.rooms == {}
    joins = await hub.log(action=Action.MEDIA_JOIN)
    assert {one.entry.actor for one in joins} == {hub.seed.people["chair"], hub.seed.people["north"]}


async def test_objects_of_others_cannot_be_used_and_nobodys_endpoint_can_be_claimed(hub: Hub) -> None:
    await hub.open()
    async with connected(hub):
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        producer, transport = await chair.microphone(), await chair.transport("recv")
        wanted: dict[str, dict[str, Any]] = {
            "media.connect_transport": {"transportId": transport, "dtlsParameters": DTLS},
            "media.restart_ice": {"transportId": transport},
            "media.close_producer": {"producerId": producer},
            "media.set_consumer": {"consumerId": "c" * 20, "paused": False},
            "media.consume": {"transportId": transport, "producerId": producer, "rtpCapabilities": {}},
        }
        for kind, fields in wanted.items():
            with pytest.raises(Refused, match="no_such_media_object"):
                await north.request(kind, **fields)
        with pytest.raises(Refused, match="parameters"):
            await chair.request("media.connect_transport", transportId=transport, dtlsParameters={"fingerprints": []})
        thief = await enter(hub, "delta", endpointId=chair.endpoint)
        assert thief.endpoint != chair.endpoint
        assert chair.endpoint in {one["id"] for one in thief.room["endpoints"]}
        await chair.request("media.restart_ice", transportId=transport)


async def test_a_source_is_received_once_and_never_by_its_sender(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    await hub.open()
    async with connected(hub) as relay:
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        producer, transport = await north.microphone(), await chair.transport("recv")
        wanted = {"transportId": transport, "producerId": producer, "rtpCapabilities": chair.capabilities}
        first = await chair.request("media.consume", **wanted)
        second = await chair.request("media.consume", **wanted)
        assert set(state(hub, relay).consumers) == {second["consumerId"]}
        with pytest.raises(Refused, match="no_such_media_object"):
            await chair.request("media.set_consumer", consumerId=first["consumerId"], paused=False)
        with pytest.raises(Refused, match="no_such_media_object"):
            await north.request("media.consume", **{**wanted, "transportId": await north.transport("recv")})
        monkeypatch.setattr("signaling.live.room.MAX_CONSUMERS", 1)
        assert (await chair.request("media.consume", **wanted))["consumerId"]
        other = await (await enter(hub, "delta")).microphone()
        with pytest.raises(Refused, match="too_many_requests"):
            await chair.request("media.consume", **{**wanted, "producerId": other})


async def test_the_relay_gets_of_a_pages_parameters_only_what_is_understood(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        given = parameters.opus(poison="x" * 5000)
        given["codecs"][0]["parameters"] = {"useinbandfec": "1\r\na=candidate:1", "stereo": 1, "x": [[[1]]]}
        made = await north.request(
            "media.produce",
            transportId=await north.transport("send"),
            kind="audio",
            source="microphone",
            rtpParameters=given,
        )
        kept = state(hub, relay).producers[made["producerId"]].rtp_parameters
        assert "poison" not in kept
        assert kept["codecs"][0]["parameters"] == {"stereo": 1}
        consumed = await chair.request(
            "media.consume",
            transportId=await chair.transport("recv"),
            producerId=made["producerId"],
            rtpCapabilities=chair.capabilities,
        )
        assert consumed["rtpParameters"]["codecs"][0]["parameters"] == {"stereo": 1}


async def test_a_relay_whose_certificate_is_revoked_is_cut_off(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.relays.listener.RECHECK_S", 0.1)
    async with connected(hub):
        folder = hub.seed.folder / "tls" / "relay-local"

        def revoke() -> None:
            pem = (folder / "certificate.pem").read_bytes()
            hub.services.authority.revoke(pem, datetime.now(UTC))

        await asyncio.sleep(0.25)
        assert hub.services.registry.connected == 1
        await asyncio.to_thread(revoke)
        await until(lambda: hub.services.registry.connected == 0)
    with pytest.raises((InvalidHandshake, OSError)):
        async with connected(hub):
            pass


async def test_nobody_touches_the_source_of_another_by_its_id(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        producer = await north.microphone()
        for paused in (True, False):
            with pytest.raises(Refused, match="no_such_media_object"):
                await chair.request("media.set_producer", producerId=producer, paused=paused)
        assert not state(hub, relay).producers[producer].paused
        await north.request("media.set_producer", producerId=producer, paused=True)
        await relay.until(lambda: state(hub, relay).producers[producer].paused)
    assert await hub.log(action=Action.MEDIA_MUTE) == []


async def test_a_relay_that_does_not_confirm_makes_no_consumer(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.relays.link.APPLY_TIMEOUT_S", 0.2)
    await hub.open()
    async with connected(hub) as relay:
        chair, north = await enter(hub, "chair"), await enter(hub, "north")
        producer, transport = await north.microphone(), await chair.transport("recv")
        wanted = {"transportId": transport, "producerId": producer, "rtpCapabilities": chair.capabilities}
        relay.silent = True
        with pytest.raises(Refused, match="relay_unavailable"):
            await chair.request("media.consume", **wanted)
        relay.silent = False
        await relay.until(lambda: not state(hub, relay).consumers)
        assert (await chair.request("media.consume", **wanted))["consumerId"]


async def test_a_relay_that_lost_the_thread_gets_a_snapshot(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        chair = await enter(hub, "chair")
        relay.confused = True
        made = await chair.request("media.create_transport", direction="send")
        await relay.until(lambda: relay.count(Snapshot) == 1)
        relay.confused = False
        assert set(state(hub, relay).transports) == {made["id"]}
        await chair.request("media.connect_transport", transportId=made["id"], dtlsParameters=DTLS)
        await relay.until(lambda: relay.count(Delta) == 2)
        assert state(hub, relay).transports[made["id"]].dtls is not None


async def test_a_restarted_hub_adopts_the_rooms_of_its_relay(start: StartHub) -> None:
    relay = FakeRelay()
    async with start() as hub:
        await hub.open()
        async with connected(hub, relay):
            page = await enter(hub, "north")
            producer, transport = await page.microphone(), await page.transport("recv")
    async with start() as hub, connected(hub, FakeRelay(relay.rooms)) as again:
        other = await enter(hub, "chair")
        assert [one["source"] for one in other.room["endpoints"][0]["producers"]] == ["microphone"]
        back = await enter(hub, "north", endpointId=page.endpoint)
        assert back.resumed and back.endpoint == page.endpoint
        await back.request("media.set_producer", producerId=producer, paused=True)
        await back.request("media.restart_ice", transportId=transport)
        await again.until(lambda: state(hub, again).producers[producer].paused)


async def test_a_restarted_hub_takes_in_nobody_whom_it_never_sent_to_that_relay(start: StartHub) -> None:
    relay = FakeRelay()
    async with start() as hub:
        await hub.open()
        async with connected(hub, relay):
            await (await enter(hub, "north")).microphone()
    for room, carried in relay.rooms.items():
        others = {
            key: one.model_copy(update={"app": one.app.replace('"personal"', '"room"')})
            for key, one in carried.transports.items()
        }
        assert others != carried.transports
        relay.rooms[room] = carried.model_copy(update={"transports": others})
    async with start() as hub, connected(hub, FakeRelay(relay.rooms)):
        chair = await enter(hub, "chair")
        assert [one["id"] for one in chair.room["endpoints"]] == [chair.endpoint]


async def test_a_restarted_relay_has_lost_its_rooms_and_the_pages_hear_it(hub: Hub) -> None:
    await hub.open()
    async with connected(hub):
        page = await enter(hub, "north")
        await page.microphone()
    await until(lambda: hub.services.registry.connected == 0)
    with pytest.raises(Refused, match="relay_unavailable"):
        await page.request("media.create_transport", direction="recv")
    async with connected(hub, FakeRelay(instance="second")) as fresh:
        closed = await page.live.of_type("endpoint_closed")
        assert (closed["endpointId"], closed["reason"]) == (page.endpoint, "lost")
        again = await enter(hub, "north", takeOver=True, endpointId=page.endpoint)
        assert not again.resumed
        await again.microphone()
        await fresh.until(lambda: len(state(hub, fresh).producers) == 1)


async def test_a_relay_that_only_lost_its_connection_keeps_its_rooms(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        page = await enter(hub, "north")
        producer = await page.microphone()
        carried = dict(relay.rooms)
    await until(lambda: hub.services.registry.connected == 0)
    async with connected(hub, FakeRelay(carried)) as again:
        await page.request("media.set_producer", producerId=producer, paused=True)
        await again.until(lambda: state(hub, again).producers[producer].paused)
        assert not [one for one in page.live.heard if one["type"] == "endpoint_closed"]


async def test_the_end_of_an_old_connection_does_not_cut_the_new_one(hub: Hub) -> None:
    await hub.open()
    relay = FakeRelay()
    async with connected(hub):
        newer = connected(hub, relay)
        await newer.__aenter__()
    await asyncio.sleep(0.05)
    page = await enter(hub, "north")
    await page.microphone()
    await relay.until(lambda: len(state(hub, relay).producers) == 1)
    await newer.__aexit__(None, None, None)


async def test_a_second_tab_takes_over_only_when_asked_to(hub: Hub) -> None:
    await hub.open()
    async with connected(hub):
        first = await enter(hub, "north")
        second = await hub.live("north")
        with pytest.raises(Refused, match="endpoint_elsewhere"):
            await second.request("media.join", meetingId=first.meeting)
        taken = await second.request("media.join", meetingId=first.meeting, takeOver=True)
        assert not taken["resumed"]
        assert (await first.live.of_type("endpoint_closed"))["reason"] == "taken_over"
        with pytest.raises(Refused, match="no_endpoint"):
            await first.request("media.create_transport", direction="send")


async def test_a_page_whose_old_socket_is_not_yet_known_to_be_dead_finds_its_endpoint(hub: Hub) -> None:
    await hub.open()
    async with connected(hub):
        first = await enter(hub, "north")
        producer = await first.microphone()
        again = await enter(hub, "north", endpointId=first.endpoint)
        assert again.resumed
        await again.request("media.set_producer", producerId=producer, paused=True)


async def test_an_endpoint_waits_for_its_page_and_then_goes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.live.rooms.HOLDER_GRACE_S", 0.5)
    await hub.open()
    async with connected(hub) as relay:
        chair, page = await enter(hub, "chair"), await enter(hub, "north")
        await chair.transport("recv")
        await page.microphone()
        await page.live.socket.close()
        back = await enter(hub, "north", endpointId=page.endpoint)
        assert back.resumed
        await back.live.socket.close()
        await relay.until(lambda: not state(hub, relay).producers)
        late = await enter(hub, "north", endpointId=page.endpoint)
        assert not late.resumed


async def test_signing_out_ends_media_without_grace(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        chair, page = await enter(hub, "chair"), await enter(hub, "north")
        await chair.transport("recv")
        await page.microphone()
        await (await hub.client("north")).raw("DELETE", "/session")
        await relay.until(lambda: not state(hub, relay).producers)


async def test_adjourning_ends_the_room(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        page = await enter(hub, "north")
        await page.microphone()
        await hub.call("secretary", "POST", f"/meetings/{page.meeting}/transitions", json={"to": "adjourned"})
        assert (await page.live.of_type("endpoint_closed"))["reason"] == "ended"
        await relay.until(lambda: relay.rooms == {})
        with pytest.raises(Refused, match="denied"):
            await page.live.request("media.join", meetingId=page.meeting)


async def test_a_transport_that_failed_without_its_page_is_gone(hub: Hub) -> None:
    await hub.open()
    meeting = hub.seed.ours.meeting
    async with connected(hub) as relay:
        chair, page = await enter(hub, "chair"), await enter(hub, "north")
        await chair.transport("recv")
        transport = await page.transport("send")
        await relay.transport_state(meeting, transport, "connected")
        await chair.live.until(
            lambda one: one["type"] == "room" and any(x["connection"] == "connected" for x in one["endpoints"])
        )
        await page.live.socket.close()
        await until(lambda: len(hub.services.sockets.everybody()) == 1)
        await relay.transport_state(meeting, transport, "failed")
        await relay.until(lambda: transport not in state(hub, relay).transports)


async def test_a_new_speaker_is_told_once(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        page = await enter(hub, "north")
        producer = await page.microphone()
        for _ in range(3):
            await relay.speaker(page.meeting, producer)
        await relay.speaker(page.meeting, None)
        await relay.speaker("a-room-that-is-no-more", producer)
        await page.live.until(lambda one: one["type"] == "active_speaker" and one["endpointId"] == page.endpoint)
        await page.live.until(lambda one: one["type"] == "active_speaker" and one["endpointId"] is None)
        await page.live.settle()
        told = [one["endpointId"] for one in page.live.heard if one["type"] == "active_speaker"]
        assert told == [page.endpoint, None]


async def test_nonsense_of_a_relay_is_ignored(hub: Hub) -> None:
    await hub.open()
    async with connected(hub) as relay:
        assert relay._socket is not None
        await relay._socket.send("{}")
        await relay._socket.send("no json")
        await (await enter(hub, "north")).microphone()


async def test_a_relay_without_a_certificate_does_not_get_in(hub: Hub) -> None:
    context = await asyncio.to_thread(client_context, hub, certificate=False)
    with pytest.raises((ssl.SSLError, InvalidHandshake, OSError)):
        async with connect(hub.services.settings.control_url, ssl=context, proxy=None) as socket:
            await socket.recv()


async def test_a_hall_is_an_endpoint_without_a_person_and_members_attend_through_it(hub: Hub) -> None:
    await hub.open()
    async with connected(hub):
        hall = await enter(hub, "hall-north")
        (shown,) = hall.room["endpoints"]
        assert (shown["kind"], shown["personId"]) == ("room", None)
        north = await hub.live("north")
        await north.request("attend", meetingId=hall.meeting, mode="in_person", via=hall.endpoint)
        with pytest.raises(Refused, match="no_such_media_object"):
            await north.request("attend", meetingId=hall.meeting, mode="in_person", via="e" * 20)
        with pytest.raises(Refused, match="denied"):
            await hall.request("attend", mode="in_person")
    snapshot = await hub.call("chair", "GET", f"/meetings/{hall.meeting}")
    mine = next(one for one in snapshot["participants"] if one["personId"] == hub.seed.people["north"])
    assert mine["presence"]["endpointId"] == hall.endpoint


async def test_presence_outlives_a_lost_connection_for_the_grace_time(hub: Hub) -> None:
    await hub.convene()
    await hub.change(lambda tx: session_store.open_meeting(tx.conn, hub.seed.ours.meeting, tx.now))
    meeting = hub.seed.ours.meeting
    watcher, live = await hub.live("chair"), await hub.live("north")
    await watcher.request("subscribe", meetingId=meeting)
    await live.request("attend", meetingId=meeting, mode="remote")
    await watcher.until(lambda one: one.get("event", {}).get("type") == "presence")
    await live.socket.close()
    await until(lambda: len(hub.services.sockets.everybody()) == 1)
    await watcher.settle()
    snapshot = await hub.call("chair", "GET", f"/meetings/{meeting}")
    mine = next(one for one in snapshot["participants"] if one["personId"] == hub.seed.people["north"])
    assert mine["presence"]["status"] == "present"
