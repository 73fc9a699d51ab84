"""Signed notes (c2sp.org/signed-note) with Ed25519; a checkpoint (c2sp.org/tlog-checkpoint) is the text of one."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from auth.audit.merkle import Frontier
from auth.errors import NoteInvalid

ED25519 = b"\x01"
MAX_NOTE = 65_536  # characters
MAX_SIGNATURES = 64
RESTORED = "restored"  # extension of the first checkpoint after an honest restore: "restored <size> <root> <time>"


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half: a name, which for a log is its origin, and a raw Ed25519 key."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    def vkey(self) -> str:
        """Return the verifier key in its usual spelling, ``name+keyid+key``."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public_key)}"


@dataclass(frozen=True, slots=True)
class Signer:
    name: str
    private_key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.private_key.public_key().public_bytes_raw())


def parse_vkey(vkey: str) -> Verifier:
    """Read ``name+keyid+key``. Raises NoteInvalid."""
    parts = vkey.strip().split("+", 2)
    if len(parts) != 3:
        raise NoteInvalid("A verifier key has three parts, joined by +.")
    name, key_id, encoded = parts
    key = _unbase64(encoded)
    _check_name(name)
    if len(key) != 33 or key[:1] != ED25519:
        raise NoteInvalid("The verifier key is not an Ed25519 key.")
    verifier = Verifier(name, key[1:])
    if verifier.key_id.hex() != key_id:
        raise NoteInvalid("The verifier key's id does not belong to its key.")
    return verifier


def sign_note(text: str, signer: Signer) -> str:
    """Return ``text`` as a signed note. Raises NoteInvalid for text that a note cannot hold."""
    _check_text(text)
    _check_name(signer.name)
    signature = signer.private_key.sign(text.encode())
    return f"{text}\n— {signer.name} {_base64(signer.verifier.key_id + signature)}\n"


def open_note(note: str, verifier: Verifier) -> str:
    """Return the text of a note that ``verifier`` signed. Raises NoteInvalid.

    Signatures by other keys (witnesses) are ignored; a wrong one by this key refuses the note.
    """
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or len(note) > MAX_NOTE or not signatures.endswith("\n"):
        raise NoteInvalid("This is not a signed note.")
    text += "\n"
    _check_text(text)
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteInvalid("The note has too many signatures.")
    ours = [signature for name, signature in map(_parse_signature, lines) if name == verifier.name]
    for signature in ours:
        if signature[:4] == verifier.key_id:
            _verify(verifier, signature[4:], text)
            return text
    raise NoteInvalid(f"The note is not signed by {verifier.name}.")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its origin, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        lines = [self.origin, str(self.size), _base64(self.root), *self.extensions]
        return "".join(f"{line}\n" for line in lines)

    @property
    def begins_epoch(self) -> bool:
        """Tell whether the operator declared here that an older database was restored."""
        return any(line.startswith(f"{RESTORED} ") for line in self.extensions)


def checkpoint_of(origin: str, frontier: Frontier) -> Checkpoint:
    """Return the checkpoint of a tree."""
    return Checkpoint(origin, frontier.size, frontier.root())


def epoch_of(origin: str, frontier: Frontier, abandoned: Checkpoint, at: datetime) -> Checkpoint:
    """Return the checkpoint with which a restored tree goes on; it names the newest state that is left behind."""
    when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mark = f"{RESTORED} {abandoned.size} {_base64(abandoned.root)} {when}"
    return Checkpoint(origin, frontier.size, frontier.root(), (mark,))


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text. Raises NoteInvalid."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteInvalid("A checkpoint has three lines or more, none of them empty.")
    origin, size, encoded, *extensions = lines[:-1]
    if not (size.isascii() and size.isdecimal() and len(size) < 20) or str(int(size)) != size:
        raise NoteInvalid("A checkpoint's size is a decimal number without leading zeros.")
    root = _unbase64(encoded)
    if len(root) != 32:
        raise NoteInvalid("A checkpoint's root has 32 bytes.")
    return Checkpoint(origin, int(size), root, tuple(extensions))


def open_checkpoint(note: str, verifier: Verifier) -> Checkpoint:
    """Return the checkpoint in a signed note; its origin must be the verifier's name. Raises NoteInvalid."""
    checkpoint = parse_checkpoint(open_note(note, verifier))
    if checkpoint.origin != verifier.name:
        raise NoteInvalid(f"The checkpoint is of another log: {checkpoint.origin}.")
    return checkpoint


def _verify(verifier: Verifier, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public_key).verify(signature, text.encode())
    except InvalidSignature as error:
        raise NoteInvalid(f"The signature of {verifier.name} is wrong.") from error


def _parse_signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise NoteInvalid("A signature line is malformed.")
    signature = _unbase64(parts[2])
    if not parts[1] or "+" in parts[1] or len(signature) < 5:
        raise NoteInvalid("A signature line is malformed.")
    return parts[1], signature


def _check_text(text: str) -> None:
    if len(text) < 2 or not text.endswith("\n") or "\n\n" in text:
        raise NoteInvalid("A note's text ends with a newline and has no empty line.")
    if any(ord(char) < 0x20 and char != "\n" for char in text):
        raise NoteInvalid("A note's text has no control characters.")


def _check_name(name: str) -> None:
    if not name or "+" in name or any(char.isspace() for char in name):
        raise NoteInvalid("A key's name is not empty and has neither spaces nor a plus sign.")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteInvalid("A note holds malformed base64.") from error
