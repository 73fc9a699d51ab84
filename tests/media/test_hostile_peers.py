"""People who mean harm: what they send costs only themselves."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.association import CHECKS_PER_SECOND, OF_A_PAGE
from media.control.mint import connected, mint_consumer
from media.dtls import DtlsSession
from media.ortc import ROUTER_CAPABILITIES
from media.path import UdpPath
from media.relay import HANDSHAKES_PER_SECOND
from media.rtcp import (
    KeyFrameRequest,
    SenderReport,
    is_rtcp,
    write_nack,
    write_packet,
    write_picture_loss,
    write_sender_report,
)
from media.rtp import parse_rtp
from media.transport import DTLS_PER_SECOND
from tests.media.world import DTLS, KEYFRAME, PAGE_CONTEXT, RELAY_CERTIFICATE, Page, World, meeting

pytestmark = pytest.mark.usefixtures("plane")
STRANGER = UdpPath("203.0.113.66", 666)


def is_media(data: bytes) -> bool:
    return data[0] >= 128 and not is_rtcp(data)


def test_a_client_hello_from_an_address_that_no_check_validated_is_dropped() -> None:
    world = World()
    page = Page(world, 1)
    page.put(connected(page.spec, DTLS))
    page.check()
    page.dtls.start()
    off_path = UdpPath("203.0.113.66", 666)
    for datagram in page.dtls.take_datagrams():
        page.send(datagram, off_path)
    assert world.relay.dropped["unvalidated_address"] == 1
    assert world.take(off_path) == []
    assert page.state == "connecting"


def test_an_address_is_not_learned_from_a_check_without_the_password() -> None:
    world, alice, bob, _, _ = meeting()
    thief = UdpPath("203.0.113.66", 666)
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
        bob.check(pwd="x" * 32, address=UdpPath("203.0.113.66", 666))
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


@pytest.mark.parametrize("place", [0, 1, 2, 8, 12, 17, -1], ids=str)
def test_a_flipped_bit_anywhere_costs_the_packet(place: int) -> None:
    world, alice, bob, _, _ = meeting()
    assert alice.outbound is not None
    world.take(bob.address)
    datagram = bytearray(alice.outbound.protect_copy(struct.pack("!BBHII", 0x80, 96, 1, 0, 2222) + KEYFRAME))
    datagram[place] ^= 1
    alice.send(bytes(datagram))
    assert bob.got_rtp() == []
    alice.send_rtp(2)
    assert bob.got_rtp() == [KEYFRAME]
    assert world.relay.dropped["internal"] == 0


@pytest.mark.parametrize(
    "packet",
    [
        struct.pack("!BBHIIHH", 0x90, 96, 1, 0, 2222, 0xBEDE, 1) + b"\x4f\0\0\0" + KEYFRAME,  # an element cut off
        struct.pack("!BBHII", 0xA0, 96, 1, 0, 2222) + KEYFRAME + b"\xff",  # more padding than packet
        struct.pack("!BBHII", 0x80, 96, 1, 0, 2222) + b"\x90\x80\x80",  # a VP8 descriptor cut off
        struct.pack("!BBHII", 0x80, 96, 1, 0, 2222),  # nothing at all
        struct.pack("!BBHII", 0x80, 97, 1, 0, 2223) + b"\0",  # a retransmission of half a number
    ],
    ids=["element", "padding", "descriptor", "empty", "rtx"],
)
def test_nonsense_in_authentic_packets_reaches_nobody(packet: bytes) -> None:
    world, alice, bob, _, _ = meeting()
    assert alice.outbound is not None
    world.take(bob.address)
    alice.send(alice.outbound.protect_copy(packet))
    assert KEYFRAME not in bob.got_rtp()
    alice.send_rtp(2)
    assert bob.got_rtp() == [KEYFRAME]
    assert world.relay.dropped["internal"] == 0


def test_a_second_session_on_a_known_address_changes_nothing() -> None:
    """RFC 8827 §6.5: whoever sends from the same address, the keys stay those of the announced certificate."""
    world, alice, bob, _, _ = meeting()
    second = DtlsSession(PAGE_CONTEXT, [("sha-256", RELAY_CERTIFICATE.fingerprint)], is_client=True)
    second.start()
    for _ in range(4):
        for datagram in second.take_datagrams():
            alice.send(datagram)
        for datagram in world.take(alice.address):
            if 20 <= datagram[0] <= 63:
                second.receive(datagram)
    assert second.keys is None
    assert alice.state == "connected"
    world.take(bob.address)
    alice.send_rtp(1)
    assert bob.got_rtp() == [KEYFRAME]


def test_a_page_may_restart_ice_by_itself_but_only_its_own() -> None:
    world, alice, bob, _, _ = meeting()
    own = bob.spec
    bob.spec = own.model_copy(update={"ufrag": f"{own.ufrag}+7"})
    bob.check(address=STRANGER)
    world.take(STRANGER)
    world.take(bob.address)
    alice.send_rtp(1)
    assert [is_media(data) for data in world.take(STRANGER)] == [True]
    bob.spec = own.model_copy(update={"ufrag": f"{alice.spec.ufrag}+1"})
    bob.check(address=UdpPath("203.0.113.67", 1))
    assert world.relay.dropped["unauthentic_check"] == 1


# ---- floods


def test_requests_for_packets_are_answered_so_often_and_no_more() -> None:
    world, alice, bob, _, consumer = meeting()
    for sequence in range(1, 40):
        alice.send_rtp(sequence)
    assert bob.inbound is not None
    sent = [parse_rtp(bob.inbound.unprotect(data)) for data in world.take(bob.address) if is_media(data)]
    wanted = [packet.sequence for packet in sent]
    for _ in range(100):
        bob.send_rtcp(write_nack(consumer.ssrc, wanted))
    assert sum(map(is_media, world.take(bob.address))) == len(wanted), "each once, as long as it may be on its way"
    assert world.relay.dropped["internal"] == 0


def test_requests_that_fit_into_a_datagram_by_the_dozen_use_up_what_a_page_may_ask() -> None:
    world, _, bob, _, _ = meeting()
    for _ in range(200):
        bob.send_rtcp(b"".join(write_nack(7, [1]) for _ in range(75)))
    assert world.relay.dropped["too_many_reports"] > 100


def test_few_bytes_that_ask_for_thousands_of_packets_use_up_what_a_page_may_ask() -> None:
    world, alice, bob, _, consumer = meeting()
    everything = struct.pack("!II", 1, consumer.ssrc) + b"\0\0\xff\xff" * 340
    for _ in range(60):
        bob.send_rtcp(write_packet(1, 205, everything))
    assert world.relay.dropped["too_many_reports"] > 40
    world.now += 3
    world.take(alice.address)
    bob.check()
    bob.send_rtcp(write_picture_loss(consumer.ssrc))
    assert world.relay.dropped["too_many_reports"] < 60, "later it may ask again"


def test_what_is_said_of_packets_that_were_not_sent_or_cannot_be_read_changes_nothing() -> None:
    world, alice, bob, _, _ = meeting()
    alice.send_rtp(1)
    estimator = world.relay.transports[bob.spec.id].estimator
    before = estimator.rate_bps
    for rest in (b"", b"\x20\x05\1\1", b"\0\0\0\0"):
        bob.send_rtcp(write_packet(15, 205, struct.pack("!IIHHI", 1, 2, 7, 5, 256) + rest))
    assert world.relay.dropped["malformed_rtcp"] == 3
    for base in range(0, 65_536, 8192):
        lost = struct.pack("!IIHHI", 1, 2, base, 2000, 256) + struct.pack("!HH", 2000, 0)
        bob.send_rtcp(write_packet(15, 205, lost))
    assert estimator.rate_bps == before
    assert world.relay.dropped["too_many_reports"] == world.relay.dropped["internal"] == 0
    for _ in range(40):
        bob.send_rtcp(write_packet(15, 205, lost))
    assert world.relay.dropped["too_many_reports"] > 5


def test_requests_for_pictures_do_not_multiply() -> None:
    world, alice, bob, _, consumer = meeting()
    alice.send_rtp(1)
    world.take(alice.address)
    for _ in range(20):
        world.now += 0.05
        for _ in range(20):
            bob.send_rtcp(write_picture_loss(consumer.ssrc))
        world.relay.tick(world.now)
    asked = [packet for packet in alice.got_rtcp() if isinstance(packet, KeyFrameRequest)]
    assert 1 <= len(asked) <= 6


def test_nobody_asks_for_what_is_sent_to_another() -> None:
    world, alice, bob, producer, _ = meeting()
    carol = Page(world, 3)
    carol.connect()
    hers = mint_consumer(carol.spec.id, producer, ROUTER_CAPABILITIES, cname="alice")
    world.relay.put_consumer(hers, producer, world.now)
    alice.send_rtp(1)
    first = [data for data in world.take(carol.address) if is_media(data)]
    assert len(first) == 1
    world.pass_time(2.0)
    for page in (alice, bob, carol):
        world.take(page.address)
    bob.send_rtcp(write_nack(hers.ssrc, [int.from_bytes(first[0][2:4], "big")]))
    bob.send_rtcp(write_picture_loss(hers.ssrc))
    world.pass_time(0.5)
    assert not any(map(is_media, world.take(carol.address) + world.take(bob.address)))
    assert not [packet for packet in alice.got_rtcp() if isinstance(packet, KeyFrameRequest)]


def test_who_says_again_and_again_that_the_picture_is_gone_does_not_set_its_pace() -> None:
    """Each time the consumer stops and starts it has no picture; a keyframe costs everybody who receives."""
    world, alice, _, producer, consumer = meeting()
    asked = 0
    for number in range(300):
        world.relay.put_consumer(consumer.model_copy(update={"paused": number % 2 == 0}), producer, world.now)
        world.pass_time(0.1)
        requests = [packet for packet in alice.got_rtcp() if isinstance(packet, KeyFrameRequest)]
        asked += len(requests)
        alice.send_rtp(number + 1, KEYFRAME if requests else KEYFRAME[:4] + b"\x11more")
    assert asked < 60


def test_sender_reports_are_passed_on_so_often_and_no_more() -> None:
    world, alice, bob, _, _ = meeting()
    alice.send_rtp(1)
    world.take(bob.address)
    for number in range(3 * OF_A_PAGE.sender_reports):
        alice.send_rtcp(write_sender_report(SenderReport(2222, number << 20, 0, 1, 1), "x"))
    assert len(bob.got_rtcp()) <= OF_A_PAGE.sender_reports


def test_a_flood_of_reports_is_dropped_before_it_is_decrypted() -> None:
    world, _, bob, _, _ = meeting()
    for _ in range(2 * OF_A_PAGE.reports):
        bob.send(b"\x80\xc9\x00\x01" + bytes(30))
    assert world.relay.dropped["srtp"] <= OF_A_PAGE.reports
    assert world.relay.dropped["too_many_reports"] >= OF_A_PAGE.reports
    assert bob.state == "connected"


def test_a_flood_of_handshake_records_costs_the_handshake_of_nobody_else() -> None:
    world, alice, bob, _, _ = meeting()
    for _ in range(3 * DTLS_PER_SECOND):
        bob.send(b"\x16\xfe\xfd" + bytes(60))
    assert world.relay.dropped["too_much_dtls"] >= 2 * DTLS_PER_SECOND
    carol = Page(world, 3)
    carol.connect()
    assert [page.state for page in (alice, carol)] == ["connected", "connected"]


def test_a_storm_of_strangers_handshakes_keeps_nobody_out() -> None:
    world = World()
    page = Page(world, 1)
    page.put(connected(page.spec, DTLS))
    page.dtls.start()
    (hello,) = page.dtls.take_datagrams()
    for port in range(5000):
        page.send(hello, UdpPath("203.0.113.66", port))
    assert world.relay.dropped["unvalidated_address"] == 5000
    assert not world.sent
    newcomer = Page(world, 2)
    newcomer.connect()
    assert newcomer.state == "connected"


def test_in_a_storm_of_pages_those_that_have_to_wait_get_in_by_their_next_check() -> None:
    world = World()
    pages = [Page(world, port) for port in range(HANDSHAKES_PER_SECOND + 20)]
    for page in pages:
        page.put(connected(page.spec, DTLS))
        page.check()
    late = pages[-1]
    late.dtls.start()
    late.exchange()
    assert late.state == "connecting"
    world.now += 0.5
    late.check()
    late.exchange()
    assert late.state == "connected"


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
        page.send(datagram, UdpPath("203.0.113.66", 666))
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
