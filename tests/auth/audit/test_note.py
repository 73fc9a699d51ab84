from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from auth.audit.merkle import EMPTY_ROOT, Frontier
from auth.audit.note import (
    Checkpoint,
    Signer,
    Verifier,
    epoch_of,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_vkey,
    sign_note,
)
from auth.errors import NoteInvalid
from tests.auth.audit.conftest import ORIGIN

SIGNER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
WITNESS = Signer("relay.example/witness", Ed25519PrivateKey.from_private_bytes(bytes(32)))
TEXT = Checkpoint(ORIGIN, 7, bytes(range(32))).text()
NOTE = sign_note(TEXT, SIGNER)

# The example of c2sp.org/signed-note.
EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def test_the_example_of_the_specification_opens() -> None:
    verifier = parse_vkey(EXAMPLE_VKEY)
    assert verifier.vkey() == EXAMPLE_VKEY
    assert open_note(EXAMPLE_NOTE, verifier) == "This is an example message.\n"


def test_a_checkpoint_has_the_form_of_tlog_checkpoint() -> None:
    assert f"{ORIGIN}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n" == TEXT
    assert NOTE.startswith(f"{TEXT}\n— {ORIGIN} ")
    assert open_checkpoint(NOTE, SIGNER.verifier) == Checkpoint(ORIGIN, 7, bytes(range(32)))
    assert parse_vkey(SIGNER.verifier.vkey()) == SIGNER.verifier


def test_witness_signatures_beside_the_logs_own_are_ignored() -> None:
    cosigned = NOTE + sign_note(TEXT, WITNESS).rpartition("\n\n")[2]
    assert open_note(cosigned, SIGNER.verifier) == open_note(cosigned, WITNESS.verifier) == TEXT


@given(st.integers(0, len(NOTE) - 1), st.characters(exclude_categories=["Cs"]))
def test_no_changed_note_opens_as_something_else(at: int, character: str) -> None:
    changed = NOTE[:at] + character + NOTE[at + 1 :]
    try:
        assert open_note(changed, SIGNER.verifier) == TEXT
    except NoteInvalid:
        return
    assert changed == NOTE


@pytest.mark.parametrize(
    "bad",
    [
        "",
        TEXT,
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("— ", "-- "),
        NOTE.replace("— ", "—  "),
        NOTE.replace(ORIGIN, "other.example/log"),
        sign_note(TEXT, WITNESS),
        sign_note(TEXT, Signer(ORIGIN, WITNESS.private_key)),
        TEXT + "\n— a AAAA\n",
        TEXT + "\n— a ****\n",
        TEXT + "\n— a+b AAAAAAAAAAAA\n",
        NOTE + NOTE.rpartition("\n\n")[2] * 64,
        "x" * 70_000 + NOTE,
    ],
)
def test_a_note_without_a_good_signature_of_the_log_is_refused(bad: str) -> None:
    with pytest.raises(NoteInvalid):
        open_note(bad, SIGNER.verifier)


@pytest.mark.parametrize("text", ["", "\n", "no newline", "an\n\nempty line\n", "a\ttab\n"])
def test_text_that_a_note_cannot_hold_is_not_signed(text: str) -> None:
    with pytest.raises(NoteInvalid):
        sign_note(text, SIGNER)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_a_name_that_a_note_cannot_hold_does_not_sign(name: str) -> None:
    with pytest.raises(NoteInvalid):
        sign_note(TEXT, Signer(name, SIGNER.private_key))


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n",
        "origin\n01\n" + "A" * 43 + "=\n",
        "origin\n-1\n" + "A" * 43 + "=\n",
        "origin\n１\n" + "A" * 43 + "=\n",
        "origin\n1\nAAAA\n",
        "origin\n1\n***\n",
        "\n1\n" + "A" * 43 + "=\n",
        "origin\n1\n" + "A" * 43 + "=",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_checkpoint(text)


def test_a_checkpoint_of_another_origin_is_refused() -> None:
    with pytest.raises(NoteInvalid, match="another log"):
        open_checkpoint(sign_note(Checkpoint("other", 1, EMPTY_ROOT).text(), SIGNER), SIGNER.verifier)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        EXAMPLE_VKEY.replace("530d", "530e"),
        EXAMPLE_VKEY[:-1],
        EXAMPLE_VKEY.replace("+Aek", "+Bek"),
        " +530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_a_malformed_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_vkey(vkey)


def test_a_restore_is_declared_in_an_extension_line() -> None:
    abandoned = Checkpoint(ORIGIN, 9, bytes(32))
    restored = epoch_of(ORIGIN, Frontier(), abandoned, datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC))
    assert restored.begins_epoch and not abandoned.begins_epoch
    assert parse_checkpoint(restored.text()) == restored
    assert restored.extensions == ("restored 9 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= 2026-11-22T01:02:03Z",)


def test_key_ids_depend_on_name_and_key() -> None:
    key = SIGNER.verifier.public_key
    assert len({Verifier("a", key).key_id, Verifier("b", key).key_id, Verifier("a", bytes(32)).key_id}) == 3
