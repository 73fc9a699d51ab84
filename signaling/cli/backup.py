"""``plenum backup``: data and keys, each to its own place, beside the running hub."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from signaling.backup import check, keys
from signaling.backup import data as data_backup
from signaling.backup.notices import leave
from signaling.cli.passphrase import read_passphrase
from signaling.settings import Settings, from_environment

DESCRIPTION = """Write a backup beside the running hub.

TARGET gets a folder named by the time, with the database, the sealed papers and the log's checkpoints; papers that an
earlier backup there has are linked, not copied. It holds no private key and opens no paper.
--keys FOLDER gets one file with every key, sealed under a passphrase. Only the newest are kept there, because what was
destroyed on purpose must not come back; keep it in another place than TARGET.
Make both in one run: papers that were added since the last keys cannot be read from a backup without them."""


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "backup",
        help="write a backup beside the running hub",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    this.add_argument("target", type=Path, nargs="?", metavar="TARGET", help="folder of the backups of data")
    this.add_argument("--keys", type=Path, metavar="FOLDER", help="folder of the backups of keys")
    this.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase")
    this.add_argument("--keep", type=_at_least_one, metavar="N", help="then remove all but the newest N of TARGET")
    this.add_argument(
        "--keep-keys", type=_at_least_one, default=keys.KEEP, metavar="N", help="how many files of keys stay [2]"
    )
    this.add_argument("--verify", action="store_true", help="read all of the backup again, the whole log included")
    this.add_argument("--data", type=Path, help="folder of the deployment (PLENUM_DATA)")
    this.set_defaults(command=backup)


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def backup(options: argparse.Namespace) -> int:
    """Exit status 0 when all was written; 1 when the deployment has lost papers that the database names."""
    if options.target is None and options.keys is None:
        print("plenum backup: give TARGET, --keys FOLDER, or both", file=sys.stderr)
        return 2
    settings = from_environment()
    data = options.data or settings.data
    passphrase = read_passphrase(options.passphrase_file, twice=True) if options.keys is not None else ""
    missing = 0 if options.target is None else _save_data(data, settings, options)
    if options.keys is not None:  # after the data, so that no paper is without its key
        now = datetime.now(UTC)
        path = keys.save(data, options.keys, passphrase, now, options.keep_keys)
        leave(data, f"{path.stem}-keys", {"part": "keys", "kept": options.keep_keys})
        print(f"keys: {path}")
    return 1 if missing else 0


def _save_data(data: Path, settings: Settings, options: argparse.Namespace) -> int:
    saved = data_backup.save(data, options.target, f"plenum/{settings.name}", datetime.now(UTC))
    made = saved.manifest
    size = sum(one.size for one in made.files.values())
    leave(data, f"{saved.folder.name}-data", {"part": "data", "files": len(made.files), "bytes": size})
    print(f"data: {saved.folder}")
    print(f"  {len(made.files)} files, {size:,} bytes ({saved.copied_bytes:,} of them new)")
    print(f"  the log up to entry {made.log.size - 1} of {made.log.last_entry_at}")
    if options.verify:
        check.check(saved.folder, check.vkey_of(saved.folder))
        print("  read again: every file and the whole log agree")
    if options.keep:
        for old in data_backup.forget(options.target, options.keep):
            print(f"  removed {old}")
    for blob_id in made.missing:
        print(f"plenum: paper {blob_id} is named in the database but is not on the disk", file=sys.stderr)
    return len(made.missing)
