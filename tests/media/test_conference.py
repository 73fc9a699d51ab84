"""The relay as a process would run it: real sockets, a real control channel, two pages on aiortc."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from media.control.messages import AudioLevels, Drop, Failed, Register, Snapshot, Statistics, Welcome, encode
from media.control.state import RoomState
from tests.media import planes
from tests.media.bot import bot
from tests.media.hub import ROOM, relay, running_hub
from tests.media.pki import make_pki

pytestmark = pytest.mark.usefixtures("plane")


async def test_two_pages_see_and_hear_each_other_and_mute_holds() -> None:
    async with running_hub() as (hub, port), relay(port):
        await hub.until(hub.registered.is_set)
        async with bot(hub) as alice, bot(hub) as bob:
            await alice.produce()
            await bob.produce()
            for sender, receiver in ((alice, bob), (bob, alice)):
                for producer in sender.producers.values():
                    await receiver.consume(producer)
            for sender, receiver in ((alice, bob), (bob, alice)):
                await receiver.receives(sender.producers["video"], 30)
                await receiver.receives(sender.producers["audio"], 50)
                assert receiver.picture_moves
                assert receiver.loudness[sender.producers["audio"]] > 1000
            assert set(hub.transport_states.values()) == {"connected"}
            await hub.until(lambda: any(message.rooms for message in hub.of_type(Statistics)))

            video = alice.producers["video"]
            await hub.pause_producer(video, True)
            await asyncio.sleep(0.3)  # what is in the jitter buffer may still be shown
            before = bob.frames[video]
            await asyncio.sleep(0.5)
            assert bob.frames[video] == before
            await hub.pause_producer(video, False)
            await bob.receives(video, 10)

            leaving = hub.state.consumers.keys()
            await hub.apply(remove=list(leaving))
            assert not hub.of_type(Failed)


async def test_a_restarted_hub_adopts_the_relay_and_media_goes_on() -> None:
    async with running_hub() as (first, port), relay(port):
        await first.until(first.registered.is_set)
        async with bot(first) as alice, bot(first) as bob:
            await alice.produce()
            video = alice.producers["video"]
            await bob.consume(video)
            await bob.receives(video, 5)
            await first.stop()
            await bob.receives(video, 20)

            async with running_hub(port) as (second, _):
                await second.until(second.registered.is_set)
                assert second.state == first.state
                assert {spec.app for spec in second.state.transports.values()} == {"page"}
                connected = {alice.sending.id, bob.receiving.id}
                await second.until(
                    lambda: {key for key, state in second.transport_states.items() if state == "connected"} >= connected
                )
                await bob.receives(video, 5)
                await second.pause_producer(video, True)
                await second.pause_producer(video, False)
                await bob.receives(video, 5)
                alice.hub = bob.hub = second


async def test_the_control_channel_is_mutually_authenticated(tmp_path: Path) -> None:
    pki = make_pki(tmp_path)
    cert_file, key_file = pki.issue("relay")
    async with running_hub(context=pki.hub_context()) as (hub, port):
        async with relay(port, "wss", ca_file=pki.ca_file):
            with pytest.raises(TimeoutError):
                await hub.until(hub.registered.is_set, seconds=1)
        async with relay(port, "wss", ca_file=pki.ca_file, cert_file=cert_file, key_file=key_file):
            await hub.until(hub.registered.is_set)
            await hub.create_transport()


async def test_bad_control_messages_are_survived_and_a_snapshot_heals() -> None:
    async with running_hub() as (hub, port), relay(port):
        await hub.until(hub.registered.is_set)
        await hub.send("not json")
        await hub.send('{"type": "obey"}')
        await hub.send(encode(Welcome(version=1)))
        await hub.create_transport()
        good = hub.state
        hub.state = good.model_copy(update={"revision": 40})
        with suppress(TimeoutError):
            await asyncio.wait_for(hub.create_transport(), 0.5)
        assert [(failed.reason, failed.object_id) for failed in hub.of_type(Failed)] == [("resync", None)]
        await hub.send(encode(Snapshot(room=ROOM, state=hub.state)))
        await hub.create_transport()
        await hub.send(encode(Drop(room=ROOM)))
        hub.state = RoomState()
        await hub.create_transport()


async def test_a_certificate_is_kept_where_there_is_a_folder_for_it(tmp_path: Path) -> None:
    fingerprints = []
    for _ in range(2):
        async with running_hub() as (hub, port), relay(port, state_dir=tmp_path / "state"):
            await hub.until(hub.registered.is_set)
            assert hub.registration is not None
            fingerprints.append(hub.registration.fingerprint)
    assert fingerprints[0] == fingerprints[1]
    assert (tmp_path / "state" / "dtls.pem").stat().st_mode & 0o777 == 0o600


async def test_the_registration_names_port_address_and_data_plane() -> None:
    async with running_hub() as (hub, port), relay(port):
        await hub.until(hub.registered.is_set)
        [registration] = hub.of_type(Register)
        assert registration.protocol_versions == (1,)
        assert registration.capabilities.dataplane == planes.under_test
        udp, tcp = registration.candidates
        assert (udp.ip, udp.protocol, tcp.ip, tcp.protocol) == ("127.0.0.1", "udp", "127.0.0.1", "tcp")
        assert udp.port == tcp.port > 0
        assert not hub.of_type(AudioLevels)
