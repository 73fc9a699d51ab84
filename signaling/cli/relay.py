"""``plenum relay``: one media relay, on the hub's machine or at a site."""

import argparse
import asyncio
import signal
from datetime import UTC, datetime
from typing import Any

from certs.authority import Authority
from media.service import RelaySettings, run_relay
from signaling.identity_files import relay_files
from signaling.settings import Settings, from_environment


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "relay",
        help="run a media relay",
        description="Run the media relay beside the hub: it connects to the hub's relay listener with its own "
        "certificate, and carries sound and picture on one port, over UDP, or TCP where a page has no UDP. "
        "It lives on while the hub restarts. On SIGTERM or SIGINT the hub moves its people to another relay; it ends "
        "when nobody is left, after PLENUM_DRAIN_SECONDS at the latest, and at once on a second signal.",
    )
    this.set_defaults(command=relay)


def relay(_: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    asyncio.run(_run(relay_settings(from_environment())))
    return 0


def relay_settings(settings: Settings) -> RelaySettings:
    """Return the settings of the relay beside the hub, with its certificate made if needed."""
    now = datetime.now(UTC)
    authority = Authority.open_or_create(settings.data / "authority", settings.organisation, now)
    cert, key = relay_files(settings, authority, now)
    root = cert.parent / "root.pem"
    root.write_bytes(authority.root_pem)
    return RelaySettings(
        relay_id=settings.relay_name,
        control_url=settings.control_url,
        ca_file=root,
        cert_file=cert,
        key_file=key,
        listen_ip=settings.relay_listen,
        port=settings.relay_port,
        announce=settings.announced,
        drain_seconds=settings.drain_seconds,
        dataplane=settings.dataplane,
        bandwidth=settings.relay_bandwidth,
    )


async def _run(settings: RelaySettings) -> None:
    stop, hurry = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        (hurry if stop.is_set() else stop).set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    await run_relay(settings, stop, hurry)
