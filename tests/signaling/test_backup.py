"""Backup and restore with real files, beside a hub that is used, and what must not pass for a backup."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from auth.audit.entry import Action
from auth.audit.keys import create_signer
from auth.errors import LogRolledBack
from auth.model import Label
from documents.errors import KeyDestroyed
from documents.keys import KeyStore
from documents.model import BlobRef
from documents.repository import get_paper_version, papers_of_meeting
from documents.store import BlobStore
from signaling import housekeeping
from signaling.backup import check, data, files, keys, manifest, sealed
from signaling.backup.errors import (
    BackupBusy,
    BackupDamaged,
    BackupError,
    BackupLogDiffers,
    BackupTooNew,
    FolderNotEmpty,
    KeysDamaged,
    KeysIncomplete,
    PassphraseExposed,
    PassphraseWeak,
    PassphraseWrong,
)
from signaling.backup.parts import Part, checked_path, part_of
from signaling.backup.restore import Restored, Sources, restore
from signaling.backup.sealed import Cost
from signaling.cli import main
from signaling.cli.passphrase import read_passphrase
from signaling.settings import Settings
from signaling.store.database import open_engine
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Refused, until
from tests.signaling.seed import Seed
from tests.signaling.test_process import VOTERS, browser, open_many_polls, serving, vote_everywhere

PASSPHRASE = "bốn từ không ai đoán được"
CHEAP = Cost(memory=64, passes=1, lanes=1)
ORIGIN = "plenum/localhost"
NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)


class Vault:
    """Where backups of one deployment go, each a minute after the one before."""

    def __init__(self, deployment: Path, folder: Path) -> None:
        self.deployment = deployment
        self.data = folder / "data-backups"
        self.keys = folder / "keys-backups"
        self.now = NOW

    def save(self) -> data.Saved:
        self.now += timedelta(minutes=1)
        return data.save(self.deployment, self.data, ORIGIN, self.now)

    def save_keys(self, keep: int = 2) -> Path:
        self.now += timedelta(minutes=1)
        return keys.save(self.deployment, self.keys, PASSPHRASE, self.now, keep, CHEAP)

    def restore(self, backup: Path, sealed_keys: Path, target: Path, kept: str = "", **options: bool) -> Restored:
        return restore(Sources(backup, sealed_keys, PASSPHRASE, kept), target, self.now, **options)


@pytest.fixture
async def vault(start: StartHub, seed: Seed, tmp_path: Path) -> Vault:
    """The deployment of a hub that ran once."""
    async with start():
        pass
    return Vault(seed.folder, tmp_path)


def paper_of(seed: Seed, folder: Path) -> tuple[BlobRef, bytes]:
    """Return where our paper lies in a deployment, and its content."""
    engine = open_engine(folder / "plenum.sqlite", writer=False)
    with engine.connect() as conn, conn.begin():
        paper = papers_of_meeting(conn, seed.ours.meeting)[0]
        version = get_paper_version(conn, paper.paper_id, 1)
    engine.dispose()
    store = BlobStore(folder / "blobs", KeyStore.open_or_create(folder / "keys"))
    return version.blob, store.get(version.blob, paper.paper_id, 1, Label.INTERNAL)


# --- the whole way ---


@pytest.mark.process
async def test_a_backup_made_while_ballots_are_cast_restores_to_a_hub_that_runs(seed: Seed, tmp_path: Path) -> None:
    settings = replace(Settings(data=seed.folder), port=unused_port(), control_port=unused_port())
    vote = await asyncio.to_thread(open_many_polls, seed, settings)
    vault = Vault(seed.folder, tmp_path)
    async with serving(settings):
        voters = [asyncio.create_task(vote_everywhere(settings, seed, name, vote)) for name in VOTERS]
        await until(lambda: len(vote.receipts) >= 20)
        before = dict(vote.receipts)
        saved = await asyncio.to_thread(vault.save)
        await asyncio.gather(*voters)
    assert len(before) < len(vote.receipts), "ballots were cast during and after the backup"
    sealed_keys = await asyncio.to_thread(vault.save_keys)
    kept = settings.checkpoint_file.read_text()
    folder = tmp_path / "restored"
    done = await asyncio.to_thread(vault.restore, saved.folder, sealed_keys, folder, kept)
    assert done.lost_entries > 0 and done.unreadable == 0
    elsewhere = replace(settings, data=folder)
    async with (
        serving(elsewhere),
        browser(elsewhere, seed, "chair") as client,
        client.get("/api/v1/session", ssl=False) as answer,
    ):
        assert answer.status == 401, "all sessions were ended"
    there = await asyncio.to_thread(ballots_in, folder)
    assert before.keys() <= there, "what was acknowledged before the backup is in it"
    assert there < vote.receipts.keys(), "and what was acknowledged later is not"
    assert await asyncio.to_thread(paper_of, seed, folder) == await asyncio.to_thread(paper_of, seed, seed.folder)
    assert await asyncio.to_thread(main, ("audit", "verify", "--data", str(folder))) == 0


def ballots_in(folder: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(folder / "plenum.sqlite") as database:
        return set(database.execute("SELECT poll_id, person_id FROM ballot"))


async def test_the_restored_log_tells_of_the_restore_and_pages_read_anew(
    vault: Vault, start: StartHub, tmp_path: Path
) -> None:
    async with start() as hub:
        await hub.open("chair")
        live = await hub.live("chair")
        known = (await live.request("subscribe", meetingId=hub.seed.ours.meeting))["revision"]
    saved, folder = await asyncio.to_thread(vault.save), tmp_path / "restored"
    sealed_keys = await asyncio.to_thread(vault.save_keys)
    await asyncio.to_thread(vault.restore, saved.folder, sealed_keys, folder)
    async with start(data=folder) as hub:
        told = (await hub.log(action=Action.SYSTEM_RESTORE))[0]
        assert told.entry.details["backup"] == saved.manifest.made_at
        assert told.index == saved.manifest.log.size
        with pytest.raises(Refused, match="no_session"):
            await hub.call("chair", "GET", "/session")
        meeting = f"meeting:{hub.seed.ours.meeting}"
        with sqlite3.connect(folder / "plenum.sqlite") as database:
            query = "SELECT min(revision), max(revision), count(*) FROM event WHERE stream = ?"
            first, last, count = database.execute(query, (meeting,)).fetchone()
    assert first > known + 1_000_000 and last - first == count - 1


def test_a_restore_brings_no_way_in_back_that_was_used_since(vault: Vault, tmp_path: Path, seed: Seed) -> None:
    with sqlite3.connect(seed.folder / "plenum.sqlite") as database:
        mine = (seed.people["north"],)
        until_then = "'2026-11-22', '2099-01-01'"
        database.execute(f"INSERT INTO welcome_link VALUES (?, x'01', {until_then})", mine)
        database.execute("INSERT INTO pending_sign_in VALUES (x'01', ?, '192.0.2.1', '2099-01-01', 0)", mine)
    folder = tmp_path / "restored"
    vault.restore(vault.save().folder, vault.save_keys(), folder)
    with sqlite3.connect(folder / "plenum.sqlite") as database:
        for table in ("welcome_link", "pending_sign_in"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


async def test_an_older_copy_put_back_without_a_restore_is_refused(vault: Vault, start: StartHub, seed: Seed) -> None:
    saved = await asyncio.to_thread(vault.save)
    async with start():
        pass
    for name in ("plenum.sqlite", "plenum.sqlite-wal", "plenum.sqlite-shm"):
        (seed.folder / name).unlink(missing_ok=True)
    shutil.copy(saved.folder / "plenum.sqlite", seed.folder / "plenum.sqlite")
    with pytest.raises(LogRolledBack):
        async with start():
            pass


async def test_the_hub_logs_the_backups_that_were_made_beside_it(vault: Vault, start: StartHub) -> None:
    command = ("backup", str(vault.data), "--data", str(vault.deployment), "--verify")
    assert await asyncio.to_thread(main, command) == 0
    async with start() as hub:
        await housekeeping.record_backups(hub.services)
        await housekeeping.record_backups(hub.services)
        (told,) = await hub.log(action=Action.SYSTEM_BACKUP)
    assert told.entry.details["part"] == "data" and told.entry.details["files"] == 6


def test_signatures_verify_after_a_restore(vault: Vault, tmp_path: Path) -> None:
    """The authority and the signers' certificates are those of before."""
    folder = tmp_path / "restored"
    vault.restore(vault.save().folder, vault.save_keys(), folder)
    for name in ("root.pem", "root.key", "issuing.pem", "issuing.key"):
        assert (folder / "authority" / name).read_bytes() == (vault.deployment / "authority" / name).read_bytes()
    assert not (folder / "tls").exists(), "certificates of this machine are issued anew at the start"
    modes = {path.stat().st_mode & 0o777 for path in folder.rglob("*")}
    assert modes == {0o600, 0o700}


