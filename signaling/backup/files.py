"""Copying with hashes and durable names. Everything is for the account of the process alone."""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from certs.files import private_folder, sync_folder
from signaling.backup.errors import BackupBusy
from signaling.backup.manifest import StoredFile

PIECE = 1 << 20
UNFINISHED = ".unfinished-"


def copy(source: Path, target: Path) -> StoredFile:
    """Copy a file durably and return its size and hash. Raises FileExistsError rather than replace one."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reader, _create(target) as writer:
        while piece := reader.read(PIECE):
            writer.write(piece)
            digest.update(piece)
            size += len(piece)
        writer.flush()
        os.fsync(writer.fileno())
    return StoredFile(size, digest.hexdigest())


def _create(path: Path) -> BinaryIO:
    private_folder(path.parent)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb")


def link(source: Path, target: Path) -> bool:
    """Give a file that never changes a second name; False where the file system cannot."""
    private_folder(target.parent)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        return False
    return True


def measure(path: Path) -> StoredFile:
    """Read a file and return its size and hash."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return StoredFile(path.stat().st_size, digest)


def walk(folder: Path) -> Iterator[str]:
    """Yield every regular file below ``folder``, relative to it, in order; one that vanishes meanwhile is left out."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def sync_tree(folder: Path) -> None:
    """Make all names below ``folder`` durable."""
    for place, _, _ in os.walk(folder):
        sync_folder(Path(place))


def finish(unfinished: Path, final: Path) -> None:
    """Give a complete folder or file its name: the last act, so that what has the name is whole."""
    if unfinished.is_dir():
        sync_tree(unfinished)
    unfinished.rename(final)
    sync_folder(final.parent)


@contextlib.contextmanager
def alone(target: Path) -> Iterator[None]:
    """Be the only writer in ``target``, and remove what a killed one left there. Raises BackupBusy."""
    private_folder(target)
    with (target / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupBusy(f"Another backup is being written to {target}; wait until it has ended.") from error
        for left in target.glob(f"{UNFINISHED}*"):
            remove(left)
        yield


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
