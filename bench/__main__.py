"""``python -m bench``: run every measurement in folders of its own, which are removed afterwards."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from auth.errors import AuthError
from bench import audit_append, ballots, fanout, join, kill9, units
from bench.hub import BenchFailed

NAMES = ("audit_append", "units", "ballots", "fanout", "kill9", "join")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the options."""
    top = argparse.ArgumentParser(prog="python -m bench", description="Measure this product on this machine.")
    top.add_argument("--only", choices=NAMES, help="run one measurement")
    top.add_argument("--members", type=_count, default=2000, help="members who vote (default 2000)")
    top.add_argument("--sockets", type=_count, default=200, help="sockets open at once (default 200)")
    top.add_argument("--followers", type=_count, default=5, help="sockets that get every event meanwhile (default 5)")
    top.add_argument("--pages", type=_count, default=1000, help="pages that follow in fanout (default 1000)")
    top.add_argument("--runs", type=_count, default=20, help="times that the hub is killed in kill9 (default 20)")
    top.add_argument("--entries", type=_count, default=10_000, help="entries of the audit log (default 10000)")
    top.add_argument("--folder", type=Path, default=Path("var"), help="where to measure; its disk counts (default var)")
    return top


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def measurements(options: argparse.Namespace) -> dict[str, Callable[[Path], list[str]]]:
    """Return what can be measured by name, in the order of a whole run."""
    return {
        "audit_append": lambda folder: [audit_append.run(folder, options.entries, batch=256)],
        "units": lambda folder: asyncio.run(units.run(folder, max(options.members // 4, 4), options.sockets)),
        "ballots": lambda folder: asyncio.run(ballots.run(folder, options.members, options.sockets, options.followers)),
        "fanout": lambda folder: asyncio.run(fanout.run(folder, options.pages)),
        "kill9": lambda folder: asyncio.run(kill9.run(folder, options.runs)),
        "join": lambda folder: asyncio.run(join.run(folder)),
    }


def lines(options: argparse.Namespace) -> Iterator[str]:
    """Yield the report, one measurement after the other."""
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, measure in measurements(options).items():
        if options.only in (None, name):
            with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
                yield from measure(Path(folder))


def main(arguments: list[str] | None = None) -> int:
    """Print the report; exit status 1 when the product failed a check."""
    options = parser().parse_args(arguments)
    try:
        for line in lines(options):
            print(line, flush=True)
    except (BenchFailed, AuthError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
