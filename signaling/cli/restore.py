"""``plenum restore``: a deployment in a new folder, from a backup of data and one of keys."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from signaling.backup import check
from signaling.backup.restore import Restored, Sources, restore
from signaling.cli.passphrase import read_passphrase

DESCRIPTION = """Put a deployment together in a new folder.

Every file is compared with the signed manifest, and the log with its checkpoints. The log then records the restore,
signed, and all sessions are ended. What was acknowledged after the backup is lost; the output says from when on."""


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "restore",
        help="restore a backup into a new folder, or check one",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    this.add_argument("backup", type=Path, metavar="BACKUP", help="one folder below the target of plenum backup")
    this.add_argument("--keys", type=Path, metavar="FILE", help="the newest file of keys")
    this.add_argument("--data", type=Path, metavar="FOLDER", help="new folder of the deployment")
    this.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase")
    this.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="checkpoints that were kept elsewhere; the log must agree"
    )
    this.add_argument("--allow-unreadable", action="store_true", help="restore although keys of papers are missing")
    this.add_argument("--check", action="store_true", help="only read the backup and say whether it is whole")
    this.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Exit status 0 when the deployment, or with ``--check`` the backup, is whole."""
    if options.check:
        found = check.check(options.backup, check.vkey_of(options.backup))
        print(f"The backup of {found.made_at} is whole: {len(found.files)} files, {found.log.size} log entries.")
        return 0
    if options.keys is None or options.data is None:
        print("plenum restore: give --keys FILE and --data FOLDER, or --check", file=sys.stderr)
        return 2
    kept = options.checkpoint.read_text("utf-8") if options.checkpoint else ""
    sources = Sources(options.backup, options.keys, read_passphrase(options.passphrase_file, twice=False), kept)
    target = options.data.absolute()
    done = restore(sources, target, datetime.now(UTC), allow_unreadable=options.allow_unreadable)
    print(_report(done, target))
    return 0


def _report(done: Restored, target: Path) -> str:
    found = done.manifest
    lines = [
        f"Restored into {target}: the state of {found.made_at}, keys of {done.keys_made_at}.",
        f"  The last thing on record is log entry {found.log.size - 1} of {found.log.last_entry_at}.",
        "  Whatever was acknowledged after that, ballots included, is lost: tell those whom it concerns.",
        f"  {done.sessions_ended} sessions were ended; everybody signs in again.",
        "  Welcome links are dead; whoever has no password yet needs a new one from an administrator.",
        "  The log records the restore; give the officer the new checkpoint.",
    ]
    if done.lost_entries:
        lines.insert(3, f"  {done.lost_entries} log entries that were signed after it are known to be lost.")
    if done.unreadable:
        lines.insert(3, f"  {done.unreadable} papers cannot be read: their keys are not in this keys backup.")
    if found.missing:
        lines.insert(3, f"  {len(found.missing)} papers were lost before the backup was made.")
    name = found.origin.removeprefix("plenum/")
    return "\n".join([*lines, f"Start the hub with PLENUM_DATA={target} PLENUM_NAME={name}"])
