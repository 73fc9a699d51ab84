"""``plenum serve``: the hub alone."""

import argparse
from typing import Any

from aiohttp import web

from signaling.app import browser_context, create_app
from signaling.listener import unix_listener
from signaling.settings import describe, from_environment


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "serve",
        help="run the hub; relays connect to it",
        description="Run the hub: the browsers' listener and the relays' listener, both over TLS.",
        epilog="settings:\n" + describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    this.set_defaults(command=serve)


def serve(_: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    settings = from_environment()
    path = settings.unix_socket
    web.run_app(
        create_app(settings),
        host=None if path else settings.host,
        port=None if path else settings.port,
        sock=unix_listener(path) if path else None,
        ssl_context=browser_context(settings) if settings.tls == "on" else None,
        access_log=None,
        print=None,
        handle_signals=True,
        shutdown_timeout=2,
    )
    return 0