# --- data ---


def test_papers_of_an_earlier_backup_are_linked_and_old_backups_can_go(vault: Vault, seed: Seed) -> None:
    first, second = vault.save(), vault.save()
    path = data.blob_path(paper_of(seed, seed.folder)[0].blob_id)
    assert (first.folder / path).stat().st_ino == (second.folder / path).stat().st_ino
    assert second.copied_bytes < first.copied_bytes
    assert data.forget(vault.data, keep=1) == [first.folder]
    assert check.check(second.folder, check.vkey_of(second.folder)).files == second.manifest.files
    assert data.backups(vault.data) == [second.folder]


def test_where_nothing_can_be_linked_papers_are_copied(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("not on this file system")

    monkeypatch.setattr(os, "link", refuse)
    first, second = vault.save(), vault.save()
    assert second.manifest.files == first.manifest.files | {
        path: second.manifest.files[path] for path in ("plenum.sqlite", "audit/checkpoints.txt")
    }
    assert check.check(second.folder, check.vkey_of(second.folder))


def test_no_private_key_lies_in_a_backup_of_data(vault: Vault) -> None:
    saved = vault.save()
    for path in (saved.folder / one for one in files.walk(saved.folder)):
        assert b"PRIVATE KEY" not in path.read_bytes()
    assert {path.split("/")[0] for path in saved.manifest.files} == {"audit", "authority", "blobs", "plenum.sqlite"}
    assert not (saved.folder / "keys").exists()


def test_a_paper_that_is_gone_is_told_but_one_that_was_destroyed_is_not(vault: Vault, seed: Seed) -> None:
    ref = paper_of(seed, seed.folder)[0]
    path = seed.folder / data.blob_path(ref.blob_id)
    content = path.read_bytes()
    path.unlink()
    assert vault.save().manifest.missing == [ref.blob_id]
    path.write_bytes(content)
    BlobStore(seed.folder / "blobs", KeyStore(seed.folder / "keys")).delete(ref)
    assert vault.save().manifest.missing == []


@pytest.mark.process
def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(vault: Vault, seed: Seed) -> None:
    for number in range(400):  # something to be killed in
        folder = seed.folder / "blobs" / f"{number % 256:02x}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number % 256:02x}{number:030x}").write_bytes(os.urandom(20_000))
    command = [sys.executable, "-m", "signaling.cli", "backup", str(vault.data), "--data", str(seed.folder)]
    running = subprocess.Popen(command)
    while not list(vault.data.glob(f"{files.UNFINISHED}*/blobs")):
        assert running.poll() is None, "it ended before it could be killed"
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert data.backups(vault.data) == [] and list(vault.data.glob(f"{files.UNFINISHED}*"))
    (left,) = vault.data.glob(f"{files.UNFINISHED}*")
    with pytest.raises(BackupDamaged):
        check.check(left, create_signer(vault.data / "any", ORIGIN).verifier)
    saved = vault.save()
    assert data.backups(vault.data) == [saved.folder] and not list(vault.data.glob(f"{files.UNFINISHED}*"))


