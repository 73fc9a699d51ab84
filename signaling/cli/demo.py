"""``plenum demo``: members of the demo organisation who take part by themselves."""

import argparse
import asyncio
import signal
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

from signaling.bots.cast import MOST, cast
from signaling.bots.crowd import Crowd
from signaling.bots.errors import NoDeployment
from signaling.settings import Settings, from_environment


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "demo",
        help="let members of the demo organisation take part by themselves",
        description="Let members of the demo organisation take part in its meeting, with a drawn picture and a voice: "
        "they answer, acknowledge, speak in turn, ask for the floor and vote. The hub must run on this machine.",
    )
    this.add_argument("--bots", type=bot_count, default=6, metavar="N", help=f"how many, 1 to {MOST} [6]")
    this.add_argument("--data", type=Path, help="folder of the deployment (PLENUM_DATA)")
    this.add_argument("--port", type=int, help="port of the browsers' listener (PLENUM_PORT)")
    this.set_defaults(command=demo)


def bot_count(text: str) -> int:
    """How many bots; raises ValueError beyond what the demo organisation has."""
    count = int(text)
    if not 0 <= count <= MOST:
        raise ValueError(text)
    return count


def demo(options: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    given = {"data": options.data, "port": options.port}
    settings = replace(from_environment(), **{name: value for name, value in given.items() if value is not None})
    asyncio.run(_run(settings, _trust(settings), options.bots))
    return 0


async def _run(settings: Settings, trust: ssl.SSLContext, bots: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    crowd = Crowd(f"https://localhost:{settings.port}", settings.origin, trust, cast(bots))
    running = asyncio.ensure_future(crowd.run())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    stopping.cancel()
    await asyncio.gather(running, stopping, return_exceptions=True)
    if not running.cancelled():
        running.result()


def _trust(settings: Settings) -> ssl.SSLContext:
    root = settings.data / "authority" / "root.pem"
    if not root.exists():
        raise NoDeployment(f"there is no deployment in {settings.data}; start one with plenum run --demo")
    return ssl.create_default_context(cafile=root)
