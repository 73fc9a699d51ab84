"""People who mean harm: what they send costs only themselves."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.control.mint import (
    connected,
)
from media.path import Address
from media.rtcp import (
    write_packet,
    write_picture_loss,
)
from media.transport import CHECKS_PER_SECOND
from tests.media.world import DTLS, KEYFRAME, Page, World, meeting


def test_a_client_hello_from_an_address_that_no_check_validated_is_dropped() -> None:
    world = World()
    page = Page(world, 1)
    page.put(connected(page.spec, DTLS))
    page.check()
    page.dtls.start()
    off_path: Address = ("203.0.113.66", 666)
    for datagram in page.dtls.take_datagrams():
        page.send(datagram, off_path)
    assert world.relay.dropped["unvalidated_address"] == 1
    assert world.take(off_path) == []
    assert page.state == "connecting"


def test_an_address_is_not_learned_from_a_check_without_the_password() -> None:
    world, alice, bob, _, _ = meeting()
    thief: Address = ("203.0.113.66", 666)
    bob.check(pwd="x" * 32, address=thief)
    assert world.take(thief) == []
    world.take(bob.address)
    alice.send_rtp(1)
    assert world.take(thief) == []
    assert bob.got_rtp() == [KEYFRAME]
    assert world.relay.dropped["unauthentic_check"] == 1


def test_a_participant_cannot_claim_the_address_of_another() -> None:
    world, alice, bob, _, _ = meeting()
    mallory = Page(world, 3)
    mallory.connect()
    mallory.check(address=alice.address)
    assert world.relay.dropped["address_in_use"] == 1
    world.take(bob.address)
    alice.send_rtp(1)
    assert bob.got_rtp() == [KEYFRAME]


def test_the_former_holder_of_an_address_wins_it_back() -> None:
    world, alice, bob, _, _ = meeting()
    mallory = Page(world, 3)
    mallory.connect()
    world.now += 11
    mallory.check(address=bob.address)
    assert world.relay.dropped["address_in_use"] == 0
    bob.check()
    mallory.check(address=bob.address)
    assert world.relay.dropped["address_in_use"] == 1
    world.take(bob.address)
    alice.send_rtp(1)
    assert bob.got_rtp() == [KEYFRAME]


def test_a_flood_of_checks_is_dropped_before_it_is_verified() -> None:
    world, _, bob, _, _ = meeting()
    for _ in range(3 * CHECKS_PER_SECOND):
        bob.check(pwd="x" * 32, address=("203.0.113.66", 666))
    assert world.relay.dropped["unauthentic_check"] < CHECKS_PER_SECOND
    assert world.relay.dropped["too_many_checks"] > CHECKS_PER_SECOND
    world.now += 1
    bob.check()
    assert bob.state == "connected"


def test_replayed_and_broken_media_costs_only_its_sender() -> None:
    world, alice, bob, _, _ = meeting()
    assert alice.outbound is not None
    world.take(bob.address)
    datagram = alice.outbound.protect_copy(struct.pack("!BBHII", 0x80, 96, 1, 0, 2222) + KEYFRAME)
    report = alice.outbound.protect_rtcp(write_picture_loss(5))
    for data in (datagram, datagram, datagram[:-3], b"\x80\x60", report, report, report[:-1], b"\x80\xc9", b"\xff"):
        alice.send(data)
    alice.send_rtcp(write_packet(0, 200, bytes(4)))
    alice.send(b"")
    assert bob.got_rtp() == [KEYFRAME]
    assert world.relay.dropped == {"srtp": 3, "malformed_rtcp": 1, "unknown_protocol": 2}
    assert world.relay.plane.stats()[alice.spec.id].rejected == 3


def test_rtcp_before_the_handshake_is_dropped() -> None:
    world = World()
    page = Page(world, 1)
    page.check()
    page.send(b"\x80\xc9\x00\x01" + bytes(4))
    assert world.relay.dropped == {"srtp": 1}


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_arbitrary_datagrams_never_raise(datagrams: list[bytes]) -> None:
    world = World()
    page = Page(world, 1)
    page.connect()
    for datagram in datagrams:
        page.send(datagram)
        page.send(datagram, ("203.0.113.66", 666))
        page.send(b"\x16\xfe\xfd" + datagram)
    assert page.state == "connected"
    assert world.relay.dropped["internal"] == 0


def test_a_fault_of_our_own_costs_one_datagram(monkeypatch: pytest.MonkeyPatch) -> None:
    world, alice, bob, _, _ = meeting()

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(world.relay.plane, "receive", broken)
        alice.send_rtp(1)
        alice.send_rtp(2)
    assert world.relay.dropped["internal"] == 2
    world.take(bob.address)
    alice.send_rtp(3)
    assert bob.got_rtp() == [KEYFRAME]


def test_a_fault_with_one_transport_does_not_touch_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    world, alice, bob, _, _ = meeting()

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(world.relay.transports[alice.spec.id], "tick", broken)
    world.pass_time(10.1)
    assert bob.state == "disconnected"
    assert world.relay.dropped["internal"] > 1
