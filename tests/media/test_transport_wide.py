"""Transport-wide numbers, padding and the log of what was sent."""

import struct

import pytest

from media.dataplane.interface import SENT_LOG, Acknowledged, ConsumerRoute
from media.dataplane.python import PythonDataPlane
from media.parameters import ABS_SEND_TIME, TRANSPORT_CC
from tests.media.link import DELTA, KEYFRAME, ROUTER_IDS, Link, audio, link_with, to, video

pytestmark = pytest.mark.usefixtures("plane")
NOTHING = Acknowledged(bursts=[])
NUMBERED = ROUTER_IDS | {TRANSPORT_CC: 5}


def numbered(peer: str = "bob") -> Link:
    link = link_with()
    for route in (video(), audio()):
        link.plane.add_producer(route, link.now)
        consumer: ConsumerRoute = to(peer, route, extension_ids=NUMBERED)
        link.plane.route(consumer, link.now)
    return link


def feedback(base: int, arrivals: list[int | None]) -> bytes:
    """The body of a feedback, each delta in two bytes; the reference time is 0."""
    chunks, deltas, before = b"", b"", 0
    for ticks in arrivals:
        chunks += struct.pack("!H", (0 if ticks is None else 2) << 13 | 1)
        if ticks is not None:
            deltas += struct.pack("!h", ticks - before)
            before = ticks
    return struct.pack("!IIHHI", 1, 2, base & 0xFFFF, len(arrivals), 0) + chunks + deltas


def acknowledged(link: Link, base: int, arrivals: list[int | None], after: int = 0, until: int = 0) -> Acknowledged:
    told = link.plane.acknowledge("bob", feedback(base, arrivals), after, until)
    assert told is not None
    return told


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
    sizes = [len(raw) for raw in link.peers["bob"].raw]
    assert link.plane.sent("bob") == (3, sum(sizes))
    assert link.plane.sent("nobody") == (0, 0)
    assert acknowledged(link, 1, [8, 9, 4000]).bursts == [
        (1, link.now - 0.5, 8, 9, 2, sizes[0] + sizes[1]),
        (3, link.now, 4000, 4000, 1, sizes[2]),
    ]


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
    assert link.plane.sent("bob")[0] == 3


def test_a_retransmission_without_the_extensions_is_the_old_packet() -> None:
    link = link_with(video())
    ids = {uri: key for uri, key in ROUTER_IDS.items() if uri != ABS_SEND_TIME}
    link.plane.route(to("bob", video(), extension_ids=ids), link.now)
    link.send("alice", 1, KEYFRAME)
    [packet] = link.peers["bob"].got
    link.plane.resend("bob", 9000, [packet.sequence], link.now + 1)
    assert link.peers["bob"].got[1].extensions == packet.extensions
    assert link.plane.sent("bob") == (0, 0)


def test_padding_is_numbered_and_has_no_payload() -> None:
    link = numbered()
    link.send("alice", 1, KEYFRAME, timestamp=77)
    before_padding = link.plane.sent("bob")[1]
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
    assert link.plane.sent("bob") == (5, before_padding + sent)
    link.plane.pad("bob", 10**9, link.now)
    assert link.plane.sent("bob")[0] == 105


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


def test_only_the_last_packets_wait_for_what_is_said_of_them() -> None:
    link = numbered()
    for sequence in range(SENT_LOG + 10):
        link.send("alice", sequence, KEYFRAME)
    assert acknowledged(link, 1, [1] * 10) == NOTHING
    assert acknowledged(link, 9, [1, 1, 1, 2]).bursts[0][0] == 11


def test_each_packet_is_acknowledged_once_and_may_come_after_it_was_lost() -> None:
    link = numbered()
    for sequence in range(6):
        link.send("alice", sequence, KEYFRAME)
    told = acknowledged(link, 1, [0, None, 4, None])
    assert (told.told, told.lost, told.highest) == (4, 2, 4)
    assert [(burst[0], burst[4]) for burst in told.bursts] == [(1, 2)]
    assert acknowledged(link, 1, [0, None, 4, None]) == NOTHING
    late = acknowledged(link, 2, [8])
    assert (late.told, late.lost, late.highest, late.bursts[0][2]) == (1, 0, 2, 8)
    assert acknowledged(link, 2, [8]) == NOTHING
    assert acknowledged(link, 500, [1, 2, None]) == NOTHING


def test_numbers_go_round_and_those_above_the_newest_are_of_the_round_before() -> None:
    link = numbered()
    link.lose = lambda data: True
    link.send("alice", 1, KEYFRAME)
    if isinstance(link.plane, PythonDataPlane):
        link.plane._peers["bob"].sent.number = 65_500  # it takes its time
    while link.plane.sent("bob")[0] < 65_540:
        link.plane.pad("bob", 10**9, link.now)
    newest = link.plane.sent("bob")[0]
    told = acknowledged(link, 65_534, [0, 1, 1, 2, 3])
    assert [(burst[0], burst[4]) for burst in told.bursts] == [(65_534, 5)]
    assert told.highest == 65_538
    around = acknowledged(link, newest - 1, [None] * 4)
    assert (around.told, around.lost, around.highest) == (2, 2, newest)


def test_a_burst_ends_where_a_probe_begins_or_ends_and_after_ten_milliseconds() -> None:
    link = numbered()
    for sequence in range(8):
        link.send("alice", sequence, KEYFRAME)
        link.now += 0.001
    told = acknowledged(link, 1, [7, 6, 5, 4, 3, 2, 1, 0], after=1, until=3)
    assert [(burst[0], *burst[2:5]) for burst in told.bursts] == [(1, 7, 7, 1), (2, 6, 6, 2), (4, 4, 4, 5)]
    link = numbered()
    for sequence in range(8):
        link.send("alice", sequence, KEYFRAME)
        link.now += 0.004
    told = acknowledged(link, 1, list(range(8)))
    assert [(burst[0], *burst[2:5]) for burst in told.bursts] == [(1, 0, 2, 3), (4, 3, 5, 3), (7, 6, 7, 2)]


def test_what_is_malformed_says_nothing() -> None:
    link = numbered()
    link.send("alice", 1, KEYFRAME)
    whole = feedback(1, [5])
    for size in range(len(whole)):
        assert link.plane.acknowledge("bob", whole[:size], 0, 0) is None
    assert link.plane.acknowledge("bob", whole[:16] + b"\0\0" + whole[18:], 0, 0) is None
    assert link.plane.acknowledge("nobody", whole, 0, 0) == Acknowledged()
    told = link.plane.acknowledge("bob", whole, 0, 0)
    assert told is not None
    assert told.told == 1
