"""The backup of data: beside the running hub, as often as one likes, without any private key.

Order. A checkpoint is signed after its commit, and a blob is on disk before the row that names it is committed. So the
checkpoints are copied first, then the database at one instant, then the blobs: the copy of the database is never behind
its checkpoints, and every blob that it names is there to be copied, unless it was destroyed on purpose meanwhile.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from auth.audit.checkpoints import split_notes
from auth.audit.keys import load_signer
from auth.audit.note import Signer, open_checkpoint
from certs.files import private_folder, write_file
from documents.keys import KeyStore
from documents.model import KeyId
from signaling.backup import files, manifest, snapshot
from signaling.backup.errors import BackupDamaged, NothingToBackUp
from signaling.backup.manifest import FILE, SIGNATURE, Manifest, StoredFile
from signaling.backup.parts import BLOBS, CHECKPOINTS, DATABASE, Part, part_of
from signaling.version import VERSION


@dataclass(frozen=True, slots=True)
class Saved:
    """A finished backup: its folder, what it holds, and how many of its bytes were new."""

    folder: Path
    manifest: Manifest
    copied_bytes: int


def save(data: Path, target: Path, origin: str, now: datetime) -> Saved:
    """Write a backup of the deployment in ``data`` to a new folder in ``target``.

    Until all of it is on disk the folder has the name of something unfinished. Raises BackupError, OSError.
    """
    if not (data / DATABASE).is_file():
        raise NothingToBackUp(f"There is no deployment in {data}: no {DATABASE}.")
    signer = load_signer(data / "audit" / "key", origin)
    with files.alone(target):
        unfinished = private_folder(target / f"{files.UNFINISHED}{manifest.folder_name(now)}")
        final = target / manifest.folder_name(now)
        if final.exists():
            raise FileExistsError(f"{final} is there already")
        made, copied = _fill(data, unfinished, signer, _newest(target), now)
        files.finish(unfinished, final)
    return Saved(final, made, copied)


def backups(target: Path) -> list[Path]:
    """Return the finished backups in a folder, oldest first."""
    return sorted(one for one in target.iterdir() if not one.name.startswith(".") and (one / FILE).is_file())


def forget(target: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` backups and return what was removed."""
    with files.alone(target):
        old = backups(target)[:-keep]
        for one in old:
            away = one.with_name(f"{files.UNFINISHED}{one.name}")  # a kill in the middle leaves no half backup
            one.rename(away)
            files.remove(away)
    return old


def _fill(data: Path, folder: Path, signer: Signer, before: "Earlier | None", now: datetime) -> tuple[Manifest, int]:
    notes = split_notes((data / CHECKPOINTS).read_text("utf-8"))
    if not notes:
        raise NothingToBackUp(f"{data / CHECKPOINTS} holds no checkpoint; start the hub once.")
    write_file(
        private_folder((folder / CHECKPOINTS).parent) / "checkpoints.txt", "".join(f"{n}\n" for n in notes).encode()
    )
    snapshot.take(data / DATABASE, folder / DATABASE)
    stored = {path: files.measure(folder / path) for path in (CHECKPOINTS, DATABASE)}
    with snapshot.reading(folder / DATABASE) as conn:
        made = Manifest(
            made_at=manifest.stamp(now),
            plenum=VERSION,
            schema=snapshot.schema_of(conn),
            origin=signer.name,
            log=snapshot.log_state(conn, open_checkpoint(notes[-1], signer.verifier)),
        )
        named = set(snapshot.named_blobs(conn))
    copied = sum(one.size for one in stored.values())
    for path in _wanted(data):
        with contextlib.suppress(FileNotFoundError):  # destroyed since we looked; if it was named, it is counted below
            stored[path], fresh = _keep(data, folder, path, before)
            copied += stored[path].size if fresh else 0
    keys = KeyStore(data / "keys")
    lost = (one for one in named if blob_path(one.blob_id) not in stored and not keys.was_destroyed(KeyId(one.key_id)))
    missing = sorted(one.blob_id for one in lost)
    made = replace(made, files=stored, missing=missing)
    body = made.to_json()
    write_file(folder / SIGNATURE, manifest.sign(body, signer).encode())
    write_file(folder / FILE, body)
    return made, copied


def blob_path(blob_id: str) -> str:
    """Return where a blob lies, as manifests name it."""
    return f"{BLOBS}/{blob_id[:2]}/{blob_id}"


def _wanted(data: Path) -> Iterator[str]:
    for path in files.walk(data):
        if part_of(path) is Part.DATA and path not in (DATABASE, CHECKPOINTS):
            yield path


@dataclass(frozen=True, slots=True)
class Earlier:
    """The backup before: what did not change since is linked, not copied."""

    folder: Path
    files: dict[str, StoredFile]


def _newest(target: Path) -> Earlier | None:
    found = backups(target)
    if not found:
        return None
    try:
        return Earlier(found[-1], manifest.parse((found[-1] / FILE).read_bytes()).files)
    except BackupDamaged:
        return None  # then everything is copied


def _keep(data: Path, folder: Path, path: str, before: Earlier | None) -> tuple[StoredFile, bool]:
    """Put one file into the backup; a blob that the backup before has is the same one, because blobs never change."""
    source, target = data / path, folder / path
    known = before.files.get(path) if before is not None and path.startswith(f"{BLOBS}/") else None
    if before is not None and known is not None and known.size == source.stat().st_size:
        same = before.folder / path
        if same.is_file() and same.stat().st_size == known.size and files.link(same, target):
            return known, False
    return files.copy(source, target), True
