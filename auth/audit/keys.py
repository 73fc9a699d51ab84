"""The log's signing key: an Ed25519 key in PKCS #8, readable by its owner only."""

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auth.audit.note import Signer
from auth.errors import KeyExposed, KeyMissing

KEY_FILE = "audit_ed25519.pem"
VKEY_FILE = "audit_vkey.txt"


def create_signer(key_dir: Path, origin: str) -> Signer:
    """Make a key and write it 0600, with its public half beside it. Raises FileExistsError rather than replace one."""
    key_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    private_key = Ed25519PrivateKey.generate()
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(key_dir / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    signer = Signer(origin, private_key)
    (key_dir / VKEY_FILE).write_text(signer.verifier.vkey() + "\n", encoding="utf-8")
    return signer


def load_signer(key_dir: Path, origin: str) -> Signer:
    """Read the key. Raises KeyMissing, and KeyExposed when group or others may read it."""
    path = key_dir / KEY_FILE
    try:
        pem = path.read_bytes()
    except FileNotFoundError as error:
        raise KeyMissing(f"The audit log's signing key is missing: {path}. Restore it from its backup.") from error
    if path.stat().st_mode & 0o077:
        raise KeyExposed(f"Others can read the audit log's signing key: run chmod 600 {path}.")
    private_key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(private_key, Ed25519PrivateKey):
        raise KeyMissing(f"{path} does not hold an Ed25519 key.")
    return Signer(origin, private_key)
