"""The offline verifier as an auditor runs it: another process, without the product on its path."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from auth.audit import verifier
from auth.audit.keys import load_signer
from auth.audit.log import AuditLog
from auth.audit.note import Checkpoint, sign_note
from auth.audit.query import erase_details, export
from tests.auth.audit.conftest import ORIGIN, batch, entry, fill

# RFC 8032 §7.1, tests 1 to 3: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_ed25519_accepts_the_vectors_of_rfc_8032(key: str, message: str, signature: str) -> None:
    verifier.ed25519_verify(bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=100), st.binary(min_size=32, max_size=32), st.integers(0, 511))
def test_ed25519_agrees_with_openssl(message: bytes, seed: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    verifier.ed25519_verify(public, signature, message)
    flipped = (int.from_bytes(signature) ^ 1 << bit).to_bytes(64)
    for bad in ((signature, message + b"x"), (flipped, message)):
        with pytest.raises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(public).verify(*bad)
        with pytest.raises(verifier.Refused):
            verifier.ed25519_verify(public, *bad)


def test_ed25519_refuses_malformed_points_scalars_and_lengths() -> None:
    signature = KEY.sign(b"message")
    scalar = int.from_bytes(signature[32:], "little")
    malleated = signature[:32] + (scalar + verifier.ORDER).to_bytes(32, "little")
    not_canonical = (2**255 - 19 + 1).to_bytes(32, "little")
    no_point = (2).to_bytes(32, "little")
    minus_zero = (1 + 2**255).to_bytes(32, "little")
    for key, bad in (
        (PUBLIC, malleated),
        (PUBLIC, signature[:-1]),
        (PUBLIC[:-1], signature),
        (not_canonical, signature),
        (no_point, signature),
        (minus_zero, signature),
    ):
        with pytest.raises(verifier.Refused):
            verifier.ed25519_verify(key, bad, b"message")


def test_it_is_one_file_of_the_standard_library() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text(encoding="utf-8"))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "?"]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert modules <= sys.stdlib_module_names


class Auditor:
    """What an auditor holds: the exported file, checkpoints from elsewhere, and the public key."""

    def __init__(self, folder: Path, vkey: str) -> None:
        folder.mkdir()
        self.program = folder / "verifier.py"
        shutil.copy(verifier.__file__, self.program)
        self.export = folder / "export.jsonl"
        self.checkpoint = folder / "checkpoint.txt"
        self.vkey = vkey

    def run(self) -> tuple[int, str]:
        ran = subprocess.run(
            [sys.executable, "-I", self.program, self.export, self.checkpoint, self.vkey],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert ran.stderr == ""
        return ran.returncode, ran.stdout

    def change(self, index: int, **values: object) -> None:
        lines = self.export.read_text(encoding="utf-8").splitlines()
        lines[index] = json.dumps({**json.loads(lines[index]), **values}, ensure_ascii=False)
        self.export.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def auditor(engine: Engine, log: AuditLog, tmp_path: Path, checkpoint_file: Path) -> Auditor:
    found = Auditor(tmp_path / "auditor", log.vkey)
    for count in (5, 260, 35):
        fill(engine, log, count)
    with batch(engine, log) as conn:
        erase_details(conn, entry(3).at)
    with engine.connect() as conn:
        found.export.write_text("".join(export(conn)), encoding="utf-8")
    found.checkpoint.write_bytes(checkpoint_file.read_bytes())
    return found


def test_an_honest_export_verifies(auditor: Auditor) -> None:
    assert auditor.run() == (0, "VERIFIED: 300 entries\n")


def test_entries_after_the_checkpoint_are_named_as_unproved(auditor: Auditor, engine: Engine, log: AuditLog) -> None:
    fill(engine, log, 2)
    with engine.connect() as conn:
        auditor.export.write_text("".join(export(conn)), encoding="utf-8")
    assert auditor.run() == (0, "VERIFIED: 300 entries; 2 later entries are not covered\n")
    with engine.connect() as conn:
        auditor.export.write_text("".join(export(conn, 300)), encoding="utf-8")
    assert auditor.run() == (0, "VERIFIED: 300 entries\n")


def test_a_changed_leaf_is_found_between_its_checkpoints(auditor: Auditor) -> None:
    line = json.loads(auditor.export.read_text(encoding="utf-8").splitlines()[20])
    auditor.change(20, leaf=line["leaf"].replace("poll.cast", "poll.open"))
    assert auditor.run() == (1, "NOT VERIFIED: the entries 5 to 264 are not those that were signed\n")


def test_changed_details_are_found(auditor: Auditor) -> None:
    auditor.change(20, details='{"name":"Trần Thị B","number":20}')
    assert auditor.run() == (1, "NOT VERIFIED: the details of entry 20 are not those that were logged\n")


def test_a_cut_tail_and_a_gap_are_found(auditor: Auditor) -> None:
    lines = auditor.export.read_text(encoding="utf-8").splitlines(keepends=True)
    auditor.export.write_text("".join(lines[:-1]), encoding="utf-8")
    assert auditor.run() == (1, "NOT VERIFIED: the export ends at entry 299, but 300 entries were signed\n")
    auditor.export.write_text("".join(lines[:7] + lines[8:]), encoding="utf-8")
    assert auditor.run() == (1, "NOT VERIFIED: entry 7 is missing\n")


def test_a_forged_checkpoint_is_found(auditor: Auditor) -> None:
    text = auditor.checkpoint.read_text(encoding="utf-8")
    auditor.checkpoint.write_text(text.replace("\n300\n", "\n299\n"), encoding="utf-8")
    assert auditor.run() == (1, "NOT VERIFIED: the signature is wrong\n")
    auditor.checkpoint.write_text(text.rstrip("\n").rpartition("\n\n")[0], encoding="utf-8")
    assert auditor.run()[0] == 1
    auditor.checkpoint.write_text("", encoding="utf-8")
    assert auditor.run()[0] == 1


def test_a_foreign_or_broken_key_is_refused(auditor: Auditor) -> None:
    whole = auditor.vkey
    for bad in ("x", whole.replace("plenum", "forged"), "a+b+c", "a+00000000+" + whole.split("+", 2)[2]):
        auditor.vkey = bad
        assert auditor.run()[0] == 1


def test_the_key_may_lie_in_a_file(auditor: Auditor, tmp_path: Path) -> None:
    path = tmp_path / "vkey.txt"
    path.write_text(auditor.vkey + "\n")
    auditor.vkey = str(path)
    assert auditor.run()[0] == 0


def test_a_fork_between_two_checkpoints_of_one_size_is_found(auditor: Auditor, tmp_path: Path) -> None:
    signer = load_signer(tmp_path / "keys", ORIGIN)
    with auditor.checkpoint.open("a", encoding="utf-8") as file:
        file.write(sign_note(Checkpoint(ORIGIN, 300, bytes(32)).text(), signer) + "\n")
    assert auditor.run() == (1, "NOT VERIFIED: two checkpoints of one size differ: the log was forked\n")
    with auditor.checkpoint.open("a", encoding="utf-8") as file:
        file.write(sign_note(Checkpoint(ORIGIN, 0, bytes(32), ("restored 300 AAAA",)).text(), signer) + "\n")
    status, output = auditor.run()
    assert status == 1 and output.startswith("NOTE: an older database was put back at entry 0: the entries 0 to 299,")


def test_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert verifier.main([]) == 2
    assert "python verifier.py" in capsys.readouterr().err
