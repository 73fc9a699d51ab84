"""The relay without a socket: how transports come, live and go, and what the hub may ask."""

from dataclasses import replace

import pytest

from media.association import OF_A_PAGE
from media.control.mint import (
    connected,
    mint_consumer,
    mint_producer,
    mint_transport,
    restarted,
)
from media.dtls import DtlsState
from media.errors import ParametersError
from media.ortc import ROUTER_CAPABILITIES
from media.path import UdpPath
from media.ratelimit import RateLimit
from media.rtcp import (
    SenderReport,
    write_sender_report,
)
from media.sources import SourceBounds
from tests.media.parameters import opus, vp8
from tests.media.world import DTLS, KEYFRAME, OTHER_DTLS, Page, World, meeting

# ---- the way to a connection


def test_a_transport_goes_from_new_to_connected() -> None:
    world = World()
    page = Page(world, 1)
    assert page.state == "new"
    page.check()
    assert page.state == "connecting"
    page.connect()
    assert page.state == "connected"
    assert world.relay.take_changes() == [(page.spec.id, "connecting"), (page.spec.id, "connected")]
    assert world.relay.take_changes() == []


def test_the_relay_is_the_dtls_client_of_a_peer_that_announces_server() -> None:
    world = World()
    page = Page(world, 1, is_client=False)
    page.put(connected(page.spec, {**DTLS, "role": "server"}))
    page.check()
    page.exchange()
    assert page.state == "connected"


def test_a_client_hello_that_comes_before_the_pages_parameters_is_kept() -> None:
    world = World()
    page = Page(world, 1)
    page.check()
    page.dtls.start()
    for datagram in page.dtls.take_datagrams():
        for _ in range(6):
            page.send(datagram)
    page.put(connected(page.spec, DTLS))
    page.exchange()
    assert page.state == "connected"


def test_parameters_that_come_before_any_check_wait() -> None:
    world = World()
    page = Page(world, 1)
    page.put(connected(page.spec, DTLS))
    assert world.sent == {}
    page.connect()
    assert page.state == "connected"


def test_another_certificate_than_announced_fails() -> None:
    world = World()
    page = Page(world, 1)
    page.put(connected(page.spec, OTHER_DTLS))
    page.check()
    page.dtls.start()
    page.exchange()
    assert page.state == "failed"


def test_a_handshake_that_nobody_finishes_fails() -> None:
    world = World()
    page = Page(world, 1, is_client=False)
    page.put(connected(page.spec, {**DTLS, "role": "server"}))
    for _ in range(5):
        page.check()
        world.pass_time(7)
    assert page.state == "failed"


def test_handshakes_are_limited_in_a_storm() -> None:
    world = World()
    world.relay._handshakes = RateLimit(1, 1)
    pages = [Page(world, port) for port in (1, 2)]
    for page in pages:
        page.connect()
    assert [page.state for page in pages] == ["connected", "connecting"]
    world.now += 2
    pages[1].check()
    pages[1].exchange()
    assert pages[1].state == "connected"


def test_goodbye_of_the_page_fails_its_transport_at_once() -> None:
    world = World()
    page = Page(world, 1)
    page.connect()
    page.dtls.close()
    page.exchange()
    assert page.state == "failed"


def test_a_removed_transport_says_goodbye_and_is_gone() -> None:
    world, alice, bob, producer, consumer = meeting()
    for removed in (1, 2):
        world.relay.remove_consumer(consumer.id)
        world.relay.remove_producer(producer.id)
        world.relay.remove_transport(alice.spec.id)
        assert removed
    for datagram in world.take(alice.address):
        if datagram[0] < 64:
            alice.dtls.receive(datagram)
    assert alice.dtls.state is DtlsState.CLOSED
    alice.send_rtp(1)
    alice.check()
    assert world.relay.dropped["unvalidated_address"] == 1
    assert world.relay.dropped["unauthentic_check"] == 1
    assert bob.got_rtp() == []


# ---- liveness and restart


def test_silence_disconnects_then_fails_and_a_check_brings_it_back() -> None:
    world, alice, bob, _, _ = meeting()
    world.pass_time(10.1)
    assert (alice.state, bob.state) == ("disconnected", "disconnected")
    alice.send_rtp(1)
    assert bob.got_rtp() == [KEYFRAME]
    world.pass_time(20)
    assert bob.state == "failed"
    world.take(bob.address)
    alice.send_rtp(2)
    alice.send_rtcp(write_sender_report(SenderReport(2222, 1, 2, 3, 4), "x"))
    world.pass_time(2)
    assert world.take(bob.address) == []
    bob.check()
    assert bob.state == "connected"
    world.take(bob.address)
    alice.send_rtp(3)
    assert [payload[-4:] for payload in bob.got_rtp()] == [KEYFRAME[-4:]]


