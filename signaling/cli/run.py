"""``plenum run``: hub and relay as siblings on one machine, so that a restarted hub finds the relay running."""

import argparse
import asyncio
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from certs.authority import Authority
from signaling import demo
from signaling.bots.errors import BotError
from signaling.cli.demo import bot_count
from signaling.listener import answers
from signaling.settings import Settings, from_environment, to_environment

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 10.0
RESTART_PAUSE_S = 0.3
QUICK_FAILURES = 5


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "run",
        help="run hub and relay on this machine",
        description="Run hub and relay on this machine as two processes; each is started again if it ends.",
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
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    failed: BaseExceptionGroup[ChildFailed] | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            children = [tasks.create_task(_keep((name,), settings, stop)) for name in ("serve", "relay")]
            if await _ready(settings, stop):
                if with_demo:
                    print(demo.introduction(settings, bots), flush=True)
                if bots:
                    children.append(tasks.create_task(_keep(("demo", "--bots", str(bots)), settings, stop)))
                print(f"Plenum is ready: {settings.origin}", flush=True)
            else:
                stop.set()
            await stop.wait()
            for child in children:
                child.cancel()
    except* ChildFailed as failures:
        failed = failures
    if failed is not None:
        print(f"plenum: {failed.exceptions[0]}", file=sys.stderr)
    return 0 if failed is None else 1


class ChildFailed(Exception):
    """A process ends again and again; its own words are above."""


async def _keep(command: tuple[str, ...], settings: Settings, stop: asyncio.Event) -> None:
    """Run one process for as long as we run, starting it again when it ends."""
    quick = 0
    while not stop.is_set():
        started = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *_safe_path(),
            "-m",
            "signaling.cli",
            *command,
            env=os.environ | to_environment(replace(settings, drain_seconds=0)),  # hub and relay end together
            start_new_session=True,  # a Ctrl-C reaches us alone; we end our children in order
        )
        try:
            await child.wait()
        finally:
            await _end(child)
        quick = quick + 1 if time.monotonic() - started < 5 else 0
        if quick >= QUICK_FAILURES:
            raise ChildFailed(f"plenum {command[0]} does not start; see its messages above")
        if quick:  # one that ran for long is wanted again at once
            await asyncio.sleep(RESTART_PAUSE_S)


def _safe_path() -> list[str]:
    """Modules come from where the program is installed, whatever lies in the present folder; a checkout is both."""
    return [] if Path(__file__).parents[2] == Path.cwd() else ["-P"]


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()


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
