"""Word of a backup for the audit log, which only the hub may write: one file each, taken up by the hub when it runs."""

import json
from dataclasses import dataclass
from pathlib import Path

from auth.audit.entry import Detail
from certs.files import private_folder, write_file

FOLDER = "notices"


@dataclass(frozen=True, slots=True)
class Notice:
    """What was made: its name, and what the log should say of it."""

    path: Path
    name: str
    details: dict[str, Detail]


def leave(data: Path, name: str, details: dict[str, Detail]) -> None:
    """Put a notice where the hub finds it; it lies there until the hub has logged it."""
    write_file(private_folder(data / FOLDER) / f"{name}.json", json.dumps(details).encode())


def waiting(data: Path) -> list[Notice]:
    """Return the notices that wait, oldest first; what cannot be read is told of as it is."""
    folder = data / FOLDER
    paths = sorted(folder.glob("[!.]*.json")) if folder.is_dir() else []
    return [Notice(path, path.stem, _details(path)) for path in paths]


def forget(notices: list[Notice]) -> None:
    """Remove notices that are in the log."""
    for one in notices:
        one.path.unlink(missing_ok=True)


def _details(path: Path) -> dict[str, Detail]:
    try:
        found = json.loads(path.read_bytes())
        return {str(key): value for key, value in found.items() if isinstance(value, str | int)}
    except (ValueError, AttributeError):
        return {"part": "unreadable"}
