"""Where recordings lie: one folder for each, one sealed file for each source, one key for each file. Blocking."""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auth.model import Label
from certs.files import private_folder, sync_folder
from documents.errors import SealBroken
from documents.keys import KeyStore
from documents.model import KeyId
from documents.sealed_stream import SealedReader
from signaling.recording.model import RecordedFile, RecordingId

LEAST_FREE: Final = 1 << 30  # bytes; a recording is not begun with less


@dataclass(frozen=True, slots=True)
class Measured:
    """What lies on disk of a file: as much as can be opened. ``complete``: its writer finished it."""

    size: int
    sha256: str
    complete: bool


class RecordingVault:
    """``folder`` is made when it is first needed."""

    def __init__(self, folder: Path, keys: KeyStore) -> None:
        self._folder = folder
        self._keys = keys

    def new_key(self) -> tuple[KeyId, bytes]:
        """Make a durable key."""
        return self._keys.create()

    def destroy_key(self, key_id: KeyId) -> None:
        """What it seals can never be read again; harmless if done before."""
        self._keys.destroy(key_id)

    def prepare(self, recording_id: RecordingId) -> None:
        """Make the recording's folder."""
        private_folder(self._folder / recording_id)

    def path(self, recording_id: RecordingId, number: int) -> Path:
        """Return where a file lies."""
        return self._folder / recording_id / f"{number}.sealed"

    def open(self, file: RecordedFile, label: Label) -> SealedReader:
        """Open a file for reading. Raises SealError and FileNotFoundError."""
        key = self._keys.get(file.key_id)
        return SealedReader(self.path(file.recording_id, file.number), key, file.context(label))

    def measure(self, file: RecordedFile, label: Label) -> Measured | None:
        """Return what lies there, None if nothing was written. What cannot be opened ends the file."""
        size, digest = 0, hashlib.sha256()
        try:
            reader = self.open(file, label)
            for piece in reader.pieces():
                size += len(piece)
                digest.update(piece)
        except FileNotFoundError:
            return None
        except SealBroken:
            return Measured(size, digest.hexdigest(), complete=False)
        return Measured(size, digest.hexdigest(), reader.complete)

    def purge(self, recording_id: RecordingId, files: Iterable[RecordedFile]) -> None:
        """Destroy the keys, then remove the files; harmless if done before."""
        for file in files:
            self._keys.destroy(file.key_id)
        folder = self._folder / recording_id
        if folder.is_dir():
            shutil.rmtree(folder)
            sync_folder(self._folder)

    def free_bytes(self) -> int:
        """Return how much can still be written."""
        return shutil.disk_usage(private_folder(self._folder)).free
