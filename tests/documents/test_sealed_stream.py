"""Files that are sealed while they are written."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.model import Label
from documents.errors import SealBroken
from documents.sealed_stream import RECORD_BYTES, SealedReader, SealedWriter, StreamContext

KEY = bytes(range(32))
CONTEXT = StreamContext("r1", 1, Label.INTERNAL, "k1")


def written(path: Path, *, close: bool = True) -> bytes:
    """A file like a recording: a beginning that is written over at the end."""
    body = b"head????" + bytes(range(256)) * 700
    writer = SealedWriter(path.open("wb"), KEY, CONTEXT)
    writer.write(body[:100_000])
    writer.flush()
    writer.write(body[100_000:])
    if close:
        writer.seek(4)
        writer.write(b"done")
        writer.seek(0, io.SEEK_END)
        writer.write(b"tail")
        writer.close()
        writer.close()
        return body.replace(b"????", b"done", 1) + b"tail"
    writer.flush()
    writer._file.close()
    return body


def test_what_was_written_comes_back_whole_and_in_any_range(tmp_path: Path) -> None:
    path = tmp_path / "f"
    plain = written(path)
    reader = SealedReader(path, KEY, CONTEXT)
    assert (reader.size, reader.complete) == (len(plain), True)
    assert b"".join(reader.pieces()) == plain
    for start, stop in ((0, 1), (3, 9), (65_530, 65_550), (99_990, 140_000), (len(plain) - 1, len(plain) + 9), (5, 5)):
        assert b"".join(reader.pieces(start, stop)) == plain[start:stop]
    assert b"done" not in path.read_bytes()


def test_after_a_kill_everything_up_to_the_last_flush_is_there(tmp_path: Path) -> None:
    path = tmp_path / "f"
    plain = written(path, close=False)
    whole = path.read_bytes()
    reader = SealedReader(path, KEY, CONTEXT)
    assert not reader.complete
    assert b"".join(reader.pieces()) == plain
    path.write_bytes(whole[:-10])
    torn = SealedReader(path, KEY, CONTEXT)
    assert not torn.complete
    assert plain.startswith(b"".join(torn.pieces()))
    assert torn.size > len(plain) - RECORD_BYTES


def test_holes_are_refused(tmp_path: Path) -> None:
    writer = SealedWriter((tmp_path / "f").open("wb"), KEY, CONTEXT)
    writer.seek(1)
    with pytest.raises(ValueError, match="holes"):
        writer.write(b"x")
    writer.close()


def test_nothing_opens_under_another_key_or_context(tmp_path: Path) -> None:
    path = tmp_path / "f"
    written(path)
    others = [
        (bytes(32), CONTEXT),
        (KEY, StreamContext("r2", 1, Label.INTERNAL, "k1")),
        (KEY, StreamContext("r1", 2, Label.INTERNAL, "k1")),
        (KEY, StreamContext("r1", 1, Label.PUBLIC, "k1")),
    ]
    for key, context in others:
        with pytest.raises(SealBroken):
            SealedReader(path, key, context)


def test_records_that_are_altered_moved_or_repeated_do_not_open(tmp_path: Path) -> None:
    path = tmp_path / "f"
    written(path, close=False)
    whole = path.read_bytes()
    first = len(b"PLENUMS\n") + 7
    size = 12 + RECORD_BYTES + 16
    one, other = whole[first : first + size], whole[first + size : first + 2 * size]
    altered = [
        whole[:-1] + bytes((whole[-1] ^ 1,)),
        whole[:first] + one + one + whole[first + 2 * size :],
        whole[:first] + other + one + whole[first + 2 * size :],
        b"PLENUM1\n" + whole[8:],
        b"",
    ]
    for content in altered:
        path.write_bytes(content)
        with pytest.raises(SealBroken):
            b"".join(SealedReader(path, KEY, CONTEXT).pieces())


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 3000), bit=st.integers(0, 7))
def test_no_bit_can_be_turned_unseen(tmp_path_factory: pytest.TempPathFactory, position: int, bit: int) -> None:
    path = tmp_path_factory.mktemp("s") / "f"
    writer = SealedWriter(path.open("wb"), KEY, CONTEXT)
    plain = bytes(range(200)) * 14
    writer.write(plain)
    writer.close()
    content = bytearray(path.read_bytes())
    content[position % len(content)] ^= 1 << bit
    path.write_bytes(content)
    try:
        reader = SealedReader(path, KEY, CONTEXT)
        found = b"".join(reader.pieces())
    except SealBroken:
        return
    assert not reader.complete, "a length was turned, and the file looks cut off"
    assert plain.startswith(found)
