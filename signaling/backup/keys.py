"""The backup of keys: every secret of the deployment in one sealed file, of which only the newest few are kept.

In it are the key-encryption key, the wrapped keys of papers and signers, the tombstones of destroyed ones, the
authority, the log's signing key, and whatever else :mod:`signaling.backup.parts` does not name. It is made **after**
the backup of data, so that it holds the key of everything that the data names. The newest file opens every older backup
of data, apart from what was destroyed: so older files are removed, and destroying a paper reaches its copies.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from certs.files import sync_folder, write_file
from documents.keys import KeyStore
from signaling.backup import files, manifest, sealed
from signaling.backup.errors import BackupDamaged, KeysDamaged, NothingToBackUp
from signaling.backup.parts import Part, checked_path, part_of
from signaling.backup.sealed import DEFAULT_COST, Cost

KEEP = 2
SUFFIX = ".keys"
_WRAPPED, _DESTROYED = "keys/wrapped", "keys/destroyed"


@dataclass(frozen=True, slots=True)
class Keys:
    """What a keys backup holds: file contents by path."""

    made_at: str
    files: dict[str, bytes]

    def __repr__(self) -> str:
        return f"Keys(made_at={self.made_at!r}, files={len(self.files)})"

    def holds(self, key_id: str) -> bool:
        """Say whether a document's key is here, or the proof that it was destroyed."""
        return f"{_WRAPPED}/{key_id[:2]}/{key_id}" in self.files or f"{_DESTROYED}/{key_id}" in self.files


def save(  # noqa: PLR0917
    data: Path, target: Path, passphrase: str, now: datetime, keep: int = KEEP, cost: Cost = DEFAULT_COST
) -> Path:
    """Write the keys of the deployment in ``data`` to a new file in ``target`` and remove all but the newest ``keep``.

    The file is opened again before any other is removed. Raises BackupError, OSError.
    """
    if not (data / "keys" / "kek").is_dir():
        raise NothingToBackUp(f"There is no deployment in {data}: no key store.")
    made_at = manifest.stamp(now)
    with files.alone(target):
        path = target / f"{manifest.folder_name(now)}{SUFFIX}"
        held = collect(data)
        write_file(path, sealed.seal(_encode(held, made_at), passphrase, made_at, cost))
        if load(path, passphrase).files != held:
            raise BackupDamaged(f"{path} does not hold what was written; check the disk.")
        for old in sorted(target.glob(f"*{SUFFIX}"))[:-keep]:
            old.unlink()
        sync_folder(target)
    return path


def collect(data: Path) -> dict[str, bytes]:
    """Read every file that belongs to the keys. A key that is destroyed meanwhile is left out."""
    with KeyStore(data / "keys").unchanged_keks():
        found = dict(_read(data, _secrets(data)))
        # Looked at last: whatever is destroyed while we read has its tombstone by now.
        gone = {PurePosixPath(path).name for path in _secrets(data / "keys" / "destroyed", _DESTROYED)}
    tombstones = {f"{_DESTROYED}/{key_id}": b"" for key_id in gone}
    return {path: one for path, one in found.items() if not _wraps(path, gone)} | tombstones


def load(path: Path, passphrase: str) -> Keys:
    """Open a keys backup. Raises KeysDamaged, PassphraseWrong, OSError."""
    try:
        body: dict[str, Any] = json.loads(sealed.unseal(path.read_bytes(), passphrase))
        held = {name: base64.b64decode(one, validate=True) for name, one in body["files"].items()}
        found = Keys(body["made_at"], held)
    except (ValueError, KeyError, TypeError) as error:
        raise KeysDamaged("The keys backup cannot be read.") from error
    for name in held:
        checked_path(name)
    return found


def _encode(held: dict[str, bytes], made_at: str) -> bytes:
    contents = {path: base64.b64encode(one).decode() for path, one in held.items()}
    return json.dumps({"made_at": made_at, "files": contents}).encode()


def _secrets(folder: Path, below: str = "") -> Iterator[str]:
    for path in files.walk(folder):
        whole = f"{below}/{path}" if below else path
        if part_of(whole) is Part.KEYS:
            yield whole


def _read(data: Path, paths: Iterator[str]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            yield path, (data / path).read_bytes()
        except FileNotFoundError:  # destroyed a moment ago
            continue


def _wraps(path: str, gone: set[str]) -> bool:
    return path.startswith(f"{_WRAPPED}/") and PurePosixPath(path).name in gone
