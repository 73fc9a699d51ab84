"""What every data plane must do, on a virtual link."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.dataplane.interface import StreamSpec
from media.rtcp import SenderReport
from media.rtp import sequence_distance
from media.vp8 import parse_vp8
from tests.media.link import DELTA, KEYFRAME, Link, audio, link_with, to, video
from tests.media.twcc_reader import read_feedback

pytestmark = pytest.mark.usefixtures("plane")


def test_packets_are_rewritten_for_the_receiver() -> None:
    link = link_with(video())
    link.send("alice", 65535, KEYFRAME, extensions={4: b"0", 3: b"\0\1", 5: b"\2", 2: b"abc"})
    link.send("alice", 0, DELTA)
    first, second = link.peers["bob"].got
    assert (first.payload_type, first.ssrc, first.marker) == (101, 9000, True)
    assert first.extensions[1] == b"m1"
    assert first.extensions[11] == b"\2"
    assert set(first.extensions) == {1, 4, 11}
    assert bytes(first.payload) == KEYFRAME
    assert first.sequence < 32768
    assert (second.sequence - first.sequence, second.timestamp) == (1, 0)


def test_a_receiver_of_video_starts_at_a_keyframe() -> None:
    link = link_with(video())
    link.send("alice", 1, DELTA)
    assert link.plane.take_keyframe_requests(link.now) == [("alice", 2222)]
    assert link.peers["bob"].got == []
    link.send("alice", 2, KEYFRAME)
    link.send("alice", 1, DELTA, ssrc=5)
    assert len(link.peers["bob"].got) == 1
    assert link.plane.take_keyframe_requests(link.now + 10) == []


def test_the_first_request_of_a_receiver_is_not_held_back_for_a_second() -> None:
    link = link_with(video())
    link.send("alice", 1, KEYFRAME)
    link.plane.request_keyframe("bob", 9000, link.now)
    assert link.plane.take_keyframe_requests(link.now) == [("alice", 2222)]
    link.send("alice", 2, KEYFRAME)
    link.now += 0.3
    link.plane.request_keyframe("bob", 9000, link.now)
    assert link.plane.take_keyframe_requests(link.now) == []
    assert link.plane.take_keyframe_requests(link.now + 0.8) == [("alice", 2222)]


def test_a_route_may_be_there_before_its_producer() -> None:
    link = Link()
    link.add("alice")
    link.add("bob")
    link.plane.route(to("bob", video()), link.now)
    link.plane.add_producer(video(), link.now)
    link.send("alice", 1, KEYFRAME)
    assert len(link.peers["bob"].got) == 1


@settings(max_examples=25)
@given(st.sets(st.integers(1, 119), max_size=40), st.integers(0, 0xFFFF))
def test_what_is_lost_on_the_way_to_the_relay_is_asked_for_and_comes_by_rtx(lost: set[int], start: int) -> None:
    link = link_with(video())
    link.send("alice", start, KEYFRAME)
    sent = {(start + step) & 0xFFFF: DELTA + step.to_bytes(2, "big") for step in range(1, 121)}
    for step in range(1, 121):
        if step not in lost:
            link.send("alice", start + step, sent[(start + step) & 0xFFFF])
    rtx = 500
    for ssrc, sequences in link.plane.take_losses("alice", link.now):
        assert ssrc == 2222
        for sequence in sequences:
            rtx += 1
            payload = sequence.to_bytes(2, "big") + sent[sequence]
            link.send("alice", rtx, payload, payload_type=97, ssrc=2223)
    got = sorted(link.peers["bob"].got, key=lambda packet: sequence_distance(packet.sequence, first_of(link)))
    assert [bytes(packet.payload) for packet in got] == [KEYFRAME, *sent.values()]
    assert [sequence_distance(packet.sequence, first_of(link)) for packet in got] == list(range(121))
    assert link.plane.take_losses("alice", link.now + 1) == []


def first_of(link: Link) -> int:
    return link.peers["bob"].got[0].sequence


def test_a_keyframe_whose_beginning_was_lost_still_starts_a_receiver() -> None:
    link = link_with(video())
    link.send("alice", 1, DELTA)
    middle = [b"\x80\x80\x85\x01" + bytes((step,)) for step in (3, 4, 5)]
    for step, payload in zip((3, 5, 4), (middle[0], middle[2], middle[1]), strict=True):
        link.send("alice", step, payload)
    assert link.peers["bob"].got == []
    link.send("alice", 1, b"\0\2" + KEYFRAME, payload_type=97, ssrc=2223)
    got = link.peers["bob"].got
    assert [bytes(packet.payload) for packet in got] == [KEYFRAME, *middle]
    assert [packet.sequence - got[0].sequence for packet in got] == [0, 1, 2, 3]
    link.send("alice", 6, DELTA)
    assert len(link.peers["bob"].got) == 5


def test_what_is_lost_on_the_way_to_the_receiver_comes_by_rtx_under_other_numbers() -> None:
    link = link_with(video())
    link.send("alice", 1, KEYFRAME)
    link.lose = lambda data: True
    link.send("alice", 2, DELTA + b"lost")
    link.lose = lambda data: False
    bob = link.peers["bob"]
    missing = bob.got[0].sequence + 1
    link.plane.resend("bob", 9000, [missing, missing, missing + 7], link.now)
    repeats = bob.got[1:]
    assert [(packet.ssrc, packet.payload_type) for packet in repeats] == [(9001, 102)] * 2
    assert all(bytes(packet.payload) == missing.to_bytes(2, "big") + DELTA + b"lost" for packet in repeats)
    assert repeats[1].sequence == repeats[0].sequence + 1
    assert link.plane.stats()["bob"].resent_out == 2


def test_without_rtx_the_very_same_bytes_are_sent_again() -> None:
    link = link_with(audio())
    link.send("alice", 1, b"opus", payload_type=111, ssrc=1111)
    bob = link.peers["bob"]
    sequence = bob.got[0].sequence
    link.lose = lambda data: True  # the receiver's replay protection would refuse it
    link.now += 1
    link.plane.resend("bob", 9002, [sequence, sequence + 1], link.now)
    assert len(bob.raw) == 2
    assert bob.raw[1] == bob.raw[0]


def test_nobody_gets_more_than_500_retransmissions_a_second() -> None:
    link = link_with(video())
    link.send("alice", 1, KEYFRAME)
    sequence = first_of(link)
    link.plane.resend("bob", 9000, [sequence] * 2000, link.now)
    assert len(link.peers["bob"].got) == 501
    link.plane.resend("bob", 9000, [sequence], link.now + 1)
    assert len(link.peers["bob"].got) == 502


def test_pictures_are_sent_again_as_long_as_they_take_less_than_they_may_and_sound_always() -> None:
    link = link_with(video(), audio())
    link.send("alice", 1, KEYFRAME)
    link.send("alice", 1, b"opus", payload_type=111, ssrc=1111)
    bob = link.peers["bob"]
    picture, sound = (packet.sequence for packet in bob.got)
    link.lose = lambda data: True  # the receiver's replay protection would refuse the sound
    bob.raw.clear()
    handled, octets = link.plane.resend("bob", 9000, [picture] * 5, link.now, 150)
    assert handled == len(bob.raw) == -(-150 // len(bob.raw[0])) < 5
    assert octets == sum(map(len, bob.raw))
    assert link.plane.resend("bob", 9000, [picture], link.now, 0) == (0, 0)
    bob.raw.clear()
    assert link.plane.resend("bob", 9002, [sound], link.now, 0) == (1, len(bob.raw[0]))
    assert link.plane.resend("bob", 9002, [sound + 1], link.now) == (1, 0), "it was never sent"
    assert link.plane.resend("nobody", 9002, [sound], link.now) == (0, 0)


def test_video_history_reaches_500_packets_back_and_audio_200() -> None:
    link = link_with(video(), audio())
    for step in range(600):
        link.send("alice", step, KEYFRAME)
        link.send("alice", step, b"opus", payload_type=111, ssrc=1111)
    bob = link.peers["bob"]
    bob.raw.clear()
    link.lose = lambda data: True
    for ssrc, depth in ((9000, 500), (9002, 200)):
        last = [packet.sequence for packet in bob.got if packet.ssrc == ssrc][-1]
        link.plane.resend("bob", ssrc, [(last - depth + 1) & 0xFFFF], link.now)
    assert len(bob.raw) == 2


def test_a_muted_producer_reaches_nobody_and_goes_on_without_a_gap() -> None:
    link = link_with(audio())
    link.send("alice", 1, b"opus", payload_type=111, ssrc=1111)
    link.plane.pause("audio", True, link.now)
    for sequence in range(2, 40):
        link.send("alice", sequence, b"muted", payload_type=111, ssrc=1111, extensions={1: b"\5"})
    assert link.plane.take_levels() == {}
    link.plane.pause("audio", False, link.now)
    link.send("alice", 40, b"opus", payload_type=111, ssrc=1111)
    first, second = link.peers["bob"].got
    assert bytes(second.payload) == b"opus"
    assert second.sequence == first.sequence + 1
    assert second.timestamp - first.timestamp == 39 * 3000


def test_a_paused_consumer_gets_nothing_while_others_do() -> None:
    link = link_with(video(), receivers=("bob", "carol"))
    link.send("alice", 1, KEYFRAME)
    link.plane.pause("video-bob", True, link.now)
    link.send("alice", 2, DELTA)
    link.plane.request_keyframe("bob", 9000, link.now)
    link.plane.resend("bob", 9000, [first_of(link)], link.now)
    assert (len(link.peers["bob"].got), len(link.peers["carol"].got)) == (1, 2)
    link.plane.pause("video-bob", False, link.now)
    assert link.plane.take_keyframe_requests(link.now) == [("alice", 2222)]
    link.send("alice", 3, DELTA)
    link.send("alice", 4, KEYFRAME)
    bob = link.peers["bob"].got
    assert [packet.sequence - bob[0].sequence for packet in bob] == [0, 1]


def test_a_paused_source_is_not_asked_for_keyframes_or_lost_packets() -> None:
    link = link_with(video(paused=True))
    link.send("alice", 1, KEYFRAME)
    link.send("alice", 5, DELTA)
    link.plane.request_keyframe("bob", 9000, link.now)
    assert link.plane.take_keyframe_requests(link.now + 5) == []
    assert link.plane.take_losses("alice", link.now) == []


def test_a_replaced_producer_goes_on_under_the_same_numbers() -> None:
    link = link_with(video())
    link.send("alice", 1000, KEYFRAME, timestamp=5000)
    link.now += 1.0
    link.plane.add_producer(video(streams=(StreamSpec(4444),)), link.now)
    link.send("alice", 7, KEYFRAME, ssrc=4444, timestamp=77)
    first, second = link.peers["bob"].got
    assert second.sequence == first.sequence + 1
    assert second.timestamp - first.timestamp == 90000
    assert parse_vp8(second.payload).picture_id == parse_vp8(first.payload).picture_id + 1


def test_streams_are_learned_from_the_mid() -> None:
    link = link_with(video(streams=(StreamSpec(),)))
    link.send("alice", 1, KEYFRAME, ssrc=31)
    link.send("alice", 2, KEYFRAME, ssrc=31, extensions={4: b"nobody"})
    assert link.peers["bob"].got == []
    assert link.plane.stats()["alice"].unknown == 2
    link.send("alice", 3, KEYFRAME, ssrc=31, extensions={4: b"0"})
    link.send("alice", 4, DELTA, ssrc=31)
    link.send("alice", 5, DELTA, ssrc=32, payload_type=50, extensions={4: b"0"})
    assert len(link.peers["bob"].got) == 2


def test_simulcast_forwards_the_highest_live_layer() -> None:
    link = link_with(video(streams=(StreamSpec(rid="q"), StreamSpec(rid="f"))))
    mid = {4: b"0"}
    link.send("alice", 1, KEYFRAME, ssrc=51, extensions=mid | {6: b"q"})
    link.send("alice", 2, DELTA, ssrc=51, timestamp=3100)
    link.send("alice", 900, DELTA, ssrc=52, extensions=mid | {6: b"f"}, timestamp=500_000)
    link.send("alice", 1, KEYFRAME, ssrc=53, extensions=mid | {6: b"unknown"})
    assert len(link.peers["bob"].got) == 2
    link.plane.sender_reports("alice", SenderReport(51, 1 << 32, 1000, 1, 1), link.now)
    link.plane.sender_reports("alice", SenderReport(52, 2 << 32, 500_000, 1, 1), link.now)
    link.send("alice", 901, KEYFRAME, ssrc=52, timestamp=500_100)
    first, second, third = link.peers["bob"].got
    assert third.sequence == second.sequence + 1
    assert third.timestamp == 1000 + 90000 + 100
    link.now += 5
    link.send("alice", 3, KEYFRAME, ssrc=51)
    assert len(link.peers["bob"].got) == 3
    link.plane.take_losses("alice", link.now)
    link.send("alice", 4, KEYFRAME, ssrc=51)
    assert link.peers["bob"].got[-1].sequence == third.sequence + 1
    assert first.ssrc == third.ssrc


def test_early_rtx_of_a_layer_is_learned_by_its_repaired_rid() -> None:
    link = link_with(video(streams=(StreamSpec(rid="q"), StreamSpec(rid="f"))))
    link.send("alice", 1, b"", ssrc=61, payload_type=97, extensions={4: b"0", 7: b"f"})
    link.send("alice", 2, b"\0\1" + KEYFRAME, ssrc=61, payload_type=97)
    assert link.plane.stats()["alice"].unknown == 0
    assert link.peers["bob"].got == []


def test_reordered_packets_pass_and_late_ones_do_not() -> None:
    link = link_with(video())
    for sequence in (10, 12, 11, 9):
        link.send("alice", sequence, KEYFRAME)
    bob = link.peers["bob"].got
    assert [packet.sequence - bob[0].sequence for packet in bob] == [0, 2, 1]


def test_every_packet_that_authenticates_is_acknowledged() -> None:
    link = link_with(video())
    for number in (1, 2, 4):
        link.now += 0.005
        link.send("alice", number, KEYFRAME, extensions={3: struct.pack("!H", number)})
    [packet] = link.plane.take_arrivals("alice")
    assert [number for number, at in read_feedback(packet).items() if at is not None] == [1, 2, 4]
    assert link.plane.take_arrivals("bob") == []
    assert link.plane.take_arrivals("nobody") == []


def test_hostile_packets_cost_only_their_sender() -> None:
    link = link_with(video())
    alice = link.peers["alice"]
    good = alice.outbound.protect_copy(struct.pack("!BBHII", 0x80, 96, 1, 0, 2222) + KEYFRAME)
    for data in (b"", b"\x80", good[:-1], good[:20], bytes(1600), b"\x90" + good[1:]):
        link.plane.receive("alice", data, link.now)
    link.plane.receive("alice", good, link.now)
    link.plane.receive("alice", good, link.now)
    link.plane.receive("nobody", good, link.now)
    link.send("alice", 2, b"")
    link.send("alice", 3, b"\x90")
    assert link.plane.stats()["alice"].rejected == 7
    assert [bytes(packet.payload) for packet in link.peers["bob"].got] == [KEYFRAME, b"", b"\x90"]


def test_a_huge_gap_asks_for_a_keyframe_instead() -> None:
    link = link_with(video())
    link.send("alice", 1, KEYFRAME)
    link.plane.take_keyframe_requests(link.now)
    link.now += 2
    link.send("alice", 2001, DELTA)
    assert link.plane.take_losses("alice", link.now) == []
    assert link.plane.take_keyframe_requests(link.now) == [("alice", 2222)]


def test_sender_reports_keep_the_clock_and_change_the_rest() -> None:
    link = link_with(video(), receivers=("bob", "carol"))
    assert link.plane.sender_reports("alice", SenderReport(2222, 5, 6, 7, 8), link.now) == []
    link.send("alice", 1, KEYFRAME)
    link.plane.pause("video-carol", True, link.now)
    reports = link.plane.sender_reports("alice", SenderReport(2222, 5, 6, 7, 8), link.now)
    assert reports == [("bob", "video-bob", SenderReport(9000, 5, 6, 1, len(KEYFRAME)))]
    assert link.plane.sender_reports("alice", SenderReport(2223, 5, 6, 7, 8), link.now) == []
    assert link.plane.sender_reports("nobody", SenderReport(2222, 5, 6, 7, 8), link.now) == []


def test_receiver_reports_tell_loss_and_echo_the_sender_report() -> None:
    link = link_with(video())
    for sequence in (1, 2, 3, 5):
        link.now += 0.03
        link.send("alice", sequence, KEYFRAME)
    link.plane.sender_reports("alice", SenderReport(2222, 0x0000_1234_5678_0000, 6, 7, 8), link.now)
    [block] = link.plane.receptions("alice", link.now + 1)
    assert (block.ssrc, block.total_lost, block.fraction_lost) == (2222, 1, 51)
    assert (block.highest_sequence, block.last_sender_report, block.delay) == (5, 0x12345678, 65536)
    assert block.jitter > 0
    [block] = link.plane.receptions("alice", link.now + 2)
    assert block.fraction_lost == 0
    assert link.plane.receptions("nobody", 0) == []
    statistics = link.plane.stats()["alice"]
    assert (statistics.expected_in, statistics.received_in, statistics.packets_in) == (5, 4, 4)


def test_the_loudest_level_of_the_interval_is_reported_once() -> None:
    link = link_with(audio())
    for sequence, level in ((1, 40), (2, 0x80 | 20), (3, 90)):
        link.send("alice", sequence, b"o", payload_type=111, ssrc=1111, extensions={1: bytes((level,))})
    assert link.plane.take_levels() == {"audio": -20}
    assert link.plane.take_levels() == {}


def test_without_consent_nothing_is_sent() -> None:
    link = link_with(video())
    link.send("alice", 1, KEYFRAME)
    link.plane.move_peer("bob", None)
    link.send("alice", 2, KEYFRAME)
    link.plane.resend("bob", 9000, [first_of(link)], link.now)
    link.plane.move_peer("nobody", None)
    assert len(link.peers["bob"].got) == 1
    carol = link.add("carol")
    link.plane.move_peer("bob", carol.address)
    carol.inbound = link.peers["bob"].inbound
    link.send("alice", 3, KEYFRAME)
    assert len(carol.got) == 1


@pytest.mark.parametrize("gone", ["alice", "bob"])
def test_a_peer_that_leaves_takes_its_routes_along(gone: str) -> None:
    link = link_with(video(), audio())
    link.plane.remove_peer(gone)
    link.plane.remove_peer(gone)
    link.send("alice", 1, KEYFRAME)
    link.plane.remove_producer("video")
    link.plane.pause("video", True, link.now)
    link.plane.pause("nothing", True, link.now)
    link.plane.request_keyframe(gone, 9000, link.now)
    link.plane.resend(gone, 9000, [1], link.now)
    link.plane.take_losses(gone, link.now)
    assert link.peers["bob"].got == []


def test_nothing_is_added_for_peers_that_are_not_there() -> None:
    link = link_with()
    link.plane.add_producer(video(peer="nobody"), link.now)
    link.plane.route(to("nobody", video()), link.now)
    assert set(link.plane.stats()) == {"alice", "bob"}
