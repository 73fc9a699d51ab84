"""Keys at rest: wrapped, destroyed for good, rewrapped without touching data."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from documents.errors import KeyDestroyed, KeyMissing, SealBroken
from documents.keys import KeyStore
from documents.model import KeyId


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore.open_or_create(tmp_path / "keys")


def wrapped_file(tmp_path: Path, key_id: KeyId) -> Path:
    return tmp_path / "keys" / "wrapped" / key_id[:2] / key_id


def test_a_key_survives_a_restart_and_never_lies_bare(tmp_path: Path, keys: KeyStore) -> None:
    key_id, key = keys.create()
    assert KeyStore.open_or_create(tmp_path / "keys").get(key_id) == key
    content = wrapped_file(tmp_path, key_id).read_bytes()
    assert key not in content
    assert key.hex().encode() not in content


def test_all_files_are_their_owners_only(tmp_path: Path, keys: KeyStore) -> None:
    keys.create()
    paths = list((tmp_path / "keys").rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}


def test_a_destroyed_key_is_gone_and_known_as_destroyed(tmp_path: Path, keys: KeyStore) -> None:
    key_id, _ = keys.create()
    keys.destroy(key_id)
    keys.destroy(key_id)
    assert not wrapped_file(tmp_path, key_id).exists()
    assert not keys.exists(key_id)
    with pytest.raises(KeyDestroyed):
        keys.get(key_id)


def test_a_destroyed_key_does_not_come_back_with_a_backup(tmp_path: Path, keys: KeyStore) -> None:
    key_id, _ = keys.create()
    kept, key = keys.create()
    shutil.copytree(tmp_path / "keys" / "wrapped", tmp_path / "backup")
    keys.destroy(key_id)
    shutil.copytree(tmp_path / "backup", tmp_path / "keys" / "wrapped", dirs_exist_ok=True)
    with pytest.raises(KeyDestroyed):
        keys.get(key_id)
    assert keys.rotate() == 1
    assert not wrapped_file(tmp_path, key_id).exists()
    assert keys.get(kept) == key
    stolen = KeyStore(tmp_path / "keys")
    shutil.copytree(tmp_path / "backup", tmp_path / "keys" / "wrapped", dirs_exist_ok=True)
    (tmp_path / "keys" / "destroyed" / key_id).unlink()
    with pytest.raises(KeyMissing):
        stolen.get(key_id)  # the backup of wrapped keys is noise without the old key-encryption key


def test_rotation_rewraps_every_key_once(tmp_path: Path, keys: KeyStore) -> None:
    made = dict(keys.create() for _ in range(5))
    assert keys.rotate() == 5
    assert keys.rewrap() == 0
    assert {key_id: keys.get(key_id) for key_id in made} == made
    assert len(list((tmp_path / "keys" / "kek").iterdir())) == 2


def test_a_rotation_that_was_killed_is_finished_by_the_next_rewrapping(keys: KeyStore) -> None:
    key_id, key = keys.create()
    keys._make_kek()  # as far as the killed one came
    assert keys.get(key_id) == key
    assert keys.rewrap() == 1
    assert keys.get(key_id) == key


def test_keys_made_during_rotations_are_never_lost(keys: KeyStore) -> None:
    with ThreadPoolExecutor(4) as threads:
        jobs = [threads.submit(keys.create) for _ in range(40)]
        for _ in range(3):
            keys.rotate()
        made = dict(job.result() for job in jobs)
    keys.rotate()
    assert {key_id: keys.get(key_id) for key_id in made} == made


def test_swapped_files_are_found(tmp_path: Path, keys: KeyStore) -> None:
    first, _ = keys.create()
    second, _ = keys.create()
    wrapped_file(tmp_path, first).write_bytes(wrapped_file(tmp_path, second).read_bytes())
    with pytest.raises(SealBroken):
        keys.get(first)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"kek": 1}', b'{"kek": "a", "nonce": "zz", "key": ""}'])
def test_a_damaged_file_is_found(tmp_path: Path, keys: KeyStore, content: bytes) -> None:
    key_id, _ = keys.create()
    wrapped_file(tmp_path, key_id).write_bytes(content)
    with pytest.raises(SealBroken):
        keys.get(key_id)


def test_a_key_under_an_unknown_kek_is_missing(tmp_path: Path, keys: KeyStore) -> None:
    key_id, _ = keys.create()
    row = json.loads(wrapped_file(tmp_path, key_id).read_bytes())
    wrapped_file(tmp_path, key_id).write_bytes(json.dumps(row | {"kek": "abcd"}).encode())
    with pytest.raises(KeyMissing):
        keys.get(key_id)


@pytest.mark.parametrize("key_id", ["absent", "../kek/current", "", "a/b", "ộ"])
def test_an_id_is_never_a_path(keys: KeyStore, key_id: str) -> None:
    with pytest.raises(KeyMissing):
        keys.get(KeyId(key_id))


def test_a_damaged_kek_is_found(tmp_path: Path, keys: KeyStore) -> None:
    key_id, _ = keys.create()
    for path in (tmp_path / "keys" / "kek").iterdir():
        if path.name != "current":
            path.write_bytes(b"short")
    with pytest.raises(SealBroken):
        keys.get(key_id)


def test_a_key_of_the_deployment_is_made_once(tmp_path: Path) -> None:
    made = KeyStore.open_or_create(tmp_path).get_or_create(KeyId("one-of-them"))
    assert KeyStore.open_or_create(tmp_path).get_or_create(KeyId("one-of-them")) == made


def test_a_destroyed_key_of_the_deployment_is_not_made_again(tmp_path: Path) -> None:
    keys = KeyStore.open_or_create(tmp_path)
    keys.get_or_create(KeyId("one-of-them"))
    keys.destroy(KeyId("one-of-them"))
    with pytest.raises(KeyDestroyed):
        keys.get_or_create(KeyId("one-of-them"))
