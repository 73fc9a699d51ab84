"""RTCP between pages through the relay."""

import struct

import pytest

from media.resends import LEAST_BURST, SHARE
from media.rtcp import (
    KeyFrameRequest,
    Nack,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    TransportFeedback,
    is_rtcp,
    write_nack,
    write_packet,
    write_picture_loss,
    write_receiver_reports,
    write_sender_report,
)
from media.statistics import Meter
from tests.media.world import KEYFRAME, Page, World, meeting


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


def test_a_sender_hears_ten_times_a_second_which_packets_came() -> None:
    """Without it browsers fall to 30 kbit/s, or start their best picture late."""
    world, alice, _, _, _ = meeting()
    assert alice.outbound is not None
    for number in range(20):
        numbered = b"\xbe\xde\x00\x01\x31" + number.to_bytes(2, "big") + b"\0"
        header = struct.pack("!BBHII", 0x90, 96, number, 3000 * number, 2222)
        alice.send(alice.outbound.protect_copy(header + numbered + KEYFRAME))
        world.pass_time(0.05)
    told = [packet for packet in alice.got_rtcp() if isinstance(packet, TransportFeedback)]
    assert 9 <= len(told) <= 11
    assert sum(packet.count for packet in told) >= 19, "but for the one that came last"


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


def test_what_was_sent_again_is_not_sent_once_more_while_it_is_on_its_way() -> None:
    world, alice, bob, _, consumer = meeting()
    alice.send_rtp(1)
    [wire] = [data for data in world.take(bob.address) if not is_rtcp(data)]
    nack = write_nack(consumer.ssrc, [wire[2] << 8 | wire[3]])
    for wait, answers in ((0.0, 1), (0.01, 0), (0.2, 1)):
        world.now += wait
        bob.send_rtcp(nack)
        assert len(bob.got_rtp()) == answers


def test_pictures_are_sent_again_within_a_share_of_what_the_path_carries() -> None:
    world, alice, bob, _, consumer = meeting()
    for sequence in range(1, 61):
        alice.send_rtp(sequence, KEYFRAME + bytes(1000))
    sent = [data for data in world.take(bob.address) if not is_rtcp(data)]
    world.relay.transports[bob.spec.id].available_bps = 100_000
    bob.send_rtcp(write_nack(consumer.ssrc, [data[2] << 8 | data[3] for data in sent]))
    again = world.take(bob.address)
    assert LEAST_BURST <= sum(map(len, again)) < LEAST_BURST + 1200
    world.now += 1.0
    bob.send_rtcp(write_nack(consumer.ssrc, [data[2] << 8 | data[3] for data in sent]))
    assert sum(map(len, world.take(bob.address))) < SHARE * 100_000 / 8 + 1200


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
    remb = struct.pack("!II4sBBH", 1, 0, b"REMB", 1, 4 << 2, 50000) + struct.pack("!I", consumer.ssrc)
    bob.send_rtcp(write_packet(15, 206, remb))
    bob.send_rtcp(write_packet(1, 203, struct.pack("!I", 5)))
    assert transport.available_bps == 800_000


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
