"""Sources that begin again under other SSRCs, for hours, and recordings of what they once sent."""

import random
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.dataplane.interface import ProducerRoute, StreamSpec
from media.rtp import extension_block, one_byte_element, write_rtp
from media.sources import OF_A_RELAY, SourceBounds
from tests.media.link import KEYFRAME, Link, Peer, link_with, to, video
from tests.media.test_twins import Twins

RIDS = ("q", "h", "f")
CAMERA = video(streams=tuple(StreamSpec(rid=rid) for rid in RIDS))
TINY = SourceBounds(2, 1000)


def written(ssrc: int, sequence: int, rid: str = "f", payload: bytes = KEYFRAME) -> bytes:
    into = memoryview(bytearray(300))
    block = extension_block((one_byte_element(4, b"0"), one_byte_element(6, rid.encode())))
    return bytes(into[: write_rtp(into, True, 96, sequence & 0xFFFF, 3000 * sequence, ssrc, block, payload)])


def with_bounds(bounds: SourceBounds, *routes: ProducerRoute) -> Link:
    link = link_with(*routes)
    alice = link.peers["alice"]
    link.plane.add_peer("alice", alice.keys, alice.address, bounds)
    for route in routes:
        link.plane.add_producer(route, link.now)
    return link


@pytest.mark.usefixtures("plane")
class TestEach:
    """What either data plane must do."""

    def test_a_camera_that_began_two_thousand_times_begins_again(self) -> None:
        link = link_with()
        outbound = link.peers["alice"].outbound
        given_up = 0
        for began in range(2000):
            link.plane.add_producer(CAMERA, link.now)
            for place, rid in enumerate(RIDS):
                sent = outbound.protect_copy(written(1 + 3 * began + place, 1, rid))
                outbound.forget(1 + 3 * began + place)
                link.plane.receive("alice", sent, link.now)
            given_up += len(link.plane.remove_producer(CAMERA.id))
        assert given_up == 6000 - 64
        link.plane.add_producer(CAMERA, link.now)
        link.plane.route(to("bob", CAMERA), link.now)
        link.plane.receive("alice", outbound.protect_copy(written(7000, 1)), link.now)
        assert len(link.peers["bob"].got) == 1
        assert (link.plane.stats()["alice"].rejected, link.plane.stats()["alice"].unknown) == (0, 0)

    def test_a_recording_of_a_camera_that_is_long_gone_is_not_shown(self) -> None:
        """Its packets say that they are of the camera that is on now, and are authentic."""
        link = with_bounds(TINY, CAMERA)
        alice, bob = link.peers["alice"], link.peers["bob"]
        recorded = []
        for ssrc in range(10, 20):
            recorded.append(alice.outbound.protect_copy(written(ssrc, 1, payload=KEYFRAME + b"old")))
            link.plane.receive("alice", recorded[-1], link.now)
            link.plane.remove_producer(CAMERA.id)
            link.plane.add_producer(CAMERA, link.now)
        bob.got.clear()
        link.plane.receive("alice", alice.outbound.protect_copy(written(30, 1)), link.now)
        for datagram in recorded:
            link.plane.receive("alice", datagram, link.now)
        assert link.plane.stats()["alice"].rejected == len(recorded)
        assert [len(packet.payload) for packet in bob.got] == [len(KEYFRAME)]

    def test_a_producer_that_is_replaced_has_its_ssrcs_and_their_rollover_counters_again(self) -> None:
        link = link_with(video())
        for sequence in (65535, 65536):
            link.send("alice", sequence, KEYFRAME)
        assert link.plane.remove_producer("video") == []
        link.plane.add_producer(video(), link.now)
        link.send("alice", 65537, KEYFRAME)
        assert len(link.peers["bob"].got) == 3

    def test_what_comes_before_its_producer_is_not_lost_for_good(self) -> None:
        link = with_bounds(TINY)
        for ssrc in (1, 5, 2222, 3):
            link.send("alice", 1, KEYFRAME, ssrc=ssrc)
        link.plane.route(to("bob", video()), link.now)
        link.plane.add_producer(video(), link.now)
        link.send("alice", 2, KEYFRAME)
        assert len(link.peers["bob"].got) == 1
        link.send("alice", 2, KEYFRAME, ssrc=1)
        assert (link.plane.stats()["alice"].unknown, link.plane.stats()["alice"].rejected) == (4, 1)

    def test_under_an_ssrc_that_was_given_up_a_producer_gets_nothing(self) -> None:
        link = with_bounds(SourceBounds(0, 1000), video())
        link.send("alice", 1, KEYFRAME)
        assert link.plane.remove_producer("video") == [2222, 2223]
        link.plane.add_producer(video(), link.now)
        link.send("alice", 2, KEYFRAME)
        link.send("alice", 1, KEYFRAME, ssrc=51, extensions={4: b"0"})
        assert link.plane.stats()["alice"].rejected == 1
        assert len(link.peers["bob"].got) == 2

    def test_a_page_that_invents_ssrcs_comes_to_an_end_with_it_and_what_it_sends_goes_on(self) -> None:
        link = with_bounds(SourceBounds(2, 5), video())
        for ssrc in range(100, 120):
            link.send("alice", 1, KEYFRAME, ssrc=ssrc)
        assert (link.plane.stats()["alice"].unknown, link.plane.stats()["alice"].rejected) == (8, 12)
        link.send("alice", 1, KEYFRAME)
        assert len(link.peers["bob"].got) == 1

    def test_a_relay_is_forgotten_and_not_refused(self) -> None:
        bounds = SourceBounds(2, OF_A_RELAY.refused)
        link = with_bounds(bounds, video(mid=None))
        for ssrc in range(100, 120):
            link.send("alice", 1, KEYFRAME, ssrc=ssrc)
        link.send("alice", 2, KEYFRAME, ssrc=100)
        assert (link.plane.stats()["alice"].unknown, link.plane.stats()["alice"].rejected) == (21, 0)

    def test_an_encoding_that_takes_another_ssrc_leaves_the_former_one(self) -> None:
        link = with_bounds(SourceBounds(1, 100), CAMERA)
        for ssrc in (51, 52, 53):
            link.plane.receive("alice", link.peers["alice"].outbound.protect_copy(written(ssrc, 1)), link.now)
        assert len(link.peers["bob"].got) == 3
        link.plane.receive("alice", link.peers["alice"].outbound.protect_copy(written(51, 2)), link.now)
        assert link.plane.stats()["alice"].rejected == 1


