"""Datagrams on a stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedFrame
from media.framing import MAX_FRAME, FrameReader, frame


@given(st.lists(st.binary(min_size=1, max_size=MAX_FRAME), max_size=6), st.data())
def test_frames_survive_any_cutting_of_the_stream(datagrams: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(frame(one) for one in datagrams)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader, found = FrameReader(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += reader.feed(stream[start:end])
    assert found == datagrams


def test_a_frame_that_comes_byte_by_byte_is_found_once() -> None:
    reader = FrameReader()
    found = [one for byte in frame(b"hello") for one in reader.feed(bytes((byte,)))]
    assert found == [b"hello"]


@pytest.mark.parametrize("head", [b"\x00\x00", (MAX_FRAME + 1).to_bytes(2, "big"), b"GET / HTTP/1.1\r\n"])
def test_what_is_no_frame_is_refused_at_its_head(head: bytes) -> None:
    with pytest.raises(MalformedFrame):
        FrameReader().feed(frame(b"good") + head)


def test_a_view_is_copied() -> None:
    buffer = bytearray(frame(b"one"))
    [datagram] = FrameReader().feed(memoryview(buffer))
    buffer[:] = bytes(len(buffer))
    assert datagram == b"one"