def test_two_backups_do_not_write_to_one_place_at_once(vault: Vault) -> None:
    with files.alone(vault.data), pytest.raises(BackupBusy):
        vault.save()


def test_a_folder_without_a_deployment_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError):
        data.save(tmp_path, tmp_path / "out", ORIGIN, NOW)
    with pytest.raises(BackupError):
        keys.save(tmp_path, tmp_path / "out", PASSPHRASE, NOW, cost=CHEAP)


# --- what must be refused ---


def touch(path: Path) -> None:
    """Change one byte in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def forge_whole(backup: Path) -> None:
    """Change the database, and the manifest so that it fits, signed by a key of the forger's own."""
    with sqlite3.connect(backup / "plenum.sqlite") as database:
        database.execute("UPDATE person SET name = 'Somebody Else'")
    body = json.loads((backup / manifest.FILE).read_bytes())
    found = files.measure(backup / "plenum.sqlite")
    body["files"]["plenum.sqlite"] = {"size": found.size, "sha256": found.sha256}
    signer = create_signer(backup.parent / "forger", ORIGIN)
    data_ = json.dumps(body).encode()
    (backup / manifest.FILE).write_bytes(data_)
    (backup / manifest.SIGNATURE).write_text(manifest.sign(data_, signer))
    (backup / "audit" / "key" / "audit_vkey.txt").write_text(signer.verifier.vkey())


