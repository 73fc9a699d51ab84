import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine, func, select

from auth.audit import merkle
from auth.audit.checkpoints import CheckpointFile, read_checkpoints, split_notes
from auth.audit.entry import Action, AuditEntry
from auth.audit.keys import KEY_FILE, VKEY_FILE, create_signer
from auth.audit.log import AuditLog
from auth.audit.note import Checkpoint, Signer, open_checkpoint, parse_vkey, sign_note
from auth.audit.tables import audit_detail, audit_entry, audit_tree
from auth.audit.tree import node_reader, read_frontier
from auth.audit.verify import verify_log
from auth.errors import (
    BatchUnfinished,
    KeyExposed,
    KeyMissing,
    LogAltered,
    LogForked,
    LogRolledBack,
    NoteInvalid,
)
from tests.auth.audit.conftest import ORIGIN, START, batch, entry, fill

Reopen = Callable[[], AuditLog]


def test_a_new_log_has_a_key_of_its_own_and_an_empty_checkpoint(
    log: AuditLog, tmp_path: Path, checkpoint_file: Path
) -> None:
    key = tmp_path / "keys" / KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys" / VKEY_FILE).read_text().strip() == log.vkey
    assert read_checkpoints(checkpoint_file, parse_vkey(log.vkey)) == [Checkpoint(ORIGIN, 0, merkle.EMPTY_ROOT)]


def test_entries_get_consecutive_indexes_and_a_checkpoint_per_batch(
    engine: Engine, log: AuditLog, checkpoint_file: Path
) -> None:
    with batch(engine, log) as conn:
        assert [log.append(conn, entry(number)) for number in range(3)] == [0, 1, 2]
    with batch(engine, log) as conn:
        assert log.append(conn, entry(3)) == 3
    with batch(engine, log):
        pass  # nothing to say, no checkpoint
    assert [found.size for found in read_checkpoints(checkpoint_file, log.verifier)] == [0, 3, 4]
    with engine.connect() as conn:
        hashes = list(conn.execute(select(audit_entry.c.leaf_hash)).scalars())
    assert log.newest_checkpoint() == Checkpoint(ORIGIN, 4, merkle.root(hashes))


def test_the_checkpoint_never_leads_the_database(engine: Engine, log: AuditLog, checkpoint_file: Path) -> None:
    with engine.begin() as conn:
        log.append(conn, entry())
        pending = log.prepare(conn)
        assert len(read_checkpoints(checkpoint_file, log.verifier)) == 1
    assert pending is not None
    log.publish(pending)
    assert len(read_checkpoints(checkpoint_file, log.verifier)) == 2


def test_proofs_come_from_the_stored_nodes(engine: Engine, log: AuditLog, reopen: Reopen) -> None:
    for count in (1, 254, 1, 1, 300, 70_000):
        fill(engine, log, count)
    size = log.size
    with engine.connect() as conn:
        hashes = list(conn.execute(select(audit_entry.c.leaf_hash).order_by(audit_entry.c.entry_index)).scalars())
        assert conn.execute(select(func.count()).select_from(audit_tree)).scalar_one() == size // 256 + size // 65536
        node, root = node_reader(conn), merkle.root(hashes)
        assert read_frontier(conn, size).root() == root
        for index in (0, 255, 256, 65_535, 65_536, size - 1):
            merkle.verify_inclusion(hashes[index], index, size, merkle.inclusion_proof(index, size, node), root)
        for old in (1, 255, 256, 257, 557, 65_536):
            proof = merkle.consistency_proof(old, size, node)
            merkle.verify_consistency(old, merkle.root(hashes[:old]), size, root, proof)
        with pytest.raises(LogAltered):
            node(0, size)
    assert reopen().size == size


def test_a_rolled_back_savepoint_leaves_no_trace(engine: Engine, log: AuditLog, reopen: Reopen) -> None:
    fill(engine, log, 255)
    with batch(engine, log) as conn:
        mark = log.mark()
        for number in range(5):  # completes a tile, which must be forgotten too
            log.append(conn, entry(number, kept=False))
        log.rollback(mark)
        assert log.append(conn, entry(1, kept=True)) == 255
        inner = log.mark()
        log.append(conn, entry(2, kept=False))
        log.rollback(inner)
    with engine.connect() as conn:
        assert conn.execute(select(func.count()).select_from(audit_entry)).scalar_one() == 256
        assert not conn.execute(select(audit_detail).where(audit_detail.c.details.contains("false"))).all()
        verify_log(conn, _notes(log), log.verifier)
    assert reopen().size == 256


