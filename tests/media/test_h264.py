"""Where an H.264 decoder can begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.h264 import MAX_SIDE, picture_size, starts_keyframe
from tests.media.link import link_with, video

SPS, PPS, IDR, SLICE = b"\x67\x42\xe0\x1f", b"\x68\xce", b"\x65\x88", b"\x41\x9a"


def aggregate(*units: bytes) -> bytes:
    return b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


@pytest.mark.parametrize(
    ("payload", "starts"),
    [
        (SPS, True),
        (aggregate(SPS, PPS), True),
        (aggregate(PPS, SPS), True),
        (b"\x7c\x87rest", True),
        (b"", False),
        (PPS, False),
        (IDR, False),
        (SLICE, False),
        (aggregate(PPS), False),
        (aggregate(PPS)[:-1], False),
        (b"\x78", False),
        (b"\x7c\x07rest", False),
        (b"\x7c\x85rest", False),
        (b"\x7c", False),
    ],
)
def test_a_keyframe_begins_with_its_parameter_sets(payload: bytes, starts: bool) -> None:
    assert starts_keyframe(payload) is starts


@given(st.binary(max_size=90), st.sampled_from([b"", b"\x67\x42\xe0\x1f", b"\x78\x00\x20\x67\x42\xe0\x1f"]))
def test_nothing_that_is_sent_does_harm(payload: bytes, before: bytes) -> None:
    starts_keyframe(before + payload)
    size = picture_size(before + payload)
    assert size is None or all(0 < side <= MAX_SIDE for side in size)


#: As encoders write them: of 1280 x 720, 640 x 360 and 320 x 180 lines.
ENCODED = [
    ("6742c01fda014016e840000003004000000783c60ca8", (1280, 720)),
    ("6742c016da0280bfe584000003000400000300783c58ba80", (640, 360)),
    ("6742c00cda05067e7840000003004000000783c50aa8", (320, 180)),
]


@pytest.mark.parametrize(("parameters", "size"), ENCODED)
def test_the_size_is_read_in_each_packetization(parameters: str, size: tuple[int, int]) -> None:
    unit = bytes.fromhex(parameters)
    assert picture_size(unit) == size
    assert picture_size(aggregate(PPS, unit, IDR)) == size
    assert picture_size(b"\x7c\x87" + unit[1:]) == size
    assert picture_size(unit[:8]) is None
    assert picture_size(b"\x67\x64" + unit[2:]) is None
    assert picture_size(aggregate(PPS)) is None


def parameter_set(*fields: int) -> bytes:
    """Fields of §7.3.2.1.1 after the level; −1 and −2 are flags, 0 and 1 of one bit."""
    bits = ""
    for field in fields:
        number = bin(field + 1)[2:]
        bits += str(-1 - field) if field < 0 else "0" * (len(number) - 1) + number
    data = int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8))
    escaped = bytearray()
    for byte in data:
        if escaped[-2:] == b"\0\0" and byte <= 3:
            escaped.append(3)
        escaped.append(byte)
    return b"\x67\x42\xe0\x1f" + bytes(escaped)


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ((0, 0, 0, 4, 1, -1, 79, 44, -2, -1, -1), (1280, 720)),
        ((0, 0, 1, -1, 9, 9, 2, 5, 6, 1, -1, 39, 22, -2, -1, -2, 0, 0, 0, 4), (640, 360)),
        ((0, 0, 2, 1, -1, 119, 33, -1, -1, -1, -2, 0, 0, 0, 2), (1920, 1080)),
        ((0, 0, 2, 1, -1, 2000, 33, -2, -1, -1), None),
        ((0, 0, 2, 1, -1, 0, 0, -2, -1, -2, 4, 4, 0, 0), None),
        ((0, 0, 2, 1, -1, 1 << 17, 33, -2, -1, -1), None),
    ],
)
def test_the_size_is_read_past_every_form_of_what_stands_before_it(
    fields: tuple[int, ...], size: tuple[int, int] | None
) -> None:
    assert picture_size(parameter_set(*fields)) == size


@pytest.mark.usefixtures("plane")
def test_a_receiver_starts_at_the_parameter_sets_and_goes_on() -> None:
    link = link_with(video(mime="video/h264"))
    for sequence, payload in enumerate((IDR, aggregate(SPS, PPS), IDR, SLICE)):
        link.send("alice", sequence, payload, timestamp=0)
    link.plane.aim("video-bob", 0, 0, link.now)
    link.send("alice", 4, SLICE, timestamp=3000)
    got = link.peers["bob"].got
    assert [bytes(packet.payload) for packet in got] == [aggregate(SPS, PPS), IDR, SLICE, SLICE]
    [source] = link.plane.sources()
    assert (source.width, source.octets_by_temporal[1:]) == (0, (0, 0, 0))


@pytest.mark.usefixtures("plane")
def test_a_source_tells_the_size_of_its_last_keyframe() -> None:
    link = link_with(video(mime="video/h264"))
    for sequence, (parameters, size) in enumerate(ENCODED):
        link.send("alice", 2 * sequence, aggregate(bytes.fromhex(parameters), PPS))
        link.send("alice", 2 * sequence + 1, SPS)
        [source] = link.plane.sources()
        assert (source.width, source.height) == size
