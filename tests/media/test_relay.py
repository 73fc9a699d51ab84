"""The relay without a socket: pages on a virtual network with a clock, and people who mean harm."""

import datetime
import struct
from dataclasses import dataclass, field

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from media.control.messages import Applied, Delta, Failed, Snapshot, delta
from media.control.mint import (
    connected,
    mint_consumer,
    mint_producer,
    mint_transport,
    restarted,
)
from media.control.state import (
    ConsumerSpec,
    Fingerprint,
    ProducerSpec,
    RoomState,
    TransportSpec,
    change,
    state_hash,
)
from media.dataplane.python import PythonDataPlane
from media.dtls import DtlsContext, DtlsSession, DtlsState, generate_certificate
from media.errors import ParametersError
from media.ice import Address
from media.ortc import ROUTER_CAPABILITIES
from media.ratelimit import RateLimit
from media.relay import Relay
from media.rooms import Rooms
from media.rtcp import (
    KeyFrameRequest,
    Nack,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    is_rtcp,
    parse_rtcp,
    write_nack,
    write_packet,
    write_picture_loss,
    write_receiver_reports,
    write_sender_report,
)
from media.rtp import parse_rtp
from media.srtp import InboundSession, OutboundSession
from media.statistics import Meter
from tests.media.parameters import opus, vp8

NOW = datetime.datetime.now(datetime.UTC)
RELAY_CERTIFICATE, PAGE_CERTIFICATE = generate_certificate(NOW), generate_certificate(NOW)
RELAY_CONTEXT, PAGE_CONTEXT = DtlsContext(RELAY_CERTIFICATE), DtlsContext(PAGE_CERTIFICATE)
KEYFRAME = b"\x90\x80\x85\x01\x10key"
DTLS = {"role": "client", "fingerprints": [{"algorithm": "sha-256", "value": PAGE_CERTIFICATE.fingerprint}]}
OTHER_DTLS = {"fingerprints": [{"algorithm": "sha-256", "value": RELAY_CERTIFICATE.fingerprint}]}


