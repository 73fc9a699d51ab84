"""Where an H.264 decoder can begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.h264 import starts_keyframe
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


@given(st.binary(max_size=40))
def test_nothing_that_is_sent_does_harm(payload: bytes) -> None:
    starts_keyframe(payload)


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
