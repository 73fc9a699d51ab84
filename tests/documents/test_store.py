"""The blob store on disk."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.model import Label
from documents.errors import BlobMissing, KeyDestroyed, SealBroken
from documents.keys import KeyStore
from documents.model import BlobId, BlobRef
from documents.sealed import CHUNK_BYTES
from documents.store import PIECE_BYTES, BlobStore

DATA = bytes(index % 253 for index in range(2 * CHUNK_BYTES + 500))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def store(folder: Path) -> BlobStore:
    return BlobStore(folder / "blobs", KeyStore.open_or_create(folder / "keys"))


@pytest.fixture(scope="module")
def ref(store: BlobStore) -> BlobRef:
    return store.put("paper1", 1, Label.SECRET, DATA)


def blob_file(folder: Path, ref: BlobRef) -> Path:
    return folder / "blobs" / ref.blob_id[:2] / ref.blob_id


def test_a_blob_survives_a_restart(folder: Path, ref: BlobRef) -> None:
    again = BlobStore(folder / "blobs", KeyStore.open_or_create(folder / "keys"))
    assert again.get(ref, "paper1", 1, Label.SECRET) == DATA
    assert ref.size == len(DATA)
    assert ref.sha256 == hashlib.sha256(DATA).hexdigest()


def test_the_file_shows_nothing(folder: Path, ref: BlobRef) -> None:
    assert DATA[:32] not in blob_file(folder, ref).read_bytes()
    assert blob_file(folder, ref).stat().st_mode & 0o777 == 0o600


@settings(max_examples=60)
@given(start=st.integers(0, len(DATA) + 10), length=st.integers(0, len(DATA) + 10))
def test_every_range_is_the_slice(store: BlobStore, ref: BlobRef, start: int, length: int) -> None:
    opened = store.read_range(ref, "paper1", 1, Label.SECRET, start=start, length=length)
    assert opened == DATA[start : start + length]


def test_a_negative_range_is_an_error_of_the_caller(store: BlobStore, ref: BlobRef) -> None:
    with pytest.raises(ValueError, match="range"):
        store.read_range(ref, "paper1", 1, Label.SECRET, start=-1, length=1)


def test_a_range_of_a_truncated_file_is_refused_though_its_chunk_is_whole(folder: Path, store: BlobStore) -> None:
    ref = store.put("paper1", 1, Label.SECRET, DATA)
    path = blob_file(folder, ref)
    path.write_bytes(path.read_bytes()[: -500 - 16])
    with pytest.raises(SealBroken):
        store.read_range(ref, "paper1", 1, Label.SECRET, start=0, length=10)


def test_a_blob_under_a_lower_label_or_another_document_does_not_open(store: BlobStore, ref: BlobRef) -> None:
    for document, version, label in (
        ("paper1", 1, Label.PUBLIC),
        ("paper2", 1, Label.SECRET),
        ("paper1", 2, Label.SECRET),
    ):
        with pytest.raises(SealBroken):
            store.get(ref, document, version, label)
        with pytest.raises(SealBroken):
            store.read_range(ref, document, version, label, start=0, length=1)


def test_two_blobs_that_changed_places_do_not_open(folder: Path, store: BlobStore) -> None:
    first, second = (store.put("paper1", 1, Label.SECRET, DATA) for _ in range(2))
    contents = [blob_file(folder, each).read_bytes() for each in (first, second)]
    blob_file(folder, first).write_bytes(contents[1])
    with pytest.raises(SealBroken):
        store.get(first, "paper1", 1, Label.SECRET)


def test_another_digest_than_the_logged_one_is_refused(store: BlobStore, ref: BlobRef) -> None:
    with pytest.raises(SealBroken):
        store.get(replace(ref, sha256="0" * 64), "paper1", 1, Label.SECRET)


def test_pieces_are_the_whole_or_a_part_and_none_is_large(store: BlobStore) -> None:
    data = bytes(index % 251 for index in range(2 * PIECE_BYTES + 7))
    ref = store.put("paper2", 1, Label.INTERNAL, data)
    pieces = list(store.pieces(ref, "paper2", 1, Label.INTERNAL))
    assert b"".join(pieces) == data
    assert [len(piece) for piece in pieces] == [PIECE_BYTES, PIECE_BYTES, 7]
    assert (
        b"".join(store.pieces(ref, "paper2", 1, Label.INTERNAL, start=5, stop=PIECE_BYTES + 9))
        == (data[5 : PIECE_BYTES + 9])
    )
    empty = store.put("paper3", 1, Label.INTERNAL, b"")
    assert list(store.pieces(empty, "paper3", 1, Label.INTERNAL)) == []


def test_the_last_piece_of_another_file_than_the_logged_one_is_kept_back(store: BlobStore) -> None:
    ref = replace(store.put("paper2", 1, Label.INTERNAL, bytes(PIECE_BYTES + 1)), sha256="0" * 64)
    pieces = store.pieces(ref, "paper2", 1, Label.INTERNAL)
    assert len(next(pieces)) == PIECE_BYTES
    with pytest.raises(SealBroken):
        next(pieces)


def test_resealing_changes_label_and_key(store: BlobStore, ref: BlobRef) -> None:
    lowered = store.reseal(ref, "paper1", 1, Label.SECRET, Label.INTERNAL)
    assert store.get(lowered, "paper1", 1, Label.INTERNAL) == DATA
    assert lowered.key_id != ref.key_id


def test_a_deleted_blob_is_shredded(folder: Path, store: BlobStore) -> None:
    ref = store.put("paper9", 1, Label.SECRET, b"content")
    copy = blob_file(folder, ref).read_bytes()
    store.delete(ref)
    store.delete(ref)
    blob_file(folder, ref).write_bytes(copy)
    with pytest.raises(KeyDestroyed):
        store.get(ref, "paper9", 1, Label.SECRET)


@pytest.mark.parametrize("blob_id", ["absent", "../../etc/passwd", ""])
def test_a_missing_blob_is_missing(store: BlobStore, ref: BlobRef, blob_id: str) -> None:
    gone = replace(ref, blob_id=BlobId(blob_id))
    with pytest.raises(BlobMissing):
        store.get(gone, "paper1", 1, Label.SECRET)
    with pytest.raises(BlobMissing):
        store.read_range(gone, "paper1", 1, Label.SECRET, start=0, length=1)