def remove_blob(backup: Path) -> None:
    shutil.rmtree(backup / "blobs")


@pytest.mark.parametrize(
    "damage",
    [
        lambda backup: touch(backup / "plenum.sqlite"),
        lambda backup: touch(next((backup / "blobs").glob("*/*"))),
        lambda backup: touch(backup / manifest.FILE),
        lambda backup: touch(backup / manifest.SIGNATURE),
        lambda backup: touch(backup / "audit" / "checkpoints.txt"),
        lambda backup: (backup / manifest.FILE).unlink(),
        lambda backup: (backup / "audit" / "key" / "audit_vkey.txt").unlink(),
        remove_blob,
        forge_whole,
    ],
)
def test_a_touched_backup_is_refused_and_nothing_is_left(
    vault: Vault, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    saved, sealed_keys = vault.save(), vault.save_keys()
    damage(saved.folder)
    with pytest.raises(BackupError):
        vault.restore(saved.folder, sealed_keys, tmp_path / "restored")
    assert not (tmp_path / "restored").exists() and not list(tmp_path.glob(f"{files.UNFINISHED}*"))


def test_checkpoints_that_were_kept_elsewhere_must_agree(vault: Vault, tmp_path: Path, seed: Seed) -> None:
    saved, sealed_keys = vault.save(), vault.save_keys()
    other = create_signer(tmp_path / "other", ORIGIN)
    for kept in ("nothing", manifest.sign(b"", other)):
        with pytest.raises(BackupLogDiffers):
            vault.restore(saved.folder, sealed_keys, tmp_path / "restored", kept)
    kept = (seed.folder / "audit" / "checkpoints.txt").read_text()
    assert vault.restore(saved.folder, sealed_keys, tmp_path / "restored", kept).lost_entries == 0


def test_a_restore_touches_no_folder_that_holds_something(vault: Vault, tmp_path: Path) -> None:
    saved, sealed_keys = vault.save(), vault.save_keys()
    full, empty = tmp_path / "full", tmp_path / "empty"
    full.mkdir()
    empty.mkdir()
    (full / "something").write_text("mine")
    with pytest.raises(FolderNotEmpty):
        vault.restore(saved.folder, sealed_keys, full)
    assert vault.restore(saved.folder, sealed_keys, empty).sessions_ended > 0


def test_a_backup_of_a_later_version_is_refused_in_words(vault: Vault, tmp_path: Path, seed: Seed) -> None:
    with sqlite3.connect(seed.folder / "plenum.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    saved, sealed_keys = vault.save(), vault.save_keys()
    with pytest.raises(BackupTooNew, match="Install Plenum"):
        vault.restore(saved.folder, sealed_keys, tmp_path / "restored")


# --- keys ---


def test_the_sealed_keys_show_nothing_and_open_with_the_passphrase_only(vault: Vault) -> None:
    path = vault.save_keys()
    held = keys.load(path, PASSPHRASE)
    assert "authority/root.key" in held.files and "audit/key/audit_ed25519.pem" in held.files
    content = path.read_bytes()
    assert not any(one in content for one in held.files.values() if len(one) > 20)
    assert b"root.key" not in content and "PRIVATE" not in repr(held)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(PassphraseWrong):
        keys.load(path, PASSPHRASE + " ")
    touch(path)
    with pytest.raises(PassphraseWrong):
        keys.load(path, PASSPHRASE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"something else",
        sealed.MAGIC + b"{}\n",
        sealed.MAGIC + b"not json\n",
        sealed.MAGIC + b'{"salt":"00","nonce":"00","memory":99,"passes":1,"lanes":1}\n',
        sealed.MAGIC + b'{"salt":"%s","nonce":"%s","memory":999999999,"passes":1,"lanes":1}\n' % (b"0" * 32, b"0" * 24),
        sealed.seal(b"[]", PASSPHRASE, "", CHEAP),
    ],
)
def test_what_is_no_backup_of_keys_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.keys"
    path.write_bytes(content)
    with pytest.raises(KeysDamaged):
        keys.load(path, PASSPHRASE)


def test_a_short_passphrase_is_refused_and_so_is_an_exposed_file(tmp_path: Path) -> None:
    with pytest.raises(PassphraseWeak):
        sealed.seal(b"", "hoa-sen-2026", "", CHEAP)
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\r\nsecond line\n")
    file.chmod(0o644)
    with pytest.raises(PassphraseExposed):
        read_passphrase(file, twice=True)
    file.chmod(0o400)
    assert read_passphrase(file, twice=True) == PASSPHRASE


def test_what_is_destroyed_is_gone_from_backups_once_the_old_keys_are(vault: Vault, tmp_path: Path, seed: Seed) -> None:
    saved, first = vault.save(), vault.save_keys()
    ref, _ = paper_of(seed, seed.folder)
    KeyStore(seed.folder / "keys").destroy(ref.key_id)
    newest = [vault.save_keys() for _ in range(2)][-1]
    assert not first.exists(), "only the newest two are kept"
    vault.restore(saved.folder, newest, tmp_path / "restored")
    with pytest.raises(KeyDestroyed):
        paper_of(seed, tmp_path / "restored")


def test_keys_that_are_older_than_the_papers_are_refused_unless_told(vault: Vault, tmp_path: Path, seed: Seed) -> None:
    path = next(iter((seed.folder / "keys" / "wrapped").glob(f"*/{paper_of(seed, seed.folder)[0].key_id}")))
    away = path.rename(tmp_path / path.name)
    older = vault.save_keys()
    away.rename(path)
    saved = vault.save()
    with pytest.raises(KeysIncomplete, match="1 papers"):
        vault.restore(saved.folder, older, tmp_path / "restored")
    done = vault.restore(saved.folder, older, tmp_path / "restored", allow_unreadable=True)
    assert done.unreadable == 1


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("plenum.sqlite", Part.DATA),
        ("plenum.sqlite-wal", Part.NOWHERE),
        ("blobs/ab/abcd", Part.DATA),
        ("blobs/ab/.abcd.1234", Part.NOWHERE),
        ("audit/key/audit_ed25519.pem", Part.KEYS),
        ("authority/root.key", Part.KEYS),
        ("authority/revoked.json", Part.KEYS),
        ("signers/person-1.json", Part.KEYS),
        ("keys/kek/current", Part.KEYS),
        ("keys/lock", Part.NOWHERE),
        ("tls/hub/key.pem", Part.NOWHERE),
        ("something/new.pem", Part.KEYS),
    ],
)
def test_every_file_has_its_place(path: str, part: Part) -> None:
    assert part_of(path) is part


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "blobs/../../x", "blobs//x", ".hidden", "", "tls/hub/key.pem"])
def test_no_path_leads_out_of_a_restored_folder(path: str) -> None:
    with pytest.raises(BackupDamaged):
        checked_path(path)


def test_the_command_line_backs_up_and_restores(
    vault: Vault, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys.save, "__defaults__", (keys.KEEP, CHEAP))
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE)
    passphrase.chmod(0o600)
    asked = ("--passphrase-file", str(passphrase))
    here = ("--data", str(vault.deployment))
    assert main(("backup", *here)) == 2
    assert main(("backup", str(vault.data), "--keys", str(vault.keys), *asked, *here, "--keep", "1")) == 0
    (backup,) = data.backups(vault.data)
    (sealed_keys,) = vault.keys.glob("*.keys")
    assert main(("restore", str(backup), "--check")) == 0
    assert main(("restore", str(backup))) == 2
    target = tmp_path / "restored"
    whole = ("restore", str(backup), "--keys", str(sealed_keys), "--data", str(target), *asked)
    assert main(whole) == 0
    told = capsys.readouterr().out
    assert "The last thing on record is log entry" in told and "PLENUM_NAME=localhost" in told
    assert main(whole) == 2, "the folder is not empty any more"
    assert main(("audit", "verify", "--data", str(target))) == 0
