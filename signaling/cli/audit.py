"""``plenum audit``: proving the log from the outside."""

import argparse
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from auth.audit.keys import VKEY_FILE
from auth.audit.note import Verifier, parse_vkey
from auth.audit.query import export
from auth.audit.verify import verify_log
from auth.errors import LogAltered, NoteInvalid
from signaling.settings import Settings, from_environment
from signaling.store.database import open_engine


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser("audit", help="verify or export the audit log", description="Prove the audit log.")
    steps = this.add_subparsers(metavar="STEP", required=True)
    verify = steps.add_parser(
        "verify",
        help="compare the log with a checkpoint that was kept elsewhere",
        description="Compute the whole tree again from the stored entries and compare it with signed checkpoints. "
        "A checkpoint kept elsewhere shows a changed entry, a cut tail, an older database put back and a fork; "
        "from the database alone a cut tail cannot be seen.",
    )
    verify.add_argument("--checkpoint", type=Path, metavar="FILE", help="signed checkpoint (default: the hub's own)")
    verify.add_argument("--vkey", help="public key of the log (default: from the deployment's folder)")
    verify.add_argument("--data", type=Path, help="folder of the deployment (PLENUM_DATA)")
    verify.set_defaults(command=run_verify)
    out = steps.add_parser("export", help="write the log as JSON Lines for the offline verifier")
    out.add_argument("--data", type=Path, help="folder of the deployment (PLENUM_DATA)")
    out.set_defaults(command=run_export)
    key = steps.add_parser("vkey", help="print the public key that checks checkpoints")
    key.add_argument("--data", type=Path, help="folder of the deployment (PLENUM_DATA)")
    key.set_defaults(command=run_vkey)


def _settings(options: argparse.Namespace) -> Settings:
    settings = from_environment()
    return settings if options.data is None else Settings(data=options.data, name=settings.name)


def _verifier(settings: Settings) -> Verifier:
    return parse_vkey((settings.data / "audit" / "key" / VKEY_FILE).read_text("ascii").strip())


def _database(settings: Settings) -> Engine:
    """Open the deployment's database; to open one that is not there would make an empty one."""
    if not settings.database_file.is_file():
        raise FileNotFoundError(f"there is no database {settings.database_file}")
    return open_engine(settings.database_file, writer=False)


def run_verify(options: argparse.Namespace) -> int:
    """Exit status 0 when everything holds, 1 when the log was altered."""
    settings = _settings(options)
    notes = (options.checkpoint or settings.checkpoint_file).read_text("utf-8")
    verifier = parse_vkey(options.vkey) if options.vkey else _verifier(settings)
    engine = _database(settings)
    try:
        with engine.connect() as conn, conn.begin():
            found = verify_log(conn, notes, verifier)
    except (LogAltered, NoteInvalid) as error:
        print(f"NOT the log that was signed: {error} [{error.code}]", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    print(f"The log holds: {found.size} entries agree with {found.checkpoints} checkpoint(s).")
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write every entry, oldest first."""
    engine = _database(_settings(options))
    try:
        with engine.connect() as conn, conn.begin():
            for line in export(conn):
                print(line, end="")
    finally:
        engine.dispose()
    return 0


def run_vkey(options: argparse.Namespace) -> int:
    """Print the public key."""
    print(_verifier(_settings(options)).vkey())
    return 0