def test_an_ice_restart_on_another_network_keeps_dtls_and_media() -> None:
    world, alice, bob, _, _ = meeting()
    old = bob.spec
    bob.put(restarted(bob.spec))
    alice.send_rtp(1)
    assert bob.got_rtp() == [KEYFRAME]
    there = UdpPath("198.51.100.7", 5)
    bob.check(address=there)
    alice.send_rtp(2)
    assert [data for data in world.take(bob.address) if data[0] >= 128] == []
    bob.address = there
    assert bob.got_rtp() == [KEYFRAME]
    bob.spec = old
    bob.check(address=UdpPath("203.0.113.1", 1))
    assert world.relay.dropped["unauthentic_check"] == 1
    assert bob.state == "connected"


# ---- what the hub may ask


def test_mute_is_enforced_and_lifted() -> None:
    world, alice, bob, producer, _ = meeting()
    alice.send_rtp(1)
    world.relay.put_producer(producer.model_copy(update={"paused": True, "app": "muted"}), world.now)
    alice.send_rtp(2)
    assert len(bob.got_rtp()) == 1
    world.relay.put_producer(producer, world.now)
    alice.send_rtp(3)
    assert len(bob.got_rtp()) == 1


def test_a_consumer_is_paused_and_resumed() -> None:
    world, alice, bob, producer, consumer = meeting()
    world.relay.put_consumer(consumer.model_copy(update={"paused": True}), producer, world.now)
    alice.send_rtp(1)
    assert bob.got_rtp() == []
    world.relay.put_consumer(consumer, producer, world.now)
    alice.send_rtp(2)
    assert bob.got_rtp() == [KEYFRAME]


def test_what_is_put_before_the_handshake_lives_after_it() -> None:
    world = World()
    alice, bob = Page(world, 1), Page(world, 2)
    producer = mint_producer(alice.spec.id, "video", vp8())
    world.relay.put_producer(producer, world.now)
    world.relay.put_consumer(
        mint_consumer(bob.spec.id, producer, ROUTER_CAPABILITIES, cname="alice"), producer, world.now
    )
    bob.connect()
    alice.connect()
    world.take(bob.address)
    alice.send_rtp(1)
    assert bob.got_rtp() == [KEYFRAME]


def test_contradictions_are_refused() -> None:
    world, alice, bob, producer, consumer = meeting()
    relay, now = world.relay, world.now
    with pytest.raises(ParametersError, match="mid"):
        relay.put_producer(mint_producer(alice.spec.id, "audio", opus(mid="0")), now)
    with pytest.raises(ParametersError, match="SSRC"):
        relay.put_producer(mint_producer(alice.spec.id, "audio", opus(encodings=[{"ssrc": 2222}])), now)
    with pytest.raises(ParametersError, match="SSRC"):
        relay.put_consumer(consumer.model_copy(update={"id": "other"}), producer, now)
    with pytest.raises(ParametersError, match="user fragment"):
        relay.put_transport(mint_transport().model_copy(update={"ufrag": alice.spec.ufrag}), now)
    with pytest.raises(ParametersError, match="once"):
        relay.put_transport(connected(bob.spec, OTHER_DTLS), now)
    extensions = [{"uri": "urn:x", "id": 20}]
    wide = consumer.model_copy(update={"rtp_parameters": consumer.rtp_parameters | {"headerExtensions": extensions}})
    with pytest.raises(ParametersError, match="above 14"):
        relay.put_consumer(wide, producer, now)
    relay.put_producer(mint_producer(alice.spec.id, "audio", opus()), now)
    moved = consumer.model_copy(update={"ssrc": 77})
    relay.put_consumer(moved, producer, now)
    relay.put_consumer(consumer.model_copy(update={"id": "other", "rtx_ssrc": None}), producer, now)


def test_what_a_page_sent_of_a_source_that_is_long_gone_is_refused_also_as_rtcp(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bounds = replace(OF_A_PAGE, sources=SourceBounds(0, 100))
    monkeypatch.setattr("media.transport.OF_A_PAGE", bounds)
    world, alice, _, producer, _ = meeting()
    for source in (2222, 7):
        alice.send_rtcp(write_sender_report(SenderReport(source, 1, 2, 3, 4), "x"))
    assert world.relay.dropped["srtp"] == 0
    world.relay.remove_producer(producer.id)
    for source in (2222, 7):
        alice.send_rtcp(write_sender_report(SenderReport(source, 2, 3, 4, 5), "x"))
    assert world.relay.dropped["srtp"] == 1
    alice.send_rtp(1)
    assert world.relay.plane.stats()[alice.spec.id].rejected == 1
