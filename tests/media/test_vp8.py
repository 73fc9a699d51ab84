"""The VP8 payload descriptor."""

import contextlib

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedRtp
from media.vp8 import keyframe_size, parse_vp8, shift_vp8


@given(st.binary(max_size=20))
def test_arbitrary_bytes_are_a_descriptor_or_malformed(payload: bytes) -> None:
    with contextlib.suppress(MalformedRtp):
        parse_vp8(payload)


@pytest.mark.parametrize(
    ("payload", "starts", "keyframe"),
    [
        (b"\x10\x00", True, True),
        (b"\x10\x01", True, False),
        (b"\x00\x00", False, False),
        (b"\x11\x00", False, False),  # second partition
        (b"\x90\x80\x05\x00", True, True),
        (b"\x90\xf0\x85\x06\x07\x40\x00", True, True),
        (b"\x90\x20\x00\x01", True, False),
    ],
)
def test_keyframes_are_found_behind_every_form_of_descriptor(payload: bytes, starts: bool, keyframe: bool) -> None:
    descriptor = parse_vp8(payload)
    assert (descriptor.starts_frame, descriptor.keyframe) == (starts, keyframe)


@pytest.mark.parametrize("payload", [b"", b"\x10", b"\x90", b"\x90\x80", b"\x90\x80\x85", b"\x90\x40"])
def test_cut_off_descriptors_are_refused(payload: bytes) -> None:
    with pytest.raises(MalformedRtp):
        parse_vp8(payload)


@given(st.one_of(st.none(), st.integers(0, 0x7FFF)), st.one_of(st.none(), st.integers(0, 255)), st.integers(0, 40000))
def test_shifting_moves_the_ids_and_nothing_else(picture: int | None, tl0: int | None, step: int) -> None:
    temporal = None if tl0 is None else (1, 0)
    before = VpxPayloadDescriptor(
        partition_start=1, partition_id=0, picture_id=picture, tl0picidx=tl0, tid=temporal, keyidx=None
    )
    payload = bytes(before) + b"\x01rest"
    shifted = shift_vp8(payload, parse_vp8(payload), step, step)
    after, rest = VpxPayloadDescriptor.parse(shifted)
    assert rest == b"\x01rest"
    wide = (1 << parse_vp8(payload).picture_id_bits) - 1
    assert after.picture_id == (None if picture is None else (picture + step) & wide)
    assert after.tl0picidx == (None if tl0 is None else (tl0 + step) & 0xFF)


def test_seven_bit_picture_ids_go_round_their_own_circle() -> None:
    payload = b"\x90\x80\x7f\x01rest"
    assert shift_vp8(payload, parse_vp8(payload), 2, 2) == b"\x90\x80\x01\x01rest"


@pytest.mark.parametrize(
    ("payload", "tid", "sync"),
    [
        (b"\x10\x00", 0, False),
        (b"\x90\x20\x40\x00", 1, False),
        (b"\x90\x20\xa0\x00", 2, True),
        (b"\x90\x30\xff\x00", 3, True),
        (b"\x90\x10\xff\x00", 0, False),  # a key index alone
        (b"\x90\xe0\x85\x06\x07\x60\x01", 1, True),
    ],
)
def test_temporal_layers_are_told_where_there_are_some(payload: bytes, tid: int, sync: bool) -> None:
    descriptor = parse_vp8(payload)
    assert (descriptor.tid, descriptor.sync) == (tid, sync)


def test_a_keyframe_tells_its_size() -> None:
    frame = b"\x10\x00\x00\x00\x9d\x01\x2a\x00\x45\xd0\x02"
    assert keyframe_size(frame, parse_vp8(frame)) == (1280, 720)
    assert keyframe_size(memoryview(frame), parse_vp8(frame)) == (1280, 720)
    assert keyframe_size(frame[:-1], parse_vp8(frame)) is None
    assert keyframe_size(frame.replace(b"\x9d", b"\x9e"), parse_vp8(frame)) is None
