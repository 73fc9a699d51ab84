"""Reading a backup again and comparing all of it with what was signed."""

from pathlib import Path

from auth.audit.note import Verifier, parse_vkey
from auth.audit.verify import Verified, verify_log
from auth.errors import LogAltered, NoteInvalid
from signaling.backup import files, manifest, snapshot
from signaling.backup.errors import BackupDamaged, BackupLogDiffers
from signaling.backup.manifest import FILE, SIGNATURE, Manifest, StoredFile
from signaling.backup.parts import CHECKPOINTS, DATABASE, VKEY


def vkey_of(backup: Path) -> Verifier:
    """Return the public key that the backup itself names: it shows damage, but not that the backup is ours."""
    try:
        return parse_vkey((backup / VKEY).read_text("ascii"))
    except (OSError, ValueError, NoteInvalid) as error:
        raise BackupDamaged(f"{backup} is not a finished backup: it holds no public key.") from error


def read_manifest(backup: Path, verifier: Verifier) -> Manifest:
    """Return the manifest after checking its signature. Raises BackupDamaged."""
    try:
        body, note = (backup / FILE).read_bytes(), (backup / SIGNATURE).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupDamaged(f"{backup} is not a finished backup: it has no signed manifest.") from error
    manifest.check_signature(body, note, verifier)
    return manifest.parse(body)


def missing(path: str) -> BackupDamaged:
    """Return the error for a file that the manifest names and the backup has not."""
    return BackupDamaged(f"{path} is missing in the backup.")


def check_file(path: str, stored: StoredFile, found: StoredFile) -> None:
    """Raise BackupDamaged unless a file is what the manifest says."""
    if found != stored:
        raise BackupDamaged(f"{path} in the backup is not what was written: it was altered or the disk is failing.")


def check_log(database: Path, notes: str, verifier: Verifier) -> Verified:
    """Compute the whole log of a copy again and compare it with checkpoints. Raises BackupLogDiffers."""
    try:
        with snapshot.reading(database) as conn:
            return verify_log(conn, notes, verifier)
    except (LogAltered, NoteInvalid) as error:
        raise BackupLogDiffers(f"The log in the backup is not the one that was signed: {error}") from error


def check(backup: Path, verifier: Verifier) -> Manifest:
    """Read every file again. Raises BackupDamaged, BackupLogDiffers."""
    found = read_manifest(backup, verifier)
    for path, stored in found.files.items():
        try:
            measured = files.measure(backup / path)
        except OSError as error:
            raise missing(path) from error
        check_file(path, stored, measured)
    check_log(backup / DATABASE, (backup / CHECKPOINTS).read_text("utf-8"), verifier)
    return found
