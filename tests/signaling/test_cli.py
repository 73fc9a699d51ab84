"""The command line: proving the log with real files, help, and settings that cannot be used."""

import asyncio
import shutil
import sqlite3
from pathlib import Path

import pytest

from auth.audit.entry import Action
from signaling.audit_entries import entry
from signaling.cli import main
from signaling.errors import BadSetting
from signaling.settings import Settings, describe, from_environment, to_environment
from signaling.store.transaction import Transaction
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Hub
from tests.signaling.seed import Seed


def cli(*arguments: str) -> int:
    try:
        return main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)


async def add(hub: Hub, count: int) -> None:
    """Entries one by one, so that each has its checkpoint."""

    def run(tx: Transaction) -> None:
        tx.audit(entry(Action.MEETING_EDIT, tx.now, None, "meeting", "m", note="ghi chú"))

    for _ in range(count):
        await hub.write(run)


@pytest.fixture
async def closed(start: StartHub, seed: Seed) -> Seed:
    """A deployment with a log of some length, whose hub has stopped."""
    async with start() as hub:
        await add(hub, 8)
    return seed


def verify(seed: Seed, checkpoint: Path | None = None) -> int:
    given = [] if checkpoint is None else ["--checkpoint", str(checkpoint)]
    return cli("audit", "verify", "--data", str(seed.folder), *given)


def kept_elsewhere(seed: Seed, folder: Path) -> Path:
    """Copy the checkpoints to where an officer keeps them."""
    kept = folder / "kept.txt"
    shutil.copy(seed.folder / "audit" / "checkpoints.txt", kept)
    return kept


def change(seed: Seed, statement: str) -> None:
    with sqlite3.connect(seed.folder / "plenum.sqlite") as database:
        database.execute(statement)
    database.close()


def test_an_honest_log_verifies(closed: Seed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(closed) == 0
    assert verify(closed, kept_elsewhere(closed, tmp_path)) == 0
    assert "The log holds" in capsys.readouterr().out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET leaf = CAST(replace(leaf, 'edit', 'edIt') AS BLOB) WHERE entry_index = 3",
        "UPDATE audit_entry SET leaf = zeroblob(length(leaf)) WHERE entry_index = 3",
        "UPDATE audit_detail SET details = replace(details, 'ghi', 'GHI') WHERE entry_index = 3",
        "UPDATE audit_entry SET actor = 'somebody-else' WHERE entry_index = 3",
        "DELETE FROM audit_entry WHERE entry_index = 3",
    ],
)
def test_a_changed_entry_is_found(closed: Seed, statement: str, capsys: pytest.CaptureFixture[str]) -> None:
    change(closed, statement)
    assert verify(closed) == 1
    assert "NOT the log that was signed" in capsys.readouterr().err


def test_a_cut_tail_is_found_with_a_checkpoint_that_was_kept_elsewhere(closed: Seed, tmp_path: Path) -> None:
    kept = kept_elsewhere(closed, tmp_path)
    change(closed, "DELETE FROM audit_entry WHERE entry_index >= 6")
    change(closed, "DELETE FROM audit_detail WHERE entry_index >= 6")
    assert verify(closed, kept) == 1


async def test_an_older_database_put_back_is_found_and_not_served(
    start: StartHub, closed: Seed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, older = closed.folder / "plenum.sqlite", tmp_path / "older.sqlite"
    await asyncio.to_thread(shutil.copy, database, older)
    async with start() as hub:
        await add(hub, 3)
    kept = await asyncio.to_thread(kept_elsewhere, closed, tmp_path)
    await asyncio.to_thread(shutil.copy, older, database)
    assert await asyncio.to_thread(verify, closed, kept) == 1
    assert "log_truncated" in capsys.readouterr().err
    with pytest.raises(Exception, match="older copy was put back"):
        async with start():
            pass


def test_a_checkpoint_of_somebody_else_is_no_proof(closed: Seed, tmp_path: Path) -> None:
    forged = tmp_path / "forged.txt"
    text = (closed.folder / "audit" / "checkpoints.txt").read_text("utf-8")
    forged.write_text(text.replace("plenum/localhost", "plenum/elsewhere"), "utf-8")
    assert verify(closed, forged) == 1


def test_the_log_is_exported_a_line_an_entry(closed: Seed, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli("audit", "export", "--data", str(closed.folder)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 9
    assert all(line.startswith('{"index"') for line in lines)
    assert cli("audit", "vkey", "--data", str(closed.folder)) == 0
    assert capsys.readouterr().out.startswith("plenum/localhost+")


def test_a_folder_without_a_deployment_is_told_and_left_alone(
    closed: Seed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = kept_elsewhere(closed, tmp_path)
    assert cli("audit", "verify", "--data", str(tmp_path / "nowhere"), "--checkpoint", str(checkpoint)) == 2
    assert "plenum:" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_help_names_every_command_and_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli("--help") == 0
    text = capsys.readouterr().out
    assert all(command in text for command in ("serve", "relay", "run", "audit"))
    assert cli("serve", "--help") == 0
    assert describe() in capsys.readouterr().out
    assert cli("--version") == 0
    assert cli() == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PLENUM_PORT", "many"),
        ("PLENUM_PORT", "70000"),
        ("PLENUM_RELAY_PORT", "0"),
        ("PLENUM_LABEL_CEILING", "9"),
        ("PLENUM_SESSION_POLICY", "lenient"),
        ("PLENUM_PRESENCE_GRACE_S", "-1"),
        ("PLENUM_UPLOAD_LIMIT", "1"),
        ("PLENUM_NAME", "https://example.org/"),
        ("PLENUM_RELAY_ANNOUNCE", "192.0.2.1,meet.example.org"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadSetting, match=name):
        from_environment({name: text})
    monkeypatch.setenv(name, text)
    assert cli("serve") == 2
    assert name in capsys.readouterr().err


def test_settings_survive_the_way_through_an_environment(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, port=443, relay_announce=" 192.0.2.1, ,2001:db8::1 ", organisation="Hội đồng")
    again = from_environment(to_environment(settings))
    assert again == settings
    assert again.origin == "https://localhost"
    assert again.relays_port == 444
    assert again.announced == ("192.0.2.1", "2001:db8::1")
    assert from_environment({}) == Settings()


def test_the_relays_listener_does_not_take_the_relays_own_port() -> None:
    assert Settings(port=9000).relays_port == 9001
    assert Settings(port=9000, relay_port=9001).relays_port == 9002
