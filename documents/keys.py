"""Data keys at rest: each wrapped by a key-encryption key (KEK), in a store of its own.

Layout below the store's folder, everything 0600 in folders 0700::

    kek/ID          32 random bytes; the file ``kek/current`` names the one for new keys
    wrapped/ab/ID   a wrapped data key: which KEK, nonce, ciphertext (AES-256-GCM)
    destroyed/ID    a tombstone, so that "destroyed" and "lost" can be told apart

The store has its own backup rule, because ``destroy`` cannot reach copies: all of it goes into the sealed backup of
keys and nothing of it into the backup of data, and only the newest few backups of keys are kept. A key that was
destroyed is gone everywhere once these were made after it; backups of data may then be kept for as long as one likes.
"""

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from certs.files import private_folder, sync_folder, write_file

from .errors import KeyDestroyed, KeyMissing, SealBroken
from .model import KeyId

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyStore:
    """Makes, returns, destroys and rewraps keys; also wraps other secrets that the hub keeps (signing keys)."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._kek_folder = directory / "kek"
        self._wrapped_folder = directory / "wrapped"
        self._destroyed_folder = directory / "destroyed"

    @classmethod
    def open_or_create(cls, directory: Path) -> "KeyStore":
        """Open the store in ``directory``, or make it with a fresh KEK. Safe against a kill at any point."""
        store = cls(directory)
        for folder in (store._kek_folder, store._wrapped_folder, store._destroyed_folder):
            private_folder(folder)
        with store._locked(fcntl.LOCK_EX):
            (directory / "lock").chmod(0o600)
            if not (store._kek_folder / "current").exists():
                store._make_kek()
        return store

    def create(self) -> tuple[KeyId, bytes]:
        """Make a random 256-bit data key; it is durable when this returns its id and the key."""
        key_id = KeyId(secrets.token_hex(16))
        key = secrets.token_bytes(KEY_BYTES)
        self.store(key_id, key)
        return key_id, key

    def store(self, key_id: KeyId, secret: bytes) -> None:
        """Wrap ``secret`` under ``key_id`` with the current KEK; durable at return. Replaces an older value."""
        path = self._path(key_id)
        private_folder(path.parent)
        with self._locked(fcntl.LOCK_SH):
            write_file(path, self._wrap(key_id, secret, self._current_kek()))

    def get(self, key_id: KeyId) -> bytes:
        """Return the key. Raises ``KeyDestroyed``, ``KeyMissing``, or ``SealBroken`` for an altered file."""
        if (self._destroyed_folder / _checked(key_id)).exists():
            raise KeyDestroyed(f"key {key_id} was destroyed")
        try:
            wrapped = json.loads(self._path(key_id).read_bytes())
            kek_id, nonce, sealed = wrapped["kek"], bytes.fromhex(wrapped["nonce"]), bytes.fromhex(wrapped["key"])
        except FileNotFoundError as error:
            raise KeyMissing(f"key {key_id} is not in the store") from error
        except (ValueError, KeyError, TypeError) as error:
            raise SealBroken(f"key {key_id} is stored in an unknown form") from error
        try:
            return AESGCM(self._kek(kek_id)).decrypt(nonce, sealed, _context(key_id, kek_id))
        except InvalidTag as error:
            raise SealBroken(f"key {key_id} was altered") from error

    def get_or_create(self, key_id: KeyId) -> bytes:
        """Return a key that the deployment has one of, made at its first start. Raises what ``get`` raises."""
        if not self._path(key_id).exists() and not self.was_destroyed(key_id):
            self.store(key_id, secrets.token_bytes(KEY_BYTES))
        return self.get(key_id)

    def exists(self, key_id: KeyId) -> bool:
        """Say whether a key with this id is stored and not destroyed."""
        return self._path(key_id).exists() and not (self._destroyed_folder / key_id).exists()

    def was_destroyed(self, key_id: KeyId) -> bool:
        """Say whether a key with this id was destroyed on purpose."""
        return (self._destroyed_folder / _checked(key_id)).exists()

    @contextmanager
    def unchanged_keks(self) -> Iterator[None]:
        """Hold off ``rotate`` and ``rewrap`` while the store is copied; keys may be stored and destroyed meanwhile."""
        with self._locked(fcntl.LOCK_SH):
            yield

    def destroy(self, key_id: KeyId) -> None:
        """Crypto-shred: what this key seals can never be read again from this store. Destroying twice is harmless."""
        write_file(self._destroyed_folder / _checked(key_id), b"")
        path = self._path(key_id)
        if path.exists():
            path.unlink()
            sync_folder(path.parent)

    def rotate(self) -> int:
        """Make a new KEK, rewrap every key under it, remove the old KEKs, and return how many keys were rewrapped.

        Other threads and processes wait before they store a key, so that none ends under a KEK that is gone.
        """
        with self._locked(fcntl.LOCK_EX):
            old = [path for path in self._kek_folder.iterdir() if path.name != "current"]
            self._make_kek()
            count = self._rewrap_all()
            for path in old:
                path.unlink(missing_ok=True)
            sync_folder(self._kek_folder)
        return count

    def rewrap(self) -> int:
        """Wrap anew every key that is not under the current KEK and return their number; data is not touched."""
        with self._locked(fcntl.LOCK_EX):
            return self._rewrap_all()

    def _rewrap_all(self) -> int:
        current, count = self._current_kek(), 0
        for path in sorted(self._wrapped_folder.glob("*/*")):
            key_id = KeyId(path.name)
            if path.name.startswith(".") or json.loads(path.read_bytes())["kek"] == current:
                continue
            if (self._destroyed_folder / key_id).exists():
                path.unlink()  # came back with a restored backup
                continue
            write_file(path, self._wrap(key_id, self.get(key_id), current))
            count += 1
        return count

    def _wrap(self, key_id: KeyId, secret: bytes, kek_id: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._kek(kek_id)).encrypt(nonce, secret, _context(key_id, kek_id))
        return json.dumps({"kek": kek_id, "nonce": nonce.hex(), "key": sealed.hex()}).encode()

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        """Hold a lock between threads and processes: shared to store a key, exclusive to change KEKs."""
        with (self._directory / "lock").open("ab") as file:
            fcntl.flock(file, kind)
            yield

    def _make_kek(self) -> None:
        kek_id = secrets.token_hex(8)
        write_file(self._kek_folder / kek_id, secrets.token_bytes(KEY_BYTES))
        write_file(self._kek_folder / "current", kek_id.encode())

    def _current_kek(self) -> str:
        return (self._kek_folder / "current").read_text().strip()

    def _kek(self, kek_id: str) -> bytes:
        try:
            kek = (self._kek_folder / _checked(kek_id)).read_bytes()
        except FileNotFoundError as error:
            raise KeyMissing(f"key-encryption key {kek_id} is not in the store") from error
        if len(kek) != KEY_BYTES:
            raise SealBroken(f"key-encryption key {kek_id} is damaged")
        return kek

    def _path(self, key_id: str) -> Path:
        return self._wrapped_folder / _checked(key_id)[:2] / key_id


def _context(key_id: str, kek_id: str) -> bytes:
    return f"plenum-wrapped-key-1|{key_id}|{kek_id}".encode()


def _checked(identifier: str) -> str:
    """Return ``identifier`` if it can be a file name of ours, else raise ``KeyMissing``."""
    if not identifier.isascii() or not identifier.replace("-", "").isalnum():
        raise KeyMissing("no key has such an id")
    return identifier
