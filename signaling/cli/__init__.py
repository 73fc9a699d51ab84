"""The command line ``plenum``."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from auth.errors import AuthError
from signaling.cli import audit, backup, demo, doctor, relay, restore, run, serve
from signaling.errors import HubError
from signaling.settings import describe
from signaling.version import VERSION

DESCRIPTION = """Plenum: the system in which a national organisation meets.

A deployment is one hub (serve) and its relays (relay); run starts both on one machine. State lies below one folder
(PLENUM_DATA); everything else is set by environment variables, which serve --help lists."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="plenum", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"plenum {VERSION}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    run.add_to(commands)
    serve.add_to(commands, epilog="settings:\n" + describe())
    relay.add_to(commands)
    demo.add_to(commands)
    audit.add_to(commands)
    backup.add_to(commands)
    restore.add_to(commands)
    doctor.add_to(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. A refusal is told in one line, without a trace."""
    os.umask(0o077)  # whatever we write is for this account alone
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("pyhanko", "pyhanko_certvalidator", "alembic", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    try:
        return int(options.command(options))
    except (HubError, AuthError, OSError) as error:
        print(f"plenum: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
