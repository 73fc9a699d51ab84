"""The systemd units: what systemd itself says of them, and that their commands are ours."""

import configparser
import re
import subprocess
from pathlib import Path

import pytest

from signaling.cli import parser
from signaling.settings import from_environment

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
UNITS = sorted(DEPLOY.glob("plenum-*.service"))
PROGRAM = "/opt/plenum/current/bin/plenum"


def lines(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text(), re.MULTILINE)


def environment() -> dict[str, str]:
    """The settings of the example, as systemd reads them."""
    text = "\n".join(line for line in (DEPLOY / "plenum.env").read_text().splitlines() if not line.startswith("#"))
    found = configparser.RawConfigParser()
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string(f"[all]\n{text}")
    return dict(found["all"])


def test_the_example_settings_fit_together() -> None:
    settings = from_environment(environment())
    assert settings.origin == "https://meet.example.org"
    assert str(settings.unix_socket) in (DEPLOY / "nginx.conf").read_text()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_starts_a_command_that_there_is(unit: Path) -> None:
    (command,) = lines(unit, "ExecStart")
    program, *arguments = command.split()
    assert program == PROGRAM
    assert parser().parse_args(arguments).command


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_is_hardened(unit: Path) -> None:
    for key, value in (
        ("User", "plenum"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("CapabilityBoundingSet", ""),
        ("UMask", "0077"),
        ("LimitCORE", "0"),
    ):
        assert lines(unit, key) == [value]
    assert lines(unit, "SystemCallFilter")[0] == "@system-service"


def analyze(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.needs("systemd-analyze")
def test_systemd_finds_nothing_wrong_and_calls_the_units_safe(tmp_path: Path) -> None:
    for source in [*UNITS, *DEPLOY.glob("*.timer")]:
        (tmp_path / source.name).write_text(source.read_text().replace(PROGRAM, "/bin/true"))
    names = [f"./{path.name}" for path in sorted(tmp_path.iterdir())]
    verified = analyze(tmp_path, "verify", *names)
    assert (verified.returncode, verified.stderr) == (0, "")
    for name in names:
        if name.endswith(".service"):
            judged = analyze(tmp_path, "security", "--offline=true", "--threshold=20", name)
            assert judged.returncode == 0, judged.stdout[-300:]
