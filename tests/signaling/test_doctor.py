"""The doctor: each finding with what to do, beside a hub that runs and on folders that are not well."""

import asyncio
import json
import os
import shutil
import socket
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from signaling.cli import main
from signaling.doctor.finding import Finding, Level
from signaling.doctor.machine import clock, descriptors
from signaling.doctor.network import announced, certificate_finding, check_network, contradictions, crowding
from signaling.doctor.storage import check_storage, rights, space
from signaling.relay_places import relay_places
from signaling.settings import Settings
from tests.signaling.conftest import StartHub
from tests.signaling.seed import Seed

NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
async def settings(start: StartHub, seed: Seed) -> Settings:
    """A deployment whose hub ran once."""
    async with start():
        pass
    await asyncio.to_thread(close_to_others, seed.folder)
    return Settings(data=seed.folder)


def close_to_others(folder: Path) -> None:
    """Give the files the rights that they have when the command line makes them, with its umask."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


def found(settings: Settings) -> dict[str, Finding]:
    return {one.check: one for one in check_storage(settings, os.getuid())}


def test_a_sound_folder_has_no_problem(settings: Settings) -> None:
    levels = {check: one.level for check, one in found(settings).items()}
    assert levels.keys() == {"rights", "space", "database", "schema", "log", "papers"}
    assert Level.PROBLEM not in levels.values()


async def test_it_works_beside_a_running_hub(start: StartHub, seed: Seed) -> None:
    async with start():
        levels = await asyncio.to_thread(found, Settings(data=seed.folder))
    assert levels["log"].level is levels["database"].level is Level.OK


def test_an_open_folder_is_a_problem(settings: Settings) -> None:
    (settings.data / "authority" / "root.key").chmod(0o644)
    assert found(settings)["rights"].level is Level.PROBLEM
    (settings.data / "authority" / "root.key").chmod(0o600)
    assert rights(settings.data, os.getuid() + 1).level is Level.PROBLEM, "another account's files"


def test_a_lost_paper_is_a_problem_and_so_is_a_lost_key(settings: Settings) -> None:
    wrapped = settings.data / "keys" / "wrapped"
    wrapped.rename(wrapped.with_name("away"))
    assert found(settings)["papers"].level is Level.PROBLEM
    wrapped.with_name("away").rename(wrapped)
    shutil.rmtree(settings.data / "blobs")
    assert "2 of 2 papers" in found(settings)["papers"].words


def test_a_log_that_is_behind_its_checkpoint_is_a_problem(settings: Settings) -> None:
    with sqlite3.connect(settings.database_file) as database:
        database.execute("DELETE FROM audit_detail")
        database.execute("DELETE FROM audit_entry")
    assert found(settings)["log"].level is Level.PROBLEM
    assert found(replace(settings, name="meet.example.org"))["log"].level is Level.PROBLEM, "another origin"


@pytest.mark.parametrize(("revision", "level"), [("0001", Level.WARNING), ("9999", Level.PROBLEM)])
def test_another_schema_is_told_apart(settings: Settings, revision: str, level: Level) -> None:
    with sqlite3.connect(settings.database_file) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    assert found(settings)["schema"].level is level


def test_a_folder_without_a_deployment_can_wait(tmp_path: Path) -> None:
    assert [one.level for one in check_storage(Settings(data=tmp_path), os.getuid())] == [Level.WARNING]


@pytest.mark.parametrize(("free", "level"), [(2**20, Level.PROBLEM), (2**31, Level.WARNING), (2**40, Level.OK)])
def test_space_is_judged_before_it_runs_out(tmp_path: Path, free: int, level: Level) -> None:
    assert space(tmp_path, free).level is level


def test_a_clock_that_was_set_back_is_a_problem() -> None:
    assert clock(NOW, NOW + timedelta(hours=1)).level is Level.PROBLEM
    assert clock(NOW, NOW - timedelta(hours=1)).level is not Level.PROBLEM
    assert clock(NOW, None).level is not Level.PROBLEM


def test_more_relays_than_processors_are_a_warning() -> None:
    assert [one.level for one in crowding(3, 2)] == [Level.WARNING]
    assert list(crowding(2, 2)) == []


def test_every_relay_of_this_machine_is_looked_at(settings: Settings) -> None:
    several = replace(settings, relay_port=unused_port(), relay_processes="2", relay_announce="")
    found = [one for one in check_network(several, datetime.now(UTC)) if one.check == "relay"]
    ports = [str(place.relay_port) for place in relay_places(several, 1)]
    assert [port in one.words for port, one in zip(ports, found[-2:], strict=True)] == [True, True]


def test_few_descriptors_are_a_warning() -> None:
    assert descriptors(1024).level is Level.WARNING
    assert descriptors(65536).level is Level.OK


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, Level.OK),
        ({"tls": "off"}, Level.WARNING),
        ({"tls": "off", "trusted_proxies": "127.0.0.1"}, Level.OK),
        ({"relay_port": 8443}, Level.PROBLEM),
        ({"port": 7442}, Level.OK),
        ({"port": 7442, "control_port": 7443}, Level.PROBLEM),
        ({"host": "0.0.0.0"}, Level.WARNING),
        ({"name": "meet.example.org", "relay_announce": "127.0.0.1"}, Level.PROBLEM),
        ({"external_port": 443}, Level.WARNING),
        ({"tls": "off", "host": "unix:/run/plenum/hub.sock", "external_port": 443}, Level.OK),
    ],
)
def test_settings_that_contradict_each_other_are_found(changes: dict[str, object], level: Level) -> None:
    (only,) = contradictions(replace(Settings(), **changes))  # type: ignore[arg-type]
    assert only.level is level and bool(only.advice) is (level is not Level.OK)


def test_a_certificate_is_judged_by_its_end_and_its_names(settings: Settings) -> None:
    path, now = settings.data / "tls" / "hub" / "certificate.pem", datetime.now(UTC)
    assert certificate_finding(path, "localhost", now).level is Level.OK
    assert certificate_finding(path, "meet.example.org", now).level is Level.PROBLEM
    assert certificate_finding(path, "localhost", now + timedelta(days=330)).level is Level.WARNING
    assert certificate_finding(path, "localhost", now + timedelta(days=500)).level is Level.PROBLEM
    path.write_text("nothing")
    assert certificate_finding(path, "localhost", now).level is Level.PROBLEM


def test_an_announced_address_is_tried() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind(("127.0.0.1", 0))
        own.settimeout(5)
        port = own.getsockname()[1]
        assert announced("127.0.0.1", port, own).level is Level.OK
        own.settimeout(0.1)
        assert announced("127.0.0.1", unused_port(), own).level is not Level.OK, "it goes elsewhere"
    assert announced("127.0.0.1", port, None).level is Level.PROBLEM, "nobody listens"


@pytest.mark.process
def test_the_command_says_what_it_found_and_ends_with_a_status(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PORT", "CONTROL_PORT", "RELAY_PORT"):
        monkeypatch.setenv(f"PLENUM_{name}", str(unused_port()))
    monkeypatch.setenv("PLENUM_CLIENT", str(settings.data))
    assert main(("doctor", "--data", str(settings.data), "--json")) == 1
    told = {one["check"]: one for one in map(json.loads, capsys.readouterr().out.splitlines())}
    assert told["client"]["level"] == "problem" and told["client"]["advice"]
    assert told["layout"]["level"] == told["srtp"]["level"] == "ok", "a worker laid out a page"
    (settings.data / "index.html").write_text("")
    (settings.data / "index.html").chmod(0o600)
    assert main(("doctor", "--data", str(settings.data))) == 0
    assert "→ Start it." in capsys.readouterr().out