class Sender:
    """One page whose two cameras come and go, and somebody who records the packets and sends them again."""

    def __init__(self, twins: Twins, seed: int) -> None:
        self.twins = twins
        self.random = random.Random(seed)
        self.peer = Peer("alice", 1000)
        self.sequences: dict[int, int] = {}
        self.recorded: list[bytes] = []

    def step(self) -> None:
        chance = self.random
        self.twins.now += 0.01
        match chance.randrange(8):
            case 0:
                ssrcs = chance.sample(range(1, 40), 3)
                streams = [StreamSpec(chance.choice((None, ssrc)), rid) for ssrc, rid in zip(ssrcs, RIDS, strict=True)]
                name, mid = chance.choice((("one", "0"), ("two", "1"), ("two", None)))
                self.twins.both("add_producer", video(id=name, streams=tuple(streams), mid=mid), self.twins.now)
            case 1:
                self.twins.both("remove_producer", chance.choice(("one", "two")))
            case 2 if self.recorded:
                self.twins.both("receive", "alice", chance.choice(self.recorded), self.twins.now)
            case _:
                self.send(chance.randrange(1, 40))

    def send(self, ssrc: int) -> None:
        self.sequences[ssrc] = sequence = self.sequences.get(ssrc, 65530) + 1
        datagram = self.peer.outbound.protect_copy(written(ssrc, sequence, self.random.choice(RIDS)))
        self.recorded.append(datagram)
        self.twins.both("receive", "alice", datagram, self.twins.now)


@given(seed=st.integers(0, 1 << 32), idle=st.integers(0, 9), refused=st.sampled_from((0, 3, 1000)))
@settings(max_examples=40)
def test_both_planes_forget_and_refuse_the_same(seed: int, idle: int, refused: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "randbelow", lambda limit: limit // 2)
        twins = Twins()
        sender = Sender(twins, seed)
        alice = sender.peer
        twins.both("add_peer", "alice", alice.keys, alice.address, SourceBounds(idle, refused))
        for name in ("one", "two"):
            twins.both("route", to("bob", video(id=name), ssrc=9000 + len(name) + (name == "two")), twins.now)
        for _ in range(150):
            sender.step()
            twins.both("stats")
            twins.both("producer_stats")
