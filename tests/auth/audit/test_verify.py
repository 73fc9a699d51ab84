"""Whoever has the database file tries; a checkpoint that lies elsewhere finds it. Real files, changed with sqlite3."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from auth.audit import merkle
from auth.audit.checkpoints import split_notes
from auth.audit.entry import Action, AuditEntry, seal
from auth.audit.log import AuditLog
from auth.audit.note import Checkpoint
from auth.audit.query import erase_details
from auth.audit.verify import Verified, current_epoch, verify_log
from auth.errors import DetailAltered, LogAltered, LogForked, LogTruncated, NoteInvalid
from tests.auth.audit.conftest import ORIGIN, START, entry, fill
from tests.auth.conftest import open_database

SIZE = 600

Tamper = Callable[..., None]


@pytest.fixture
def notes(engine: Engine, log: AuditLog, checkpoint_file: Path) -> str:
    """Fill the log in three batches; what is returned was kept elsewhere."""
    for count in (100, 400, 100):
        fill(engine, log, count)
    return checkpoint_file.read_text(encoding="utf-8")


@pytest.fixture
def tamper(engine: Engine, database: Path, notes: str) -> Tamper:
    def changed(statement: str, *values: object) -> None:
        engine.dispose()
        with closing(sqlite3.connect(database, isolation_level=None)) as raw:
            raw.execute(statement, values)

    return changed


@pytest.fixture
def verify(engine: Engine, log: AuditLog, notes: str) -> Callable[[], Verified]:
    def verified() -> Verified:
        with engine.connect() as conn:
            return verify_log(conn, notes, log.verifier)

    return verified


def test_an_honest_log_verifies(verify: Callable[[], Verified], log: AuditLog) -> None:
    verified = verify()
    assert (verified.size, verified.checkpoints, verified.restores, verified.erased) == (SIZE, 4, 0, 0)
    newest = log.newest_checkpoint()
    assert newest is not None and verified.root == newest.root


@pytest.mark.parametrize("index", [0, 255, 256, 599])
def test_a_flipped_byte_is_found_with_its_index(
    tamper: Tamper, verify: Callable[[], Verified], engine: Engine, index: int
) -> None:
    with engine.connect() as conn:
        leaf = bytearray(
            conn.exec_driver_sql("SELECT leaf FROM audit_entry WHERE entry_index = ?", (index,)).scalar_one()
        )
    leaf[20] ^= 1
    tamper("UPDATE audit_entry SET leaf = ? WHERE entry_index = ?", bytes(leaf), index)
    with pytest.raises(LogAltered, match=f"Entry {index} ") as caught:
        verify()
    assert caught.value.index == index


def test_every_byte_of_a_leaf_counts(tamper: Tamper, verify: Callable[[], Verified], engine: Engine) -> None:
    with engine.connect() as conn:
        leaf = conn.exec_driver_sql("SELECT leaf FROM audit_entry WHERE entry_index = 7").scalar_one()
    for at in range(0, len(leaf), 17):
        tamper(
            "UPDATE audit_entry SET leaf = ? WHERE entry_index = 7", leaf[:at] + bytes([leaf[at] ^ 32]) + leaf[at + 1 :]
        )
        with pytest.raises(LogAltered) as caught:
            verify()
        assert caught.value.index == 7


def test_a_changed_entry_with_its_hash_recomputed_is_found(tamper: Tamper, verify: Callable[[], Verified]) -> None:
    _forge(tamper, 200)
    with pytest.raises(LogAltered, match="stored hash") as caught:  # of its tile
        verify()
    assert caught.value.index == 0


def test_a_changed_entry_in_a_tree_that_fits_is_a_fork(tamper: Tamper, verify: Callable[[], Verified]) -> None:
    _forge(tamper, 550)  # no full tile covers it
    with pytest.raises(LogForked) as caught:
        verify()
    assert caught.value.index == 500  # the last checkpoint before it still holds


@pytest.mark.parametrize("keep", [599, 500, 300, 0])
def test_a_cut_tail_is_found(tamper: Tamper, verify: Callable[[], Verified], keep: int) -> None:
    tamper("DELETE FROM audit_detail WHERE entry_index >= ?", keep)
    tamper("DELETE FROM audit_entry WHERE entry_index >= ?", keep)
    tamper("DELETE FROM audit_tree WHERE (node_index + 1) * 256 > ?", keep)
    with pytest.raises(LogTruncated) as caught:
        verify()
    assert (caught.value.index, caught.value.code) == (keep, "log_truncated")


def test_a_missing_entry_is_found(tamper: Tamper, verify: Callable[[], Verified]) -> None:
    tamper("DELETE FROM audit_entry WHERE entry_index = 42")
    with pytest.raises(LogAltered) as caught:
        verify()
    assert caught.value.index == 42


def test_an_older_copy_that_went_on_is_a_fork(
    engine: Engine, log: AuditLog, database: Path, tmp_path: Path, checkpoint_file: Path
) -> None:
    fill(engine, log, 50)
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    fill(engine, log, 10)
    kept = checkpoint_file.read_text(encoding="utf-8")
    # Whoever has the key too puts back the copy, the old checkpoint file, and lets the log grow beyond what was signed.
    twin = open_database(copy)
    shutil.copytree(tmp_path / "keys", tmp_path / "twin-keys")
    forged_file = tmp_path / "twin.txt"
    forged_file.write_text(kept[: kept.index(f"{ORIGIN}\n60\n")], encoding="utf-8")
    other = AuditLog(tmp_path / "twin-keys", forged_file, ORIGIN)
    with twin.begin() as conn:
        other.open(conn)
    fill(twin, other, 30)
    with twin.connect() as conn:
        verify_log(conn, forged_file.read_text(encoding="utf-8"), other.verifier)  # alone it looks whole
        with pytest.raises(LogForked) as caught:
            verify_log(conn, kept, log.verifier)
    assert caught.value.index == 50
    twin.dispose()


def test_changed_details_are_found_and_erased_ones_are_not_an_error(
    engine: Engine, tamper: Tamper, verify: Callable[[], Verified]
) -> None:
    with engine.begin() as conn:
        assert erase_details(conn, entry(10).at) == 10
    assert verify().erased == 10
    tamper("UPDATE audit_detail SET details = replace(details, 'Nguyễn', 'Trần') WHERE entry_index = 99")
    with pytest.raises(DetailAltered) as caught:
        verify()
    assert caught.value.index == 99


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "nobody"), ("action", "system.start"), ("at_ms", 0), ("object_id", None), ("outcome", "denied")],
)
def test_an_entry_hidden_from_the_search_is_found(
    tamper: Tamper, verify: Callable[[], Verified], column: str, value: object
) -> None:
    tamper(f"UPDATE audit_entry SET {column} = ? WHERE entry_index = 5", value)
    with pytest.raises(LogAltered) as caught:
        verify()
    assert caught.value.index == 5


def test_an_unreadable_leaf_is_found(tamper: Tamper, verify: Callable[[], Verified]) -> None:
    leaf = b"not json"
    tamper("UPDATE audit_entry SET leaf = ?, leaf_hash = ? WHERE entry_index = 5", leaf, merkle.leaf_hash(leaf))
    with pytest.raises(LogAltered) as caught:
        verify()
    assert caught.value.index == 5


def test_a_lost_tile_is_found(tamper: Tamper, verify: Callable[[], Verified]) -> None:
    tamper("DELETE FROM audit_tree WHERE node_index = 1")
    with pytest.raises(LogAltered) as caught:
        verify()
    assert caught.value.index == 256


def test_one_checkpoint_on_paper_is_enough(engine: Engine, log: AuditLog, notes: str) -> None:
    paper = split_notes(notes)[-1]
    with engine.connect() as conn:
        assert verify_log(conn, paper, log.verifier).checkpoints == 1


def test_without_a_checkpoint_or_with_a_forged_one_nothing_is_verified(
    engine: Engine, log: AuditLog, notes: str
) -> None:
    with engine.connect() as conn:
        for bad in ("", "nothing", notes.replace("\n600\n", "\n599\n")):
            with pytest.raises(NoteInvalid):
                verify_log(conn, bad, log.verifier)


def test_a_declared_restore_gives_up_only_what_it_could_not_keep() -> None:
    def at(size: int, *extensions: str) -> Checkpoint:
        return Checkpoint(ORIGIN, size, hashlib.sha256(b"%d" % size).digest(), extensions)

    restored = at(5, "restored 9 AAAA")
    assert current_epoch([at(3), at(9), restored, at(6)]) == [at(3), restored, at(6)]


def _forge(tamper: Tamper, index: int) -> None:
    sealed = seal(AuditEntry(action=Action.POLL_CAST, at=START, actor="nobody", details={"name": "forged"}))
    tamper(
        "UPDATE audit_entry SET leaf = ?, leaf_hash = ?, at_ms = ?, actor = 'nobody', object_type = NULL,"
        " object_id = NULL, session = NULL, site = NULL WHERE entry_index = ?",
        sealed.leaf,
        merkle.leaf_hash(sealed.leaf),
        sealed.at_ms,
        index,
    )
    tamper("UPDATE audit_detail SET salt = ?, details = ? WHERE entry_index = ?", sealed.salt, sealed.details, index)
