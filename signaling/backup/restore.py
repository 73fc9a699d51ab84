"""Putting a deployment together again from a backup of data and one of keys, in a new folder.

Nothing is believed that the log's key did not sign: the key comes out of the sealed keys, the manifest must be signed
by it, every file must be what the manifest says, and the log must be the one that its checkpoints signed. It then
records the restore, signed, so that whoever verifies it is told; an older copy put back without this is refused by the
hub at its start.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from auth import pending, sessions, welcome
from auth.audit.checkpoints import split_notes
from auth.audit.entry import Action, AuditEntry
from auth.audit.keys import load_signer
from auth.audit.log import AuditLog
from auth.audit.note import Checkpoint, Verifier, open_checkpoint
from auth.errors import NoteInvalid
from certs.files import private_folder, write_file
from signaling.audit_entries import entry
from signaling.backup import check, files, keys, snapshot
from signaling.backup.errors import BackupLogDiffers, BackupTooNew, FolderNotEmpty, KeysIncomplete
from signaling.backup.keys import Keys
from signaling.backup.manifest import Manifest
from signaling.backup.parts import CHECKPOINTS, DATABASE
from signaling.store.database import open_engine
from signaling.store.schema import MIGRATIONS, migrate
from signaling.store.streams import leave_revisions_behind
from signaling.version import VERSION


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back, and how many entries are known to have been signed that it could not bring back."""

    manifest: Manifest
    keys_made_at: str
    lost_entries: int
    unreadable: int
    sessions_ended: int


@dataclass(frozen=True, slots=True)
class Sources:
    """What a restore is made of; ``kept`` are checkpoints that were kept elsewhere, as text."""

    backup: Path
    keys: Path
    passphrase: str
    kept: str = ""


def restore(sources: Sources, target: Path, now: datetime, *, allow_unreadable: bool = False) -> Restored:
    """Build the deployment in ``target``, which gets its name only when all is well. Raises BackupError, OSError."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FolderNotEmpty(f"{target} is not an empty folder; a restore never touches what is there.")
    with _unfinished(target) as folder:
        held = keys.load(sources.keys, sources.passphrase)
        _put_keys(held, folder)
        name = check.vkey_of(sources.backup).name
        verifier = load_signer(folder / "audit" / "key", name).verifier
        found = check.read_manifest(sources.backup, verifier)
        _check_schema(found)
        _put_data(sources.backup, found, folder)
        kept = _check_log(folder, found, sources.kept, verifier)
        unreadable = _unreadable(folder, held)
        if unreadable and not allow_unreadable:
            raise KeysIncomplete(
                f"The keys of {unreadable} papers are not in this keys backup (of {held.made_at}; the data are of "
                f"{found.made_at}). Use a keys backup made after the data, or give --allow-unreadable."
            )
        migrate(folder / DATABASE)
        lost, ended = _adopt(folder, found, kept, now)
        files.finish(folder, target)
    return Restored(found, held.made_at, lost, unreadable, ended)


@contextlib.contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A folder beside the target; removed unless it became the target."""
    folder = target.parent / f"{files.UNFINISHED}{target.name}"
    if folder.exists():
        files.remove(folder)
    private_folder(folder)
    try:
        yield folder
    finally:
        if folder.exists():
            files.remove(folder)


def _put_keys(held: Keys, folder: Path) -> None:
    for path, content in held.files.items():
        write_file(private_folder((folder / path).parent) / Path(path).name, content)


def _put_data(backup: Path, found: Manifest, folder: Path) -> None:
    for path, stored in found.files.items():
        try:
            copied = files.copy(backup / path, folder / path)
        except FileNotFoundError as error:
            raise check.missing(path) from error
        check.check_file(path, stored, copied)


def _check_schema(found: Manifest) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found.schema not in known:
        raise BackupTooNew(
            f"The backup was made by Plenum {found.plenum} (schema {found.schema}), which this version, {VERSION}, "
            f"does not know. Install Plenum {found.plenum} or later, then restore."
        )


def _check_log(folder: Path, found: Manifest, kept: str, verifier: Verifier) -> list[str]:
    """Compare the log with all checkpoints, and return the notes of what was signed after the backup."""
    notes = (folder / CHECKPOINTS).read_text("utf-8")
    later: list[str] = []
    within: list[str] = []
    for note in split_notes(kept if kept.endswith("\n\n") else kept + "\n"):
        try:
            size = open_checkpoint(note, verifier).size
        except NoteInvalid as error:
            raise BackupLogDiffers(f"A checkpoint that was kept elsewhere is not of this log: {error}") from error
        (later if size > found.log.size else within).append(note)
    if kept.strip() and not (later or within):
        raise BackupLogDiffers("The file of checkpoints that was kept elsewhere holds none.")
    check.check_log(folder / DATABASE, notes + "".join(f"{note}\n" for note in within), verifier)
    return later


def _unreadable(folder: Path, held: Keys) -> int:
    with snapshot.reading(folder / DATABASE) as conn:
        return sum(not held.holds(one.key_id) for one in snapshot.named_blobs(conn))


def _told(found: Manifest, newest: Checkpoint, now: datetime) -> AuditEntry:
    return entry(
        Action.SYSTEM_RESTORE,
        now,
        None,
        backup=found.made_at,
        entries=found.log.size,
        signed=newest.size,
        version=VERSION,
    )


def _adopt(folder: Path, found: Manifest, kept: list[str], now: datetime) -> tuple[int, int]:
    """Let the log record the restore; end every session and link, and let no page go on from what it knew.

    A link that was used after the backup is unused in it, and would let in whoever finds it.
    """
    log = AuditLog(folder / "audit" / "key", folder / CHECKPOINTS, found.origin)
    engine = open_engine(folder / DATABASE, writer=True)
    try:
        with engine.connect() as conn:
            with conn.begin():
                newest = log.adopt_restored(conn, now, kept)
                ended = sessions.revoke_everybody(conn, now)
                pending.forget_everybody(conn)
                welcome.end_all_links(conn)
                leave_revisions_behind(conn, now)
                log.append(conn, _told(found, newest, now))
                checkpoint = log.prepare(conn)
            if checkpoint is not None:
                log.publish(checkpoint)
    finally:
        engine.dispose()
    return max(0, newest.size - found.log.size), ended
