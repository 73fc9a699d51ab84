"""``plenum doctor``: what is right and what is not, each with what to do about it."""

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from signaling.doctor.finding import Finding, Level
from signaling.doctor.machine import check_machine
from signaling.doctor.network import check_network
from signaling.doctor.storage import check_storage
from signaling.settings import Settings, from_environment

MARKS = {Level.OK: "ok      ", Level.WARNING: "warning ", Level.PROBLEM: "PROBLEM "}


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "doctor",
        help="check machine, folder, log, certificates, ports and settings",
        description="Check this machine and the deployment with the settings that the hub would have, beside a running "
        "hub or without one. Nothing is changed. Exit status: 0 all is well or can wait, 1 there is a problem.",
    )
    this.add_argument("--json", action="store_true", help="one JSON object a line")
    this.add_argument("--data", type=Path, help="folder of the deployment (PLENUM_DATA)")
    this.set_defaults(command=doctor)


def doctor(options: argparse.Namespace) -> int:
    """Print every finding as it comes."""
    settings = from_environment()
    if options.data is not None:
        settings = replace(settings, data=options.data)
    worst = Level.OK
    for finding in _findings(settings):
        worst = max(worst, finding.level, key=list(Level).index)
        print(json.dumps(asdict(finding)) if options.json else _line(finding), flush=True)
    return 1 if worst is Level.PROBLEM else 0


def _findings(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    yield from check_machine(settings, now)
    yield from check_storage(settings, os.getuid())
    yield from check_network(settings, now)


def _line(finding: Finding) -> str:
    advice = f"\n{'':22}→ {finding.advice}" if finding.advice else ""
    return f"{MARKS[finding.level]} {finding.check:12} {finding.words}{advice}"
