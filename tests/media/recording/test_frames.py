"""Whole frames out of packets, and nothing that refers to a picture which is missing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.recording.frames import Frame, OpusFrames, Vp8Frames, descriptor_length, opus_milliseconds, picture_size
from media.recording.ordering import Piece

KEY = b"\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00" + b"k" * 20  # 320 by 240
DELTA = b"\x11\x00\x00" + b"d" * 20


def packets(frame: bytes, timestamp: int, size: int = 12) -> list[Piece]:
    parts = [frame[start : start + size] for start in range(0, len(frame), size)]
    heads = [b"\x90\x80\x05", *[b"\x80\x80\x05"] * (len(parts) - 1)]
    return [
        Piece(timestamp, index == len(parts) - 1, head + part, 0.0)
        for index, (head, part) in enumerate(zip(heads, parts, strict=True))
    ]


def frames(depacketiser: Vp8Frames, pieces: list[Piece]) -> list[Frame]:
    return [frame for one in pieces if (frame := depacketiser.push(one)) is not None]


def test_a_file_begins_with_a_keyframe_and_knows_its_size() -> None:
    vp8 = Vp8Frames()
    assert vp8.keyframe_wanted
    assert frames(vp8, packets(DELTA, 1)) == []
    (key, delta) = frames(vp8, packets(KEY, 2) + packets(DELTA, 3))
    assert (key.data, key.keyframe, key.size, key.timestamp) == (KEY, True, (320, 240), 2)
    assert (delta.data, delta.keyframe) == (DELTA, False)
    assert not vp8.keyframe_wanted


@pytest.mark.parametrize("missing", [0, 1])
def test_after_a_loss_nothing_is_given_until_the_next_keyframe(missing: int) -> None:
    vp8 = Vp8Frames()
    assert len(frames(vp8, packets(KEY, 1))) == 1
    torn = packets(DELTA, 2)
    assert frames(vp8, torn[:missing]) == []
    vp8.lose()
    assert vp8.keyframe_wanted
    assert frames(vp8, torn[missing + 1 :] + packets(DELTA, 3)) == []
    assert [one.timestamp for one in frames(vp8, packets(KEY, 4) + packets(DELTA, 5))] == [4, 5]


def test_a_frame_without_its_end_is_given_up() -> None:
    vp8 = Vp8Frames()
    assert frames(vp8, packets(KEY, 1)[:-1] + packets(DELTA, 2)) == []
    assert vp8.keyframe_wanted


def test_padding_is_passed_over() -> None:
    vp8, opus = Vp8Frames(), OpusFrames()
    assert vp8.push(Piece(1, False, b"", 0.0)) is None
    assert opus.push(Piece(1, False, b"", 0.0)) is None
    assert len(frames(vp8, packets(KEY, 1))) == 1


@pytest.mark.parametrize(
    ("payload", "length"),
    [
        (b"\x10x", 1),
        (b"\x90\x80\x05x", 3),
        (b"\x90\x80\x85\x01x", 4),
        (b"\x90\xe0\x85\x01\x02\x03x", 6),
        (b"\x90\x20\x03x", 3),
        (b"\x90", None),
        (b"\x90\x80", None),
        (b"\x90\x80\x85\x01", None),
    ],
)
def test_the_descriptor_is_measured(payload: bytes, length: int | None) -> None:
    assert descriptor_length(payload) == length


@pytest.mark.parametrize(
    ("toc", "milliseconds"),
    [(b"\x00", 10), (b"\x18", 60), (b"\x78", 20), (b"\x79", 40), (b"\x7b\x03", 60), (b"\xe0", 2)],
)
def test_opus_packets_know_how_long_they_sound(toc: bytes, milliseconds: int) -> None:
    assert opus_milliseconds(toc) == milliseconds


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=40), st.booleans(), st.integers(0, 3)), max_size=30))
def test_whatever_comes_only_what_follows_a_keyframe_is_given(sent: list[tuple[bytes, bool, int]]) -> None:
    vp8, seen_key = Vp8Frames(), False
    for payload, marker, timestamp in sent:
        frame = vp8.push(Piece(timestamp, marker, payload, 0.0))
        opus_milliseconds(payload)
        if frame is not None:
            seen_key |= frame.keyframe
            assert seen_key
            assert (picture_size(frame.data) is not None) == frame.keyframe