def test_a_rolled_back_batch_leaves_no_trace(engine: Engine, log: AuditLog, checkpoint_file: Path) -> None:
    fill(engine, log, 2)
    with engine.connect() as conn:
        log.append(conn, entry())
        log.prepare(conn)
        conn.rollback()
    log.discard()
    assert log.size == 2
    fill(engine, log, 1)
    assert [found.size for found in read_checkpoints(checkpoint_file, log.verifier)] == [0, 2, 3]
    with engine.connect() as conn:
        verify_log(conn, _notes(log), log.verifier)


def test_a_prepared_batch_must_be_ended_before_the_next(engine: Engine, log: AuditLog) -> None:
    with engine.begin() as conn:
        log.append(conn, entry())
        mark = log.mark()
        pending = log.prepare(conn)
        for act in (lambda: log.append(conn, entry()), lambda: log.prepare(conn), lambda: log.rollback(mark)):
            with pytest.raises(BatchUnfinished):
                act()
    assert pending is not None
    log.publish(pending)
    fill(engine, log, 1)


def test_a_log_that_is_not_open_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BatchUnfinished):
        _ = AuditLog(tmp_path, tmp_path / "checkpoints.txt", ORIGIN).vkey


def test_a_full_disk_makes_the_checkpoint_lag_and_the_next_one_covers_all(
    engine: Engine, log: AuditLog, checkpoint_file: Path, reopen: Reopen
) -> None:
    kept = checkpoint_file.read_text()
    checkpoint_file.unlink()
    checkpoint_file.mkdir()  # the disk refuses
    with engine.begin() as conn:
        log.append(conn, entry())
        pending = log.prepare(conn)
    assert pending is not None
    with pytest.raises(OSError):
        log.publish(pending)
    checkpoint_file.rmdir()
    checkpoint_file.write_text(kept)
    fill(engine, log, 1)
    assert [found.size for found in read_checkpoints(checkpoint_file, log.verifier)] == [0, 2]
    assert reopen().size == 2


def test_a_crash_between_commit_and_checkpoint_is_not_an_alarm(
    engine: Engine, log: AuditLog, reopen: Reopen, checkpoint_file: Path
) -> None:
    fill(engine, log, 3)
    with engine.begin() as conn:
        log.append(conn, entry())
        log.prepare(conn)
    again = reopen()  # the process ended here
    assert again.size == 4
    fill(engine, again, 1)
    assert [found.size for found in read_checkpoints(checkpoint_file, again.verifier)] == [0, 3, 5]


def test_a_torn_last_checkpoint_is_cut_off(
    engine: Engine, log: AuditLog, reopen: Reopen, checkpoint_file: Path
) -> None:
    fill(engine, log, 3)
    whole = checkpoint_file.read_bytes()
    fill(engine, log, 1)
    grown = checkpoint_file.read_bytes()
    for length in range(len(whole), len(grown)):
        checkpoint_file.write_bytes(grown[:length])
        assert read_checkpoints(checkpoint_file, log.verifier)[-1].size == 3
        assert reopen().newest_checkpoint() == read_checkpoints(checkpoint_file, log.verifier)[-1]
        assert checkpoint_file.read_bytes() == whole


def test_an_older_database_is_refused_at_start(
    engine: Engine, log: AuditLog, reopen: Reopen, database: Path, tmp_path: Path
) -> None:
    fill(engine, log, 300)
    copy = tmp_path / "backup.db"
    _copy(database, copy)
    fill(engine, log, 5)
    engine.dispose()
    _put_back(copy, database)
    with pytest.raises(LogRolledBack) as caught:
        reopen()
    assert (caught.value.index, caught.value.code) == (300, "log_rolled_back")


