"""Which file of a deployment belongs to which backup. Pure.

Every file lies in one of the two backups, or in none because it is made again at a start. What nobody told this module
of goes to the keys: sealed there, it is neither lost nor shown.
"""

from enum import StrEnum
from pathlib import PurePosixPath

from signaling.backup.errors import BackupDamaged

DATABASE = "plenum.sqlite"
BLOBS = "blobs"
CHECKPOINTS = "audit/checkpoints.txt"
VKEY = "audit/key/audit_vkey.txt"
ROOT = "authority/root.pem"


class Part(StrEnum):
    """Where a file goes."""

    DATA = "data"
    KEYS = "keys"
    NOWHERE = "nowhere"


_PARTS = {
    DATABASE: Part.DATA,
    f"{DATABASE}-wal": Part.NOWHERE,  # the snapshot of the database has it
    f"{DATABASE}-shm": Part.NOWHERE,
    f"{DATABASE}-journal": Part.NOWHERE,
    BLOBS: Part.DATA,  # sealed; worth nothing without the wrapped keys
    "recordings": Part.DATA,  # sealed as well
    "outgoing": Part.DATA,
    CHECKPOINTS: Part.DATA,
    VKEY: Part.DATA,
    ROOT: Part.DATA,
    "tls": Part.NOWHERE,  # issued again by the authority
    "keys/lock": Part.NOWHERE,
    "notices": Part.NOWHERE,
}


def part_of(path: str) -> Part:
    """Return where a file goes; ``path`` is relative to the deployment's folder, with ``/``."""
    pure = PurePosixPath(path)
    if any(name.startswith(".") for name in pure.parts):
        return Part.NOWHERE  # being written, or left by a crash
    for place in (pure, *pure.parents):
        if str(place) in _PARTS:
            return _PARTS[str(place)]
    return Part.KEYS


def checked_path(path: str) -> PurePosixPath:
    """Return a path out of a manifest if it stays below its folder. Raises BackupDamaged."""
    pure = PurePosixPath(path)
    plain = str(pure) == path and not pure.is_absolute() and ".." not in pure.parts and "\0" not in path
    if not plain or part_of(path) is Part.NOWHERE:
        raise BackupDamaged(f"The backup names a file that it may not hold: {path!r}.")
    return pure
