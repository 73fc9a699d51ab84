"""An honest restore is visible to every verifier, and neither a cut tail nor a false declaration passes for one."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from auth.audit import verifier
from auth.audit.checkpoints import split_notes
from auth.audit.entry import Action, AuditEntry
from auth.audit.log import AuditLog
from auth.audit.query import export
from auth.audit.verify import verify_log
from auth.errors import LogForked
from tests.auth.audit.conftest import ORIGIN, START, batch, fill

RESTORED_AT = START + timedelta(days=2)


@pytest.fixture
def older(engine: Engine, log: AuditLog, database: Path, tmp_path: Path, checkpoint_file: Path) -> Path:
    """A folder with a copy of database, key and checkpoints after 5 entries; the log goes on to 8."""
    fill(engine, log, 5)
    folder = tmp_path / "older"
    shutil.copytree(tmp_path / "keys", folder / "keys")
    shutil.copy(checkpoint_file, folder / "checkpoints.txt")
    with engine.connect() as conn:
        conn.exec_driver_sql(f"VACUUM INTO '{folder / 'log.db'}'")
    fill(engine, log, 3)
    return folder


def restore(folder: Path, kept: str = "", *, record: bool = True) -> AuditLog:
    """Adopt the older copy, as a restore does."""
    engine = create_engine(f"sqlite:///{folder / 'log.db'}")
    log = AuditLog(folder / "keys", folder / "checkpoints.txt", ORIGIN)
    with engine.begin() as conn:
        log.adopt_restored(conn, RESTORED_AT, split_notes(kept))
    action = Action.SYSTEM_RESTORE if record else Action.MEETING_EDIT
    with batch(engine, log) as conn:
        log.append(conn, AuditEntry(action=action, at=RESTORED_AT))
    fill(engine, log, 4)
    (folder / "export.jsonl").write_text("".join(_export(engine)), encoding="utf-8")
    engine.dispose()
    return log


def _export(engine: Engine) -> list[str]:
    with engine.connect() as conn:
        return list(export(conn))


def offline(folder: Path, log: AuditLog, notes: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the one-file verifier with these checkpoints."""
    checkpoints = folder / "given.txt"
    checkpoints.write_text(notes, encoding="utf-8")
    status = verifier.main([os.fspath(folder / "export.jsonl"), os.fspath(checkpoints), log.vkey])
    return status, capsys.readouterr().out


def test_the_verifier_accepts_an_honest_restore_and_says_so(
    older: Path, checkpoint_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = restore(older, checkpoint_file.read_text())
    status, words = offline(older, log, (older / "checkpoints.txt").read_text(), capsys)
    assert status == 0
    assert words == (
        f"NOTE: an older database was put back at entry 5 ({RESTORED_AT:%Y-%m-%dT%H:%M:%SZ}): "
        "the entries 5 to 7, once signed, are lost\nVERIFIED: 10 entries\n"
    )


def test_a_checkpoint_kept_elsewhere_shows_what_a_restore_did_not_know_of(
    older: Path, checkpoint_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = restore(older)
    assert offline(older, log, (older / "checkpoints.txt").read_text(), capsys)[1].count("no signed entry is lost") == 1
    kept = split_notes(checkpoint_file.read_text())[-1] + "\n"
    status, words = offline(older, log, kept, capsys)
    assert status == 1 and "not those that were signed; the log records a restored backup at entry 5" in words
    status, words = offline(older, log, kept + (older / "checkpoints.txt").read_text(), capsys)
    assert status == 0 and "the entries 5 to 7, once signed, are lost" in words


def test_an_older_checkpoint_is_told_that_the_log_was_restored_later(
    older: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (older / "checkpoints.txt").read_text()
    status, words = offline(older, restore(older), before, capsys)
    assert status == 0 and words.startswith("NOTE: entry 5 records that a backup was restored")


def test_a_declaration_that_the_log_does_not_record_is_refused(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = restore(older, record=False)
    notes = (older / "checkpoints.txt").read_text()
    status, words = offline(older, log, notes, capsys)
    assert status == 1 and "a restore was signed before entry 5" in words
    engine = create_engine(f"sqlite:///{older / 'log.db'}")
    with engine.connect() as conn, pytest.raises(LogForked, match="does not record it"):
        verify_log(conn, notes, log.verifier)
    engine.dispose()


def test_a_restored_log_can_be_restored_again(older: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = tmp_path / "again"
    shutil.copytree(older, again)
    first = restore(older)
    log = restore(again, (older / "checkpoints.txt").read_text())
    assert log.vkey == first.vkey
    status, words = offline(again, log, (again / "checkpoints.txt").read_text(), capsys)
    assert status == 0 and "the entries 5 to 9, once signed, are lost" in words


def test_without_a_restore_a_cut_tail_is_still_found(
    older: Path, log: AuditLog, checkpoint_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine(f"sqlite:///{older / 'log.db'}")
    (older / "export.jsonl").write_text("".join(_export(engine)), encoding="utf-8")
    engine.dispose()
    assert offline(older, log, checkpoint_file.read_text(), capsys) == (
        1,
        "NOT VERIFIED: the export ends at entry 5, but 8 entries were signed\n",
    )