def test_a_lost_checkpoint_file_is_an_alarm(
    engine: Engine, log: AuditLog, reopen: Reopen, checkpoint_file: Path
) -> None:
    fill(engine, log, 1)
    checkpoint_file.unlink()
    with pytest.raises(LogForked):
        reopen()


def test_a_foreign_checkpoint_file_is_refused(
    engine: Engine, log: AuditLog, reopen: Reopen, checkpoint_file: Path, tmp_path: Path
) -> None:
    fill(engine, log, 1)
    stranger = create_signer(tmp_path / "stranger", ORIGIN)
    checkpoint_file.write_text(sign_note(Checkpoint(ORIGIN, 0, merkle.EMPTY_ROOT).text(), stranger) + "\n")
    with pytest.raises(NoteInvalid):
        reopen()


def test_another_history_is_refused_at_start(engine: Engine, log: AuditLog, reopen: Reopen, database: Path) -> None:
    fill(engine, log, 10)
    engine.dispose()
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("UPDATE audit_entry SET leaf_hash = zeroblob(32) WHERE entry_index = 4")
    with pytest.raises(LogForked):
        reopen()


def test_a_missing_or_exposed_key_is_refused(log: AuditLog, reopen: Reopen, tmp_path: Path) -> None:
    key = tmp_path / "keys" / KEY_FILE
    key.chmod(0o640)
    with pytest.raises(KeyExposed):
        reopen()
    key.chmod(0o600)
    assert reopen().vkey == log.vkey
    with pytest.raises(FileExistsError):
        create_signer(tmp_path / "keys", ORIGIN)
    key.write_text(_ec_key())
    with pytest.raises(KeyMissing):
        reopen()
    key.unlink()
    with pytest.raises(KeyMissing):
        reopen()


def test_an_honest_restore_is_signed_and_stays_visible(
    engine: Engine, log: AuditLog, database: Path, tmp_path: Path, checkpoint_file: Path, reopen: Reopen
) -> None:
    fill(engine, log, 5)
    copy = tmp_path / "backup.db"
    _copy(database, copy)
    fill(engine, log, 3)
    engine.dispose()
    _put_back(copy, database)
    restored = AuditLog(tmp_path / "keys", checkpoint_file, ORIGIN)
    with engine.begin() as conn:
        restored.adopt_restored(conn, START)
    with batch(engine, restored) as conn:
        restored.append(conn, AuditEntry(action=Action.SYSTEM_RESTORE, at=START))
    found = read_checkpoints(checkpoint_file, restored.verifier)
    assert [checkpoint.size for checkpoint in found] == [0, 5, 8, 5, 6]
    assert [checkpoint.begins_epoch for checkpoint in found] == [False, False, False, True, False]
    assert reopen().size == 6
    with engine.connect() as conn:
        verified = verify_log(conn, checkpoint_file.read_text(), restored.verifier)
    assert (verified.size, verified.restores) == (6, 1)


def test_the_checkpoint_file_is_thinned_but_keeps_ends_and_restores(tmp_path: Path, log: AuditLog) -> None:
    signer = create_signer(tmp_path / "other", ORIGIN)
    path = tmp_path / "thin.txt"
    file = CheckpointFile(path, max_bytes=2000)
    for size in range(100):
        extensions = ("restored 9 " + "A" * 43 + "=",) if size == 41 else ()
        file.append(sign_note(Checkpoint(ORIGIN, size, bytes(32), extensions).text(), signer))
    sizes = [open_checkpoint(note, signer.verifier).size for note in split_notes(path.read_text())]
    assert sizes == sorted(sizes)
    assert sizes[0] == 0 and sizes[-1] == 99 and 41 in sizes
    assert path.stat().st_size < 2500


def test_signing_keys_do_not_show_in_a_representation(tmp_path: Path) -> None:
    signer: Signer = create_signer(tmp_path, ORIGIN)
    assert signer.private_key.private_bytes_raw().hex() not in repr(signer)


def _notes(log: AuditLog) -> str:
    return log._path.read_text()


def _copy(database: Path, copy: Path) -> None:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _put_back(copy: Path, database: Path) -> None:
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    shutil.copy(copy, database)


def _ec_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode()
