"""The command line ``plenum``."""

import argparse
import gc
import importlib
import logging
import os
import sys
from collections.abc import Sequence

from auth.errors import AuthError
from signaling.cli.lifeline import LIFELINE, end_with
from signaling.errors import HubError
from signaling.version import VERSION

DESCRIPTION = """Plenum: the system in which a national organisation meets.

A deployment is one hub (serve) and its relays (relay); run starts both on one machine. State lies below one folder
(PLENUM_DATA); everything else is set by environment variables, which serve --help lists."""


COMMANDS = ("run", "serve", "relay", "demo", "audit", "backup", "restore", "doctor")  # each a module beside this one


def parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of the whole command line, or of some commands: a process loads only what it runs."""
    top = argparse.ArgumentParser(
        prog="plenum", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=f"plenum {VERSION}")
    top.add_argument(LIFELINE, type=int, help=argparse.SUPPRESS)
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    gc.disable()  # modules make much and no garbage: without it they load in a sixth less time
    try:
        for name in names:
            importlib.import_module(f"signaling.cli.{name}").add_to(commands)
    finally:
        gc.enable()
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. A refusal is told in one line, without a trace."""
    os.umask(0o077)  # whatever we write is for this account alone
    given = sys.argv[1:] if arguments is None else arguments
    options = parser([one for one in given if one in COMMANDS][:1] or COMMANDS).parse_args(given)
    if options.lifeline is not None:
        end_with(options.lifeline)
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