@dataclass
class World:
    """A relay and everything it sent, by address."""

    now: float = 100.0
    sent: dict[Address, list[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.relay = Relay(RELAY_CONTEXT, self._transmit, PythonDataPlane)
        self.rooms = Rooms(self.relay)

    def _transmit(self, data: bytes | memoryview, address: Address) -> None:
        self.sent.setdefault(address, []).append(bytes(data))

    def take(self, address: Address) -> list[bytes]:
        return self.sent.pop(address, [])

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now += 0.05
            self.relay.tick(self.now)


class Page:
    """A browser's transport."""

    def __init__(self, world: World, port: int, *, is_client: bool = True) -> None:
        self.world = world
        self.address: Address = ("192.0.2.9", port)
        self.spec = mint_transport()
        self.dtls = DtlsSession(PAGE_CONTEXT, [("sha-256", RELAY_CERTIFICATE.fingerprint)], is_client=is_client)
        self.inbound: InboundSession | None = None
        self.outbound: OutboundSession | None = None
        world.relay.put_transport(self.spec, world.now)

    def check(self, *, nominate: bool = True, pwd: str | None = None, address: Address | None = None) -> None:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self.spec.ufrag}:page"
        if nominate:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((pwd or self.spec.pwd).encode())
        self.world.relay.receive(bytes(message), address or self.address, self.world.now)

    def put(self, spec: TransportSpec) -> None:
        self.spec = spec
        self.world.relay.put_transport(spec, self.world.now)

    def send(self, datagram: bytes, address: Address | None = None) -> None:
        self.world.relay.receive(datagram, address or self.address, self.world.now)

    def exchange(self) -> None:
        """Carry DTLS datagrams to and fro until both are quiet."""
        for _ in range(8):
            for datagram in self.world.take(self.address):
                if 20 <= datagram[0] <= 63:
                    self.dtls.receive(datagram)
            for datagram in self.dtls.take_datagrams():
                self.send(datagram)
        if self.dtls.keys is not None and self.inbound is None:
            keys = self.dtls.keys
            self.inbound = InboundSession(keys.profile, keys.inbound)
            self.outbound = OutboundSession(keys.profile, keys.outbound)

    def connect(self) -> None:
        self.put(connected(self.spec, DTLS))
        self.check()
        self.dtls.start()
        self.exchange()

    def send_rtp(self, sequence: int, payload: bytes = KEYFRAME, ssrc: int = 2222, payload_type: int = 96) -> None:
        assert self.outbound is not None
        header = struct.pack("!BBHII", 0x80, payload_type, sequence, 0, ssrc)
        self.send(self.outbound.protect_copy(header + payload))

    def send_rtcp(self, packet: bytes) -> None:
        assert self.outbound is not None
        self.send(self.outbound.protect_rtcp(packet))

    def got_rtcp(self) -> list[RtcpPacket]:
        assert self.inbound is not None
        protected = [data for data in self.world.take(self.address) if data[0] >= 128 and is_rtcp(data)]
        return [packet for data in protected for packet in parse_rtcp(self.inbound.unprotect_rtcp(data))]

    def got_rtp(self) -> list[bytes]:
        assert self.inbound is not None
        protected = [data for data in self.world.take(self.address) if data[0] >= 128 and not is_rtcp(data)]
        return [bytes(parse_rtp(self.inbound.unprotect(data)).payload) for data in protected]

    @property
    def state(self) -> str:
        return self.world.relay.state_of(self.spec.id)


def meeting() -> tuple[World, Page, Page, ProducerSpec, ConsumerSpec]:
    """Alice sends video, Bob receives it."""
    world = World()
    alice, bob = Page(world, 1), Page(world, 2)
    alice.connect()
    bob.connect()
    producer = mint_producer(alice.spec.id, "video", vp8())
    consumer = mint_consumer(bob.spec.id, producer, ROUTER_CAPABILITIES, cname="alice")
    world.relay.put_producer(producer, world.now)
    world.relay.put_consumer(consumer, producer, world.now)
    return world, alice, bob, producer, consumer


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
    assert bob.got_rtp() == []
    bob.check()
    assert bob.state == "connected"
    world.take(bob.address)
    alice.send_rtp(3)
    assert bob.got_rtp() == [KEYFRAME]


def test_an_ice_restart_on_another_network_keeps_dtls_and_media() -> None:
    world, alice, bob, _, _ = meeting()
    old = bob.spec
    bob.put(restarted(bob.spec))
    alice.send_rtp(1)
    assert bob.got_rtp() == [KEYFRAME]
    there: Address = ("198.51.100.7", 5)
    bob.check(address=there)
    alice.send_rtp(2)
    assert [data for data in world.take(bob.address) if data[0] >= 128] == []
    bob.address = there
    assert bob.got_rtp() == [KEYFRAME]
    bob.spec = old
    bob.check(address=("203.0.113.1", 1))
    assert world.relay.dropped["unauthentic_check"] == 1
    assert bob.state == "connected"


# ---- people who mean harm


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


# ---- RTCP


def test_many_losses_are_asked_for_in_several_packets() -> None:
    world, alice, _, _, _ = meeting()
    for sequence in range(0, 1000, 2):
        alice.send_rtp(sequence)
    world.pass_time(0.05)
    asked = [packet for packet in alice.got_rtcp() if isinstance(packet, Nack)]
    assert sum(len(packet.sequences) for packet in asked) == 499
    assert len(asked) == 2


def test_a_new_receiver_makes_the_relay_ask_for_a_keyframe_at_once() -> None:
    _, alice, _, _, _ = meeting()
    assert alice.got_rtcp() == [KeyFrameRequest((2222,))]


def test_a_receivers_requests_reach_the_sender_once_a_second() -> None:
    world, alice, bob, _, consumer = meeting()
    alice.send_rtp(1)
    alice.got_rtcp()
    world.pass_time(1.1)
    alice.got_rtcp()
    for _ in range(5):
        bob.send_rtcp(write_picture_loss(consumer.ssrc))
        bob.send_rtcp(write_packet(4, 206, struct.pack("!IIII", 1, 0, consumer.ssrc, 1 << 24)))
    assert alice.got_rtcp() == [KeyFrameRequest((2222,))]


def test_losses_are_asked_for_and_answered() -> None:
    world, alice, bob, _, consumer = meeting()
    alice.send_rtp(1)
    alice.send_rtp(4)
    world.pass_time(0.05)
    assert Nack(2222, (2, 3)) in alice.got_rtcp()
    world.take(bob.address)
    alice.send_rtp(5, b"\x90\x80\x85\x01\x11delta")
    [wire] = [data for data in world.take(bob.address) if not is_rtcp(data)]
    bob.send_rtcp(write_nack(consumer.ssrc, [wire[2] << 8 | wire[3]]))
    assert bob.got_rtp() == [wire[2:4] + b"\x90\x80\x85\x01\x11delta"]


def test_reports_go_both_ways_and_measure_the_round_trip() -> None:
    world, alice, bob, _, consumer = meeting()
    alice.send_rtp(1)
    alice.send_rtcp(write_sender_report(SenderReport(2222, 0xAAAA_BBBB_CCCC_DDDD, 5, 1, 10), "x"))
    [report] = bob.got_rtcp()
    assert report == SenderReport(consumer.ssrc, 0xAAAA_BBBB_CCCC_DDDD, 5, 1, len(KEYFRAME))
    world.now += 0.15
    for last, lost in ((0xBBBB_CCCC, 64), (0, 0), (0x1111_1111, 0)):
        block = ReportBlock(consumer.ssrc, lost, 0, 1, 0, last, int(0.05 * 65536))
        [data] = write_receiver_reports([block])
        bob.send_rtcp(data)
    transport = world.relay.transports[bob.spec.id]
    assert transport.rtt == pytest.approx(0.1, abs=0.001)
    world.pass_time(1.1)
    assert any(isinstance(packet, ReceiverReport) for packet in alice.got_rtcp())
    remb = struct.pack("!II4sBBH", 1, 0, b"REMB", 1, 0, 50000) + struct.pack("!I", consumer.ssrc)
    bob.send_rtcp(write_packet(15, 206, remb))
    bob.send_rtcp(write_packet(1, 203, struct.pack("!I", 5)))
    assert transport.available_bps == 50000


def test_only_the_last_reports_are_remembered() -> None:
    world = World()
    transport = world.relay.transports[Page(world, 1).spec.id]
    for number in range(100):
        transport.note_report_sent(number, 0.0)
    transport.note_echo(5, 0, 1.0)
    assert transport.rtt is None
    transport.note_echo(99, 0, 1.0)
    transport.note_echo(98, 0, 2.0)
    assert transport.rtt == pytest.approx(1.25)


def test_statistics_are_rates_since_the_last_time() -> None:
    world, alice, bob, _, _ = meeting()
    meter = Meter()
    meter.measure(world.relay.transports, world.relay.plane.stats(), world.now)
    for sequence in (1, 2, 4, 5):
        alice.send_rtp(sequence)
    world.now += 2
    measured = meter.measure(world.relay.transports, world.relay.plane.stats(), world.now)
    assert measured[alice.spec.id].loss_in == pytest.approx(0.2)
    assert measured[alice.spec.id].bitrate_in_bps > 0
    assert measured[bob.spec.id].bitrate_out_bps > 0
    assert measured[bob.spec.id].rtt_ms is None


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


# ---- rooms


def room_with_two() -> tuple[World, Delta, RoomState]:
    world = World()
    one, two = mint_transport(), mint_transport()
    producer = mint_producer(one.id, "video", vp8())
    consumer = mint_consumer(two.id, producer, ROUTER_CAPABILITIES, cname="one")
    step, state = change(RoomState(), put_transports=[one, two], put_producers=[producer], put_consumers=[consumer])
    return world, delta("hall", step), state


def test_a_delta_is_applied_and_confirmed() -> None:
    world, message, state = room_with_two()
    assert world.rooms.delta(message, world.now) == [Applied(room="hall", revision=1, hash=state_hash(state))]
    assert set(world.relay.transports) == set(state.transports)
    assert {world.rooms.room_of(key) for key in (*state.transports, *state.producers, *state.consumers)} == {"hall"}


def test_a_delta_that_does_not_fit_asks_for_a_snapshot() -> None:
    world, message, state = room_with_two()
    late = message.model_copy(update={"base_revision": 7})
    assert world.rooms.delta(late, world.now) == [Failed(room="hall", revision=1, reason="resync")]
    assert world.relay.transports == {}
    [answer] = world.rooms.snapshot(Snapshot(room="hall", state=state), world.now)
    assert isinstance(answer, Applied)
    assert set(world.relay.transports) == set(state.transports)


def test_a_snapshot_that_contradicts_itself_changes_nothing() -> None:
    world, message, state = room_with_two()
    world.rooms.delta(message, world.now)
    broken = state.model_copy(update={"transports": {}})
    [answer] = world.rooms.snapshot(Snapshot(room="hall", state=broken), world.now)
    assert isinstance(answer, Failed)
    assert answer.reason == "dangling_reference"
    assert len(world.relay.transports) == 2


def test_a_dropped_room_closes_everything() -> None:
    world, message, _ = room_with_two()
    world.rooms.delta(message, world.now)
    for _ in range(2):
        world.rooms.drop("hall", world.now)
    assert world.relay.transports == {}
    assert world.rooms.states == {}
    assert world.rooms.room_of("anything") is None


def test_one_broken_object_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    world, message, state = room_with_two()
    [producer] = message.put.producers
    bad = producer.model_copy(update={"rtp_parameters": {}})
    answers = world.rooms.snapshot(
        Snapshot(room="hall", state=state.model_copy(update={"producers": {bad.id: bad}})), world.now
    )
    assert [(answer.object_id, answer.reason) for answer in answers if isinstance(answer, Failed)] == [
        (bad.id, "invalid_parameters")
    ]
    assert isinstance(answers[-1], Applied)

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(world.relay, "put_producer", broken)
    answers = world.rooms.snapshot(Snapshot(room="hall", state=state), world.now)
    assert [answer.reason for answer in answers if isinstance(answer, Failed)] == ["media"]


def test_a_room_cannot_touch_what_belongs_to_another() -> None:
    world, message, state = room_with_two()
    world.rooms.delta(message, world.now)
    thief = Snapshot(room="cellar", state=RoomState(revision=1, transports=state.transports))
    answers = world.rooms.snapshot(thief, world.now)
    assert [answer.reason for answer in answers if isinstance(answer, Failed)] == ["invalid_state"] * 2
    world.rooms.drop("cellar", world.now)
    assert set(world.relay.transports) == set(state.transports)


def test_fingerprints_travel_in_the_specification() -> None:
    spec = connected(mint_transport(), DTLS)
    assert spec.dtls is not None
    assert spec.dtls.fingerprints == (Fingerprint(algorithm="sha-256", value=PAGE_CERTIFICATE.fingerprint),)
