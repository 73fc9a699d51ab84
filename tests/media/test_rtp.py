"""RTP packets and header extensions."""

import contextlib

import pytest
from aiortc.rtp import RtpPacket as ReferencePacket
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedRtp
from media.rtp import (
    ONE_BYTE_PROFILE,
    TWO_BYTE_PROFILE,
    abs_send_time,
    extension_block,
    one_byte_element,
    parse_extensions,
    parse_rtp,
    sequence_distance,
    timestamp_distance,
    write_rtp,
)

elements = st.dictionaries(st.integers(1, 14), st.binary(min_size=1, max_size=16), max_size=4)


def written(extensions: dict[int, bytes], payload: bytes, marker: bool = True) -> bytes:
    buffer = memoryview(bytearray(2000))
    block = extension_block(one_byte_element(key, value) for key, value in extensions.items())
    return bytes(buffer[: write_rtp(buffer, marker, 101, 65535, 4_000_000_000, 0xDEADBEEF, block, payload)])


@given(elements, st.binary(max_size=200), st.booleans())
def test_a_written_packet_reads_back_as_it_was(extensions: dict[int, bytes], payload: bytes, marker: bool) -> None:
    packet = parse_rtp(written(extensions, payload, marker))
    assert (packet.marker, packet.payload_type, packet.sequence) == (marker, 101, 65535)
    assert (packet.timestamp, packet.ssrc) == (4_000_000_000, 0xDEADBEEF)
    assert (packet.extensions, bytes(packet.payload)) == (extensions, payload)


def test_aiortc_reads_what_is_written() -> None:
    reference = ReferencePacket.parse(written({1: b"ab"}, b"payload"))
    assert (reference.payload_type, reference.sequence_number, reference.ssrc) == (101, 65535, 0xDEADBEEF)
    assert reference.payload == b"payload"


@given(st.binary(max_size=120))
def test_arbitrary_bytes_are_a_packet_or_malformed(data: bytes) -> None:
    with contextlib.suppress(MalformedRtp):
        parse_rtp(data)


@given(st.binary(max_size=120), st.sampled_from([b"\x90\x60", b"\xb0\x60", b"\xa0\x60", b"\x9f\x60"]))
def test_mangled_packets_are_a_packet_or_malformed(data: bytes, head: bytes) -> None:
    with contextlib.suppress(MalformedRtp):
        parse_rtp(head + data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x80" + bytes(10),  # shorter than the header
        b"\x00" + bytes(20),  # version 0
        b"\x90" + bytes(13),  # extension header cut off
        b"\x90" + bytes(11) + b"\xbe\xde\x00\x05" + bytes(4),  # extension cut off
        b"\xa0" + bytes(11) + b"\x05",  # more padding than packet
        b"\xa0" + bytes(11) + b"\x00",  # padding of length zero
        b"\x8f" + bytes(20),  # contributing sources cut off
        b"\xa0" + bytes(10) + b"\x01",  # the padding flag without any padding
        b"\x90" + bytes(11) + b"\xbe\xde\x00\x01" + b"\x13\x00\x00\x00",  # one-byte element cut off
        b"\x90" + bytes(11) + b"\x10\x00\x00\x01" + b"\x01\x09\x00\x00",  # two-byte element cut off
        b"\x90" + bytes(11) + b"\x10\x00\x00\x01" + b"\x00\x00\x00\x01",  # two-byte element without length
    ],
)
def test_broken_packets_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedRtp):
        parse_rtp(data)


def test_padding_is_cut_from_the_payload() -> None:
    packet = parse_rtp(b"\xa0" + bytes(11) + b"abc" + b"\0\0\x03")
    assert bytes(packet.payload) == b"abc"


def test_one_byte_padding_is_skipped_and_id_15_ends_the_block() -> None:
    assert parse_extensions(ONE_BYTE_PROFILE, b"\x00\x10a\xf0\x20b") == {1: b"a"}


def test_id_0_with_a_length_ends_the_block_too() -> None:
    assert parse_extensions(ONE_BYTE_PROFILE, b"\x10a\x01bc\x20b") == {1: b"a"}


def test_two_byte_elements_may_be_empty_and_padded() -> None:
    assert parse_extensions(TWO_BYTE_PROFILE | 3, b"\x00\x05\x00\x06\x02ab") == {5: b"", 6: b"ab"}


def test_unknown_profiles_have_no_elements() -> None:
    assert parse_extensions(0x1234, b"whatever") == {}


@pytest.mark.parametrize(("element_id", "value"), [(0, b"a"), (15, b"a"), (1, b""), (1, bytes(17))])
def test_elements_that_do_not_fit_one_byte_are_refused(element_id: int, value: bytes) -> None:
    with pytest.raises(ValueError, match="one-byte"):
        one_byte_element(element_id, value)


def test_abs_send_time_counts_64_seconds_in_24_bits() -> None:
    assert abs_send_time(1.0) == (1 << 18).to_bytes(3, "big")
    assert abs_send_time(65.0) == abs_send_time(1.0)


@given(st.integers(0, 0xFFFF), st.integers(-0x8000, 0x7FFF))
def test_sequence_distance_goes_round_the_circle(start: int, step: int) -> None:
    assert sequence_distance((start + step) & 0xFFFF, start) == step


@given(st.integers(0, 0xFFFFFFFF), st.integers(-0x80000000, 0x7FFFFFFF))
def test_timestamp_distance_goes_round_the_circle(start: int, step: int) -> None:
    assert timestamp_distance((start + step) & 0xFFFFFFFF, start) == step
