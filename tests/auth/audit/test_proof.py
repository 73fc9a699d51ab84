"""Single entries with proof, checked by the one-file verifier as an outsider has it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from auth.audit import proof, verifier
from auth.audit.log import AuditLog
from auth.audit.note import Checkpoint, sign_note
from auth.audit.proof import checkpoint_at, continued, proved
from auth.errors import ProofInvalid, ProofTooLong
from tests.auth.audit.conftest import ORIGIN, fill

SIZE = 700
CHOSEN = [0, 3, 255, 256, 511, 512, 698, 699]


@pytest.fixture
def bundle(engine: Engine, log: AuditLog, tmp_path: Path, checkpoint_file: Path) -> Path:
    """An archive's files for some entries, and ``kept.txt`` from when the log was shorter."""
    fill(engine, log, 300)
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "kept.txt").write_text(_last(checkpoint_file), encoding="utf-8")
    fill(engine, log, SIZE - 300)
    newest = log.newest_checkpoint()
    assert newest is not None
    with engine.connect() as conn:
        lines = proved(conn, CHOSEN, newest, lambda one: one.index != 3)
        (folder / "entries.jsonl").write_text("".join(lines), encoding="utf-8")
        known = continued(conn, [checkpoint_at(conn, 300, ORIGIN), checkpoint_at(conn, 256, ORIGIN)], newest)
    (folder / "consistency.json").write_text(json.dumps(known), encoding="utf-8")
    (folder / "checkpoint.txt").write_text(_last(checkpoint_file), encoding="utf-8")
    (folder / "vkey.txt").write_text(log.vkey, encoding="utf-8")
    return folder


def _last(checkpoint_file: Path) -> str:
    return "\n\n".join(checkpoint_file.read_text(encoding="utf-8").rstrip("\n").split("\n\n")[-2:]) + "\n"


def verify(bundle: Path, checkpoint: str = "checkpoint.txt") -> int:
    return verifier.main([str(bundle / "entries.jsonl"), str(bundle / checkpoint), str(bundle / "vkey.txt")])


def test_single_entries_are_verified_against_their_checkpoint_and_an_older_one(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(bundle) == verify(bundle, "kept.txt") == 0
    assert capsys.readouterr().out.count(f"VERIFIED: {len(CHOSEN)} entries") == 2


def test_details_that_may_not_leave_stay_and_the_entry_is_proved_all_the_same(bundle: Path) -> None:
    rows = [json.loads(line) for line in (bundle / "entries.jsonl").read_text("utf-8").splitlines()]
    assert [row["details"] is None for row in rows] == [row["index"] == 3 for row in rows]
    assert verify(bundle) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [("poll.cast", "poll.open"), ('"index": 256', '"index": 257'), (r"number\":0", r"number\":1"), ("Văn A", "Văn B")],
)
def test_a_changed_row_is_refused(bundle: Path, old: str, new: str) -> None:
    file = bundle / "entries.jsonl"
    text = file.read_text("utf-8")
    changed = text.replace(old, new, 1)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    assert verify(bundle) == 1


def test_a_shorter_path_or_one_of_another_entry_is_refused(bundle: Path) -> None:
    file = bundle / "entries.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for wrong in (rows[0]["proof"][:-1], rows[1]["proof"], [*rows[0]["proof"], rows[0]["proof"][0]]):
        file.write_text(json.dumps(rows[0] | {"proof": wrong}) + "\n", encoding="utf-8")
        assert verify(bundle) == 1


def test_a_kept_checkpoint_without_a_way_to_this_one_is_refused(bundle: Path) -> None:
    (bundle / "consistency.json").write_text("{}", encoding="utf-8")
    assert verify(bundle, "kept.txt") == 1


def test_a_way_that_was_forged_is_refused(bundle: Path) -> None:
    known = json.loads((bundle / "consistency.json").read_text("utf-8"))
    (bundle / "consistency.json").write_text(json.dumps({"300": known["256"]}), encoding="utf-8")
    assert verify(bundle, "kept.txt") == 1


def test_a_kept_checkpoint_of_another_history_is_refused(bundle: Path, log: AuditLog) -> None:
    forged = Checkpoint(ORIGIN, 300, b"\1" * 32)
    (bundle / "kept.txt").write_text(sign_note(forged.text(), log._signing()), encoding="utf-8")
    assert verify(bundle, "kept.txt") == 1


def test_proof_is_refused_for_what_is_not_in_the_log_or_too_much(
    engine: Engine, bundle: Path, log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = log.newest_checkpoint()
    assert newest is not None
    shorter = Checkpoint(ORIGIN, 100, newest.root)
    with engine.connect() as conn:
        with pytest.raises(ProofInvalid):
            list(proved(conn, [3], shorter, lambda _: True))
        with pytest.raises(ProofInvalid):
            continued(conn, [Checkpoint(ORIGIN, 300, newest.root)], newest)
        monkeypatch.setattr(proof, "MAX_PROVED", 2)
        with pytest.raises(ProofTooLong):
            list(proved(conn, [1, 2, 3], newest, lambda _: True))
