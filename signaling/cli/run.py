"""``plenum run``: hub and relay as siblings on one machine, so that a restarted hub finds the relay running."""

import argparse
import asyncio
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from certs.authority import Authority
from signaling import demo
from signaling.bots.errors import BotError
from signaling.cli.children import ChildFailed, Ending, keep
from signaling.cli.demo import bot_count
from signaling.listener import answers
from signaling.relay_places import cores, relay_places
from signaling.settings import Settings, from_environment

START_TIMEOUT_S = 60.0


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "run",
        help="run hub and relay on this machine",
        description="Run hub and relay on this machine, each a process (PLENUM_RELAY_PROCESSES: several relays); "
        "each is started again if it ends.",
    )
    this.add_argument("--demo", action="store_true", help="fill an empty database with a demo organisation")
    this.add_argument("--bots", type=bot_count, default=0, metavar="N", help="with --demo: let N members take part")
    this.add_argument("--data", type=Path, help="folder of the deployment (PLENUM_DATA)")
    this.add_argument("--port", type=int, help="port of the browsers' listener (PLENUM_PORT)")
    this.add_argument("--relay-port", type=int, help="UDP and TCP port of the relay (PLENUM_RELAY_PORT)")
    this.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    if options.bots and not options.demo:
        raise BotError("--bots needs --demo: bots are members of the demo organisation")
    settings = from_environment()
    given = {"data": options.data, "port": options.port, "relay_port": options.relay_port}
    settings = replace(settings, **{name: value for name, value in given.items() if value is not None})
    if options.demo:
        settings = replace(settings, organisation=demo.ORGANISATION, demo=True)
        demo.prepare(settings, options.bots)
    return asyncio.run(_supervise(settings, with_demo=options.demo, bots=options.bots))


async def _supervise(settings: Settings, *, with_demo: bool, bots: int) -> int:
    ending = Ending()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ending.signalled)
    failed: BaseExceptionGroup[ChildFailed] | None = None
    together = replace(settings, drain_seconds=0)  # hub and relays end together
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep(("serve",), together, ending))
            for place in relay_places(together, cores()):
                tasks.create_task(keep(("relay",), place, ending))
            if await _ready(settings, ending.stop):
                if with_demo:
                    print(demo.introduction(settings, bots), flush=True)
                if bots:
                    tasks.create_task(keep(("demo", "--bots", str(bots)), together, ending))
                print(f"Plenum is ready: {settings.origin}", flush=True)
            else:
                ending.stop.set()
    except* ChildFailed as failures:
        failed = failures
    if failed is not None:
        print(f"plenum: {failed.exceptions[0]}", file=sys.stderr)
    return 0 if failed is None else 1


async def _ready(settings: Settings, stop: asyncio.Event) -> bool:
    """Wait until the hub answers; False if it does not in time."""
    root = settings.data / "authority"
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and not stop.is_set():
        if root.exists() and await answers(settings, _root(settings)):
            return True
        await asyncio.sleep(0.1)
    return False


def _root(settings: Settings) -> str:
    from datetime import UTC, datetime  # noqa: PLC0415

    authority = Authority.open_or_create(settings.data / "authority", settings.organisation, datetime.now(UTC))
    return authority.root_pem.decode()
