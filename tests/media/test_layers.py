"""Switching encodings and dropping temporal layers, on a virtual link with loss and reordering."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media.link import Link, link_with
from tests.media.simulcast import Sender, assert_no_gap, frames, in_order, simulcast

pytestmark = pytest.mark.usefixtures("plane")
AIMS = st.lists(st.tuples(st.integers(1, 40), st.integers(-1, 3), st.integers(0, 3)), min_size=1, max_size=8)


def received(link: Link) -> list[int]:
    return [frame.encoding for frame in frames(in_order(link.peers["bob"].got))]


@settings(max_examples=12)
@given(st.integers(0, 1 << 16), AIMS)
def test_switching_and_thinning_shows_no_gap(seed: int, aims: list[tuple[int, int, int]]) -> None:
    link = link_with(simulcast())
    sender = Sender(link, seed)
    for count, spatial, temporal in [(10, 3, 3), *aims]:
        link.plane.aim("video-bob", spatial, temporal, link.now)
        for _ in range(count):
            sender.frame()
    packets = in_order(link.peers["bob"].got)
    assert_no_gap(packets)
    assert all(frame.is_whole for frame in frames(packets))


@settings(max_examples=12)
@given(st.integers(0, 1 << 16), st.integers(0, 2), st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_thinning_shows_no_gap_after_losses_were_repaired(seed: int, spatial: int, temporals: list[int]) -> None:
    chance = random.Random(seed)
    link = link_with(simulcast())
    sender = Sender(link, seed)
    link.plane.aim("video-bob", spatial, 3, link.now)
    for _ in range(10):
        sender.frame()
    sender.lose = lambda: chance.random() < 0.15
    for temporal in temporals:
        link.plane.aim("video-bob", spatial, temporal, link.now)
        for _ in range(15):
            sender.frame(lambda packets: chance.shuffle(packets) if chance.random() < 0.2 else None)
    sender.lose = lambda: False
    for _ in range(4):
        sender.frame()
    assert_no_gap(in_order(link.peers["bob"].got))


@settings(max_examples=12)
@given(st.integers(0, 1 << 16), AIMS)
def test_under_loss_frames_keep_their_order_and_their_numbers(seed: int, aims: list[tuple[int, int, int]]) -> None:
    chance = random.Random(seed)
    link = link_with(simulcast())
    sender = Sender(link, seed, lambda: chance.random() < 0.1)
    for count, spatial, temporal in [(10, 3, 3), *aims]:
        link.plane.aim("video-bob", spatial, temporal, link.now)
        for _ in range(count):
            sender.frame(lambda packets: chance.shuffle(packets) if chance.random() < 0.1 else None)
    if not link.peers["bob"].got:
        return
    seen = frames(in_order(link.peers["bob"].got))
    assert len({frame.timestamp for frame in seen}) == len(seen)
    for frame in seen:
        assert len({vp8.picture_id for vp8 in frame.vp8}) == 1
    pictures = [frame.vp8[0].picture_id for frame in seen]
    assert len(set(pictures)) == len(pictures)


def test_each_aim_gives_its_layers() -> None:
    link = link_with(simulcast())
    sender = Sender(link, 1)
    for spatial in (0, 1, 2):
        for temporal, share in ((0, 4), (1, 2), (2, 1)):
            link.plane.aim("video-bob", spatial, temporal, link.now)
            for _ in range(60):
                sender.frame()
            assert link.plane.forwarding("video-bob") == (spatial, temporal)
            link.peers["bob"].got.clear()
            for _ in range(40):
                sender.frame()
            seen = frames(in_order(link.peers["bob"].got))
            assert len(seen) == 40 // share
            assert {frame.encoding for frame in seen} == {spatial}
            assert max(frame.tid for frame in seen) == temporal


def test_on_the_way_down_the_lowest_temporal_layer_of_the_old_encoding_goes_on_until_the_keyframe() -> None:
    link = link_with(simulcast())
    sender = Sender(link, 2)
    for _ in range(40):
        sender.frame()
    link.peers["bob"].got.clear()
    link.plane.aim("video-bob", 0, 3, link.now)
    assert link.plane.take_keyframe_requests(link.now) == [("alice", 51)]
    for _ in range(8):
        sender.keyframe = False  # it takes its time
        sender.frame()
    seen = frames(in_order(link.peers["bob"].got))
    assert [(frame.encoding, frame.tid) for frame in seen] == [(2, 0)] * 2
    assert link.plane.forwarding("video-bob") == (2, 0)
    link.plane.aim("video-bob", 2, 3, link.now)
    for _ in range(8):
        sender.keyframe = False
        sender.frame()
    assert link.plane.forwarding("video-bob") == (2, 2), "it is not left any more, and has no higher layer"
    link.plane.aim("video-bob", 0, 3, link.now)
    sender.keyframe = True
    sender.frame()
    assert link.plane.forwarding("video-bob") == (0, 3)
    assert_no_gap(in_order(link.peers["bob"].got))


def test_what_was_sent_before_the_keyframe_of_a_switch_is_not_sent_again() -> None:
    link = link_with(simulcast())
    sender = Sender(link, 4)
    bob = link.peers["bob"]
    for _ in range(10):
        sender.frame()
    before = in_order(bob.got)[-1].sequence
    link.plane.aim("video-bob", 0, 3, link.now)
    for _ in range(10):
        sender.frame()
    after = in_order(bob.got)[-1].sequence
    assert link.plane.forwarding("video-bob") == (0, 3)
    bob.got.clear()
    assert link.plane.resend("bob", 9000, [before], link.now) == (1, 0)
    assert not bob.got
    assert link.plane.resend("bob", 9000, [before, after], link.now)[0] == 2
    assert [bytes(packet.payload)[:2] for packet in bob.got] == [after.to_bytes(2, "big")]


def test_when_an_encoding_dies_the_next_lower_one_takes_over() -> None:
    link = link_with(simulcast())
    sender = Sender(link, 3)
    for _ in range(20):
        sender.frame()
    assert link.plane.forwarding("video-bob") == (2, 3)
    sender.encodings[2].silent = True
    for _ in range(60):
        sender.frame()
    assert link.plane.forwarding("video-bob") == (1, 3)
    sender.encodings[2].silent = False
    for _ in range(60):
        sender.frame()
    assert link.plane.forwarding("video-bob") == (2, 3)
    assert_no_gap(in_order(link.peers["bob"].got))


def test_an_encoding_that_is_turned_off_is_missed_for_less_than_half_a_second() -> None:
    link = link_with(simulcast())
    sender = Sender(link, 6)
    for _ in range(20):
        sender.frame()
    sender.encodings[2].silent = True
    for _ in range(11):
        sender.frame()
    assert link.plane.forwarding("video-bob") == (1, 3)
    link.now += 0.4
    link.plane.take_losses("alice", link.now)
    assert [one.live for one in link.plane.sources()] == [True, True, False]


class Deaf(Sender):
    """Sends no keyframe but the first, whoever asks."""

    def serve(self) -> None:
        self.link.plane.take_losses("alice", self.link.now)


def test_of_an_encoding_that_was_turned_off_no_keyframe_is_asked_for() -> None:
    link = link_with(simulcast())
    sender = Deaf(link, 8)
    sender.keyframe = False
    for _ in range(3):
        sender.frame()
    assert ("alice", 53) in link.plane.take_keyframe_requests(link.now)
    sender.encodings[2].silent = True
    for _ in range(12):
        sender.frame()
    asked = [one for tenth in range(20) for one in link.plane.take_keyframe_requests(link.now + tenth / 10)]
    assert ("alice", 52) in asked
    assert ("alice", 53) not in asked


def test_at_few_frames_a_second_nothing_counts_as_turned_off() -> None:
    link = link_with(simulcast())
    sender = Sender(link, 7)
    for _ in range(10):
        sender.frame()
        link.now += 0.7
        link.plane.take_losses("alice", link.now)
        assert all(one.live for one in link.plane.sources())


def test_a_suspended_consumer_gets_nothing_and_is_asked_for_nothing() -> None:
    link = link_with(simulcast())
    sender = Sender(link, 4)
    for _ in range(10):
        sender.frame()
    link.plane.aim("video-bob", -1, 3, link.now)
    link.peers["bob"].got.clear()
    for _ in range(60):
        sender.frame()
    link.plane.request_keyframe("bob", 9000, link.now)
    assert link.plane.take_keyframe_requests(link.now) == []
    assert link.peers["bob"].got == []
    assert link.plane.forwarding("video-bob") == (-1, -1)
    assert link.plane.forwarding("nobody") == (-1, -1)
    link.plane.aim("nobody", 0, 0, link.now)


def test_sources_tell_what_each_layer_takes() -> None:
    link = link_with(simulcast())
    sender = Sender(link, 5)
    for _ in range(40):
        sender.frame()
    sources = link.plane.sources()
    assert [(one.producer, one.encoding, one.width, one.height) for one in sources] == [
        ("video", 0, 320, 180),
        ("video", 1, 640, 360),
        ("video", 2, 1280, 720),
    ]
    for index, one in enumerate(sources):
        assert one.live
        assert one.octets == sum(one.octets_by_temporal)
        assert one.octets_by_temporal[3] == 0
        assert one.octets_by_temporal[2] > 1.8 * one.octets_by_temporal[1]
        assert one.packets == 40 * (index + 1) + 2
    link.now += 2
    link.plane.take_losses("alice", link.now)
    assert not any(one.live for one in link.plane.sources())
