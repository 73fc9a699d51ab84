"""The file of signed checkpoints that lies outside the database.

Notes stand one after the other, an empty line between. A crash can tear the last one, which is then ignored: the file
may lag behind the database, never lead. It is thinned when it grows: newest, oldest and epoch marks stay.
"""

import os
from pathlib import Path

from auth.audit.note import Checkpoint, Verifier, open_checkpoint

MAX_BYTES = 1 << 20


def split_notes(text: str) -> list[str]:
    """Return the whole notes in a file's text; what a crash left half written at the end is dropped."""
    parts = text.split("\n\n")[:-1]
    whole = len(parts) // 2 * 2
    return [f"{parts[at]}\n\n{parts[at + 1]}\n" for at in range(0, whole, 2)]


def read_checkpoints(path: Path, verifier: Verifier) -> list[Checkpoint]:
    """Return all checkpoints in a file, oldest first; none when there is no file. Raises NoteInvalid."""
    if not path.exists():
        return []
    return [open_checkpoint(note, verifier) for note in split_notes(_text(path))]


class CheckpointFile:
    """The one writer of the file. Every append is on disk when it returns."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._max_bytes = max_bytes

    def append(self, note: str) -> None:
        """Append a note and fsync. Raises OSError when the disk refuses."""
        created = not self._path.exists()
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(note + "\n")
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if created:
            _sync_folder(self._path.parent)
        if size > self._max_bytes:
            self._rewrite(_thinned(self._notes()))

    def repair(self) -> None:
        """Cut off what a crash left half written, so that the next note starts cleanly."""
        if self._path.exists():
            notes = self._notes()
            if "".join(f"{note}\n" for note in notes) != _text(self._path):
                self._rewrite(notes)

    def _notes(self) -> list[str]:
        return split_notes(_text(self._path))

    def _rewrite(self, notes: list[str]) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{note}\n" for note in notes)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        _sync_folder(self._path.parent)


def _text(path: Path) -> str:
    # A crash can tear a character as well; what is replaced here is either the torn end or fails its signature.
    return path.read_bytes().decode(errors="replace")


def _thinned(notes: list[str]) -> list[str]:
    last = len(notes) - 1
    return [note for at, note in enumerate(notes) if at % 2 == 0 or at == last or "\nrestored " in note]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
