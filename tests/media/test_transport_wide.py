"""Transport-wide numbers, padding and the log of what was sent."""

import struct

import pytest

from media.dataplane.interface import SENT_LOG, ConsumerRoute
from media.parameters import ABS_SEND_TIME, TRANSPORT_CC
from tests.media.link import DELTA, KEYFRAME, ROUTER_IDS, Link, audio, link_with, to, video

pytestmark = pytest.mark.usefixtures("plane")
NUMBERED = ROUTER_IDS | {TRANSPORT_CC: 5}


def numbered(peer: str = "bob") -> Link:
    link = link_with()
    for route in (video(), audio()):
        link.plane.add_producer(route, link.now)
        consumer: ConsumerRoute = to(peer, route, extension_ids=NUMBERED)
        link.plane.route(consumer, link.now)
    return link


def numbers(link: Link) -> list[int]:
    return [struct.unpack("!H", packet.extensions[5])[0] for packet in link.peers["bob"].got]


def test_all_packets_of_a_peer_are_counted_together() -> None:
    link = numbered()
    link.send("alice", 1, KEYFRAME, extensions={5: b"\2"})
    link.send("alice", 1, b"opus", payload_type=111, ssrc=1111, extensions={1: b"\5"})
    link.now += 0.5
    link.send("alice", 2, DELTA)
    assert numbers(link) == [1, 2, 3]
    first, second, _ = link.peers["bob"].got
    assert set(first.extensions) == {1, 4, 5, 11}
    assert set(second.extensions) == {1, 4, 5, 10}
    sent = link.plane.take_sent("bob")
    assert [number for number, _, _ in sent] == [1, 2, 3]
    assert [size for _, size, _ in sent] == [len(raw) for raw in link.peers["bob"].raw]
    assert sent[2][2] == sent[0][2] + 0.5
    assert link.plane.take_sent("bob") == []
    assert link.plane.take_sent("nobody") == []


def test_a_retransmission_has_a_number_and_a_time_of_its_own_unless_it_is_the_same_packet() -> None:
    link = numbered()
    link.send("alice", 1, KEYFRAME)
    link.send("alice", 1, b"opus", payload_type=111, ssrc=1111)
    picture, sound = link.peers["bob"].got
    link.now += 1
    link.plane.resend("bob", 9000, [picture.sequence], link.now)
    repeat = link.peers["bob"].got[-1]
    assert numbers(link) == [1, 2, 3]
    before, after = (int.from_bytes(packet.extensions[4]) for packet in (picture, repeat))
    assert (after - before) % (1 << 24) == 1 << 18
    link.lose = lambda data: True  # the receiver's replay protection would refuse it
    link.plane.resend("bob", 9002, [sound.sequence], link.now)
    assert len(link.plane.take_sent("bob")) == 3


def test_a_retransmission_without_the_extensions_is_the_old_packet() -> None:
    link = link_with(video())
    ids = {uri: key for uri, key in ROUTER_IDS.items() if uri != ABS_SEND_TIME}
    link.plane.route(to("bob", video(), extension_ids=ids), link.now)
    link.send("alice", 1, KEYFRAME)
    [packet] = link.peers["bob"].got
    link.plane.resend("bob", 9000, [packet.sequence], link.now + 1)
    assert link.peers["bob"].got[1].extensions == packet.extensions
    assert link.plane.take_sent("bob") == []


def test_padding_is_numbered_and_has_no_payload() -> None:
    link = numbered()
    link.send("alice", 1, KEYFRAME, timestamp=77)
    link.plane.take_sent("bob")
    raw = link.peers["bob"].raw
    before = len(raw)
    sent = link.plane.pad("bob", 1000, link.now)
    assert sent == sum(len(data) for data in raw[before:]) >= 1000
    padding = link.peers["bob"].got[1:]
    assert {(one.ssrc, one.payload_type, bytes(one.payload), one.marker) for one in padding} == {
        (9001, 102, b"", False)
    }
    assert {one.timestamp for one in padding} == {77}
    assert [one.extensions[1] for one in padding] == [b"m1"] * 4
    assert [number for number, _, _ in link.plane.take_sent("bob")] == [2, 3, 4, 5]
    link.plane.pad("bob", 10**9, link.now)
    assert len(link.plane.take_sent("bob")) == 100


def test_where_nothing_is_forwarded_there_can_be_padding_all_the_same() -> None:
    link = numbered()
    link.plane.unroute("audio-bob")
    assert link.plane.pad("bob", 100, link.now) >= 100
    link.send("alice", 1, KEYFRAME)
    link.plane.aim("video-bob", -1, 0, link.now)
    assert link.plane.pad("bob", 100, link.now) >= 100
    assert [packet.ssrc for packet in link.peers["bob"].got] == [9001, 9000, 9001]
    assert numbers(link) == [1, 2, 3]


def test_there_is_no_padding_for_who_would_not_acknowledge_it() -> None:
    link = link_with(video())
    link.send("alice", 1, KEYFRAME)
    assert link.plane.pad("bob", 1000, link.now) == 0
    assert link.plane.pad("nobody", 1000, link.now) == 0
    link = numbered()
    link.send("alice", 1, KEYFRAME)
    link.plane.pause("video-bob", True, link.now)
    assert link.plane.pad("bob", 1000, link.now) == 0
    link.plane.pause("video-bob", False, link.now)
    link.plane.move_peer("bob", None)
    assert link.plane.pad("bob", 1000, link.now) == 0


def test_only_the_last_packets_are_listed() -> None:
    link = numbered()
    for sequence in range(SENT_LOG + 10):
        link.send("alice", sequence, KEYFRAME)
    sent = link.plane.take_sent("bob")
    assert [sent[0][0], sent[-1][0], len(sent)] == [11, SENT_LOG + 10, SENT_LOG]
