"""Whole pictures out of packets of H.264, and nothing that refers to one which is missing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.recording.access_units import H264Frames
from media.recording.frames import MAX_FRAME, Frame
from media.recording.ordering import Piece
from tests.media.recording.film import START_CODE, film, payloads, units

SPS, PPS = bytes.fromhex("6742c00cda05067e7840000003004000000783c50aa8"), b"\x68\xce\x0f"  # 320 by 180
IDR, SLICE, SEI = b"\x65\x88" + b"k" * 8, b"\x41\x9a" + b"d" * 8, b"\x06\x05\x01\x00"
KEY = (SPS, PPS, IDR)


def pieces(*sent: bytes, at: int = 0) -> list[Piece]:
    """The packets of one picture."""
    return [Piece(at, index == len(sent) - 1, payload, 0.0) for index, payload in enumerate(sent)]


def frames(h264: H264Frames, sent: list[Piece]) -> list[Frame]:
    return [frame for one in sent if (frame := h264.push(one)) is not None]


def stream(*of: bytes) -> bytes:
    return b"".join(START_CODE + unit for unit in of)


def begun() -> H264Frames:
    h264 = H264Frames()
    assert len(frames(h264, pieces(*KEY))) == 1
    return h264


@pytest.mark.parametrize("size", [16, 60, 300, 2000])
def test_a_film_comes_out_as_it_was_encoded_however_it_is_packed(size: int) -> None:
    h264 = H264Frames()
    sent = [one for at, frame in enumerate(film()) for one in pieces(*payloads(frame, size), at=at)]
    found = frames(h264, sent)
    assert [units(one.data) for one in found] == [units(frame) for frame in film()]
    assert [one.timestamp for one in found] == list(range(len(film())))
    assert [one.keyframe for one in found] == [True] + [False] * (len(film()) - 1)
    assert [one.size for one in found if one.size] == [(96, 64)]


def test_the_film_is_packed_in_all_three_ways() -> None:
    kinds = {payload[0] & 0x1F for size in (16, 60) for frame in film() for payload in payloads(frame, size)}
    assert {1, 24, 28} <= kinds


def test_a_file_begins_with_a_keyframe_that_brings_its_parameter_sets() -> None:
    h264 = H264Frames()
    for incomplete in ([SLICE], [IDR], [SPS, IDR], [PPS, IDR], [SPS, PPS, SLICE]):
        assert frames(h264, pieces(*incomplete)) == []
        assert h264.keyframe_wanted
    (key, delta) = frames(h264, pieces(SEI, *KEY, at=7) + pieces(SLICE, at=8))
    assert (key.data, key.keyframe, key.size, key.timestamp) == (stream(SEI, *KEY), True, (320, 180), 7)
    assert (delta.data, delta.keyframe, delta.size) == (stream(SLICE), False, None)
    assert not h264.keyframe_wanted


def test_a_sequence_of_an_unknown_profile_begins_nothing() -> None:
    assert frames(H264Frames(), pieces(b"\x67\x64" + SPS[2:], PPS, IDR)) == []


def test_parameter_sets_that_come_by_themselves_belong_to_the_picture_behind_them() -> None:
    h264 = H264Frames()
    (key,) = frames(h264, pieces(SPS, PPS, at=1) + pieces(IDR, at=2))
    assert (key.data, key.timestamp) == (stream(*KEY), 2)


@pytest.mark.parametrize("missing", range(4))
def test_after_a_loss_nothing_is_given_until_the_next_keyframe(missing: int) -> None:
    h264 = begun()
    torn = pieces(*KEY, IDR, at=2)
    assert frames(h264, torn[:missing]) == []
    h264.lose()
    rest = frames(h264, torn[missing + 1 :] + pieces(SLICE, at=3))
    assert rest == []
    assert h264.keyframe_wanted
    assert [one.timestamp for one in frames(h264, pieces(*KEY, at=4) + pieces(SLICE, at=5))] == [4, 5]


def test_a_picture_without_its_end_is_given_up() -> None:
    h264 = begun()
    assert frames(h264, pieces(SLICE, SLICE, at=1)[:1] + pieces(SLICE, at=2)) == []
    assert h264.keyframe_wanted


@pytest.mark.parametrize(
    "payload",
    [
        b"\x40",  # type 0
        b"\x79\x00\x01\x41\x9a",  # STAP-B
        b"\x7d\x85\x00\x01aa",  # FU-B
        b"\x7f\x00",
        b"\xc1\x9a",  # forbidden_zero_bit
        b"\x78\x00",
        b"\x78\x00\x00",
        b"\x78\x00\x09\x41\x9a",
        b"\x78\x00\x02\x78\x00",  # an aggregate in an aggregate
        b"\x7c\x81",
        b"\x7c\x01slice",  # a fragment that never began
        b"\x7c\x81slice",  # one that never ends
    ],
)
def test_what_is_not_of_the_packetization_mode_counts_as_a_loss(payload: bytes) -> None:
    h264 = begun()
    assert frames(h264, pieces(payload, at=1)) == []
    assert h264.keyframe_wanted
    assert len(frames(h264, pieces(*KEY, at=2))) == 1


@pytest.mark.parametrize("between", [SLICE, b"\x7c\x02slice", b"\x7c\x81slice"])
def test_nothing_comes_between_the_pieces_of_a_unit(between: bytes) -> None:
    h264 = begun()
    assert frames(h264, pieces(b"\x7c\x81slice", between, b"\x7c\x41slice", at=1)) == []
    assert h264.keyframe_wanted


def test_padding_is_passed_over() -> None:
    h264 = H264Frames()
    assert len(frames(h264, pieces(SPS, b"", PPS, IDR))) == 1


@pytest.mark.parametrize("endless", [SEI + b"x" * 60_000, b"\x7c\x01" + b"x" * 60_000])
def test_little_is_kept_of_what_never_ends(endless: bytes) -> None:
    h264 = begun()
    h264.push(Piece(1, False, b"\x7c\x81x", 0.0) if endless[0] == 0x7C else Piece(1, False, SLICE, 0.0))
    for _ in range(2 * MAX_FRAME // len(endless)):
        h264.push(Piece(1, False, endless, 0.0))
        assert len(h264._unit.data) <= MAX_FRAME
    assert h264.keyframe_wanted


HEADS = st.sampled_from([b"", b"\x78\x00\x03", b"\x7c\x85", b"\x7c\x45", b"\x7c\x05", b"\x41", SPS, PPS, IDR])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(HEADS, st.binary(max_size=12), st.booleans(), st.integers(0, 3)), max_size=30))
def test_whatever_comes_only_what_follows_a_keyframe_is_given(sent: list[tuple[bytes, bytes, bool, int]]) -> None:
    h264, seen_key = H264Frames(), False
    for head, rest, marker, timestamp in sent:
        frame = h264.push(Piece(timestamp, marker, head + rest, 0.0))
        if frame is not None:
            seen_key |= frame.keyframe
            assert seen_key
            assert (frame.size is not None) == frame.keyframe
            assert frame.data.startswith(START_CODE)
