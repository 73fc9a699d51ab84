"""The sealed format: what was sealed comes out, and nothing else ever does."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from auth.model import Label
from documents import sealed
from documents.errors import SealBroken
from documents.sealed import (
    CHUNK_BYTES,
    HEADER_BYTES,
    SEALED_CHUNK_BYTES,
    Context,
    plain_size,
    seal,
    sealed_size,
    unseal,
)

KEY = bytes(range(32))
CONTEXT = Context("paper1", 1, Label.INTERNAL, "key1")
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
THREE_CHUNKS = seal(KEY, CONTEXT, bytes(2 * CHUNK_BYTES + 100))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_out(size: int) -> None:
    data = bytes(index % 251 for index in range(size))
    content = seal(KEY, CONTEXT, data)
    assert unseal(KEY, CONTEXT, content) == data
    assert len(content) == sealed_size(size)
    assert plain_size(len(content)) == size


@given(st.binary(max_size=500))
def test_small_documents_come_out_and_differ_each_time(data: bytes) -> None:
    first, second = seal(KEY, CONTEXT, data), seal(KEY, CONTEXT, data)
    assert unseal(KEY, CONTEXT, first) == unseal(KEY, CONTEXT, second) == data
    assert first != second


@given(st.integers(min_value=0, max_value=len(THREE_CHUNKS) - 1), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_found(position: int, flip: int) -> None:
    touched = bytearray(THREE_CHUNKS)
    touched[position] ^= flip
    with pytest.raises(SealBroken):
        unseal(KEY, CONTEXT, bytes(touched))


@given(st.integers(min_value=0, max_value=len(THREE_CHUNKS) - 1))
def test_a_cut_off_end_is_found(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, CONTEXT, THREE_CHUNKS[:length])


@given(st.binary(min_size=1, max_size=100))
def test_an_added_end_is_found(more: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, CONTEXT, THREE_CHUNKS + more)


def chunk(index: int) -> bytes:
    start = HEADER_BYTES + index * SEALED_CHUNK_BYTES
    return THREE_CHUNKS[start : start + SEALED_CHUNK_BYTES]


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 0, 2), (0, 2), (0, 1), (1, 2), (2,), (0, 1, 1, 2)])
def test_swapped_repeated_and_dropped_chunks_are_found(order: tuple[int, ...]) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, CONTEXT, THREE_CHUNKS[:HEADER_BYTES] + b"".join(chunk(index) for index in order))


def test_chunks_of_another_blob_under_the_same_key_are_found() -> None:
    other = seal(KEY, CONTEXT, bytes(2 * CHUNK_BYTES + 100))
    mixed = THREE_CHUNKS[: HEADER_BYTES + SEALED_CHUNK_BYTES] + other[HEADER_BYTES + SEALED_CHUNK_BYTES :]
    with pytest.raises(SealBroken):
        unseal(KEY, CONTEXT, mixed)


@pytest.mark.parametrize(
    "context",
    [
        Context("paper2", 1, Label.INTERNAL, "key1"),
        Context("paper1", 2, Label.INTERNAL, "key1"),
        Context("paper1", 1, Label.PUBLIC, "key1"),
        Context("paper1", 1, Label.INTERNAL, "key2"),
    ],
)
def test_another_document_version_label_or_key_id_does_not_open_it(context: Context) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, context, THREE_CHUNKS)


def test_an_id_cannot_imitate_the_separator() -> None:
    with pytest.raises(ValueError, match="cannot contain"):
        Context("paper|1", 1, Label.PUBLIC, "key")


@given(st.binary(max_size=200))
def test_any_other_file_is_not_a_sealed_blob(data: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, CONTEXT, data)


@given(st.integers(min_value=0, max_value=2), st.integers(min_value=1, max_value=3))
def test_ranges_of_chunks_open_by_themselves(first: int, count: int) -> None:
    prefix = sealed.read_header(THREE_CHUNKS[:HEADER_BYTES])
    start = HEADER_BYTES + first * SEALED_CHUNK_BYTES
    chunks = THREE_CHUNKS[start : start + count * SEALED_CHUNK_BYTES]
    opened = sealed.unseal_range(KEY, CONTEXT, prefix, chunks, first=first, total=3)
    assert opened == bytes(2 * CHUNK_BYTES + 100)[first * CHUNK_BYTES : (first + count) * CHUNK_BYTES]


def test_the_format_is_the_one_that_is_written_down() -> None:
    content = seal(KEY, CONTEXT, b"hello")
    prefix = content[8:15]
    opened = AESGCM(KEY).decrypt(prefix + bytes(4) + b"\x01", content[15:], b"plenum-sealed-1|paper1|1|INTERNAL|key1")
    assert content[:8] == b"PLENUM1\n"
    assert opened == b"hello"
