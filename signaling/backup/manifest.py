"""The manifest: what a backup holds, signed with the key of the audit log. Pure."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from auth.audit.note import Signer, Verifier, open_note, sign_note
from auth.errors import NoteInvalid
from signaling.backup.errors import BackupDamaged
from signaling.backup.parts import DATABASE, Part, checked_path, part_of

FORMAT = "plenum-backup-1"
FILE = "manifest.json"
SIGNATURE = "manifest.sig"
_TITLE = "plenum backup manifest"  # a checkpoint's first line is its log's origin, so neither passes for the other


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Size and hex SHA-256 of a file in the backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LogState:
    """The audit log in the backup. ``checkpoint`` is the size of the newest signed state that it agrees with."""

    size: int
    root: str
    checkpoint: int
    last_entry_at: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was backed up, when, by which version; ``missing`` blobs are named in the database but were not there."""

    made_at: str
    plenum: str
    schema: str
    origin: str
    log: LogState
    files: dict[str, StoredFile] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: str = FORMAT

    def to_json(self) -> bytes:
        """Return the bytes that are hashed, signed and stored."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def parse(data: bytes) -> Manifest:
    """Read a manifest. Raises BackupDamaged for anything that is not one of ours, whole."""
    try:
        body: dict[str, Any] = json.loads(data)
        if body["format"] != FORMAT:
            raise BackupDamaged(f"The backup has the unknown form {body['format']!r}; use the program that made it.")
        files = {path: StoredFile(int(one["size"]), str(one["sha256"])) for path, one in body["files"].items()}
        found = Manifest(**body | {"log": LogState(**body["log"]), "files": files})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupDamaged("The backup's manifest cannot be read.") from error
    for path in files:
        checked_path(path)
        if part_of(path) is not Part.DATA:
            raise BackupDamaged(f"The backup holds {path!r}, which belongs to the keys.")
    if DATABASE not in files:
        raise BackupDamaged("The backup holds no database.")
    return found


def sign(data: bytes, signer: Signer) -> str:
    """Return the signed note over a manifest's bytes."""
    return sign_note(_statement(data), signer)


def check_signature(data: bytes, note: str, verifier: Verifier) -> None:
    """Raise BackupDamaged unless the log's key signed exactly these bytes."""
    try:
        signed = open_note(note, verifier)
    except NoteInvalid as error:
        raise BackupDamaged(f"The manifest is not signed by this deployment: {error}") from error
    if signed != _statement(data):
        raise BackupDamaged("The manifest is not the one that was signed.")


def _statement(data: bytes) -> str:
    return f"{_TITLE}\n{base64.b64encode(hashlib.sha256(data).digest()).decode()}\n"


def stamp(at: datetime) -> str:
    """Return an instant as manifests write it, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def folder_name(at: datetime) -> str:
    """Return the name of the folder of a backup: it sorts by time, and suits every file system."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%f")[:-3] + "Z"
