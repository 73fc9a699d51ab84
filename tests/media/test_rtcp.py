"""RTCP."""

import contextlib
import struct

import pytest
from aiortc.rtp import RtcpPacket as Reference
from aiortc.rtp import RtcpSdesPacket, pack_remb_fci
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedRtcp
from media.rtcp import (
    PAYLOAD_FEEDBACK,
    RELAY_SSRC,
    TRANSPORT_FEEDBACK,
    BitrateEstimate,
    Goodbye,
    KeyFrameRequest,
    Nack,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    is_rtcp,
    parse_rtcp,
    write_nack,
    write_packet,
    write_picture_loss,
    write_receiver_reports,
    write_sender_report,
)

BLOCK = ReportBlock(7, 25, -3, 70000, 12, 0xABCD, 65536)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_packets_or_malformed(data: bytes) -> None:
    with contextlib.suppress(MalformedRtcp):
        parse_rtcp(data)


@given(st.integers(0, 31), st.integers(200, 207), st.binary(max_size=80), st.booleans())
def test_arbitrary_bodies_are_packets_or_malformed(form: int, kind: int, body: bytes, padded: bool) -> None:
    body += bytes(-len(body) % 4)
    data = bytearray(write_packet(form, kind, body))
    data[0] |= 0x20 if padded else 0
    with contextlib.suppress(MalformedRtcp):
        parse_rtcp(bytes(data))


def test_a_sender_report_reads_back_and_carries_its_cname() -> None:
    report = SenderReport(9, 0x1122334455667788, 90000, 10, 1000)
    data = write_sender_report(report, "someone")
    assert parse_rtcp(data) == [report]
    description = Reference.parse(data)[1]
    assert isinstance(description, RtcpSdesPacket)
    assert description.chunks[0].items == [(1, b"someone")]


def test_receiver_reports_hold_31_blocks_each() -> None:
    packets = write_receiver_reports([BLOCK] * 40)
    assert [parse_rtcp(packet) for packet in packets] == [
        [ReceiverReport(RELAY_SSRC, (BLOCK,) * 31)],
        [ReceiverReport(RELAY_SSRC, (BLOCK,) * 9)],
    ]
    assert write_receiver_reports([]) == []


def test_sender_reports_may_hold_blocks() -> None:
    body = struct.pack("!IQIII", 9, 1, 2, 3, 4) + bytes(BLOCK)
    assert parse_rtcp(write_packet(1, 200, body)) == [SenderReport(9, 1, 2, 3, 4, (BLOCK,))]


@given(st.lists(st.integers(0, 0xFFFF), unique=True, min_size=1, max_size=60), st.integers(0, 0xFFFF))
def test_every_packet_asked_for_is_in_the_nack(offsets: list[int], start: int) -> None:
    sequences = [(start + offset) & 0xFFFF for offset in sorted(offsets)]
    [packet] = parse_rtcp(write_nack(5, sequences))
    assert isinstance(packet, Nack)
    assert packet.media_ssrc == 5
    assert sorted(packet.sequences) == sorted(sequences)


def test_neighbours_share_a_nack_entry() -> None:
    assert len(write_nack(5, [65535, 0, 15])) == 12 + 4
    assert len(write_nack(5, [1, 18])) == 12 + 8


def test_keyframe_requests_of_both_kinds_are_understood() -> None:
    assert parse_rtcp(write_picture_loss(77)) == [KeyFrameRequest((77,))]
    intra = write_packet(4, PAYLOAD_FEEDBACK, struct.pack("!IIIIII", 1, 0, 77, 1 << 24, 78, 2 << 24))
    assert parse_rtcp(intra) == [KeyFrameRequest((77, 78))]


def test_a_bitrate_estimate_is_understood() -> None:
    body = struct.pack("!II", 1, 0) + pack_remb_fci(2_500_000, [5])
    [packet] = parse_rtcp(write_packet(15, PAYLOAD_FEEDBACK, body))
    assert isinstance(packet, BitrateEstimate)
    assert packet.bitrate_bps == pytest.approx(2_500_000, rel=0.001)


def test_goodbye_names_its_sources() -> None:
    assert parse_rtcp(write_packet(2, 203, struct.pack("!II", 4, 5))) == [Goodbye((4, 5))]


def test_what_the_relay_does_not_use_is_passed_over() -> None:
    other_feedback = write_packet(14, TRANSPORT_FEEDBACK, bytes(8))
    other_payload = write_packet(9, PAYLOAD_FEEDBACK, bytes(8))
    extended_report = write_packet(0, 207, bytes(4))
    assert parse_rtcp(other_feedback + other_payload + extended_report + write_picture_loss(3)) == [
        KeyFrameRequest((3,))
    ]


def test_padding_is_cut_off() -> None:
    padded = bytearray(write_packet(1, 203, struct.pack("!I", 4) + b"\0\0\0\4"))
    padded[0] |= 0x20
    assert parse_rtcp(bytes(padded)) == [Goodbye((4,))]


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\xc8\x00",  # header cut off
        b"\x40\xc8\x00\x00",  # wrong version
        b"\x80\xc8\x00\x09" + bytes(8),  # longer than the datagram
        write_packet(0, 200, bytes(20)),  # report cut off
        write_packet(1, 201, bytes(4)),  # block cut off
        write_packet(1, PAYLOAD_FEEDBACK, bytes(4)),
        write_packet(4, PAYLOAD_FEEDBACK, bytes(12)),
        write_packet(15, PAYLOAD_FEEDBACK, bytes(8) + b"REMB"),
        b"\xa0\xcb\x00\x00",  # padding without a body
        b"\xa1\xcb\x00\x01\x00\x00\x00\x09",  # more padding than body
        b"\xa1\xcd\x00\x04" + bytes(15) + b"\x05",  # a NACK that does not fill words
    ],
)
def test_broken_packets_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedRtcp):
        parse_rtcp(data)


def test_rtcp_is_told_from_rtp_by_its_second_byte() -> None:
    assert is_rtcp(b"\x80\xc8")
    assert not is_rtcp(b"\x80\x65")
    assert not is_rtcp(b"\x80")
