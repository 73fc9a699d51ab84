"""``plenum relay``: one media relay, on the hub's machine or at a site."""

import argparse
import asyncio
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from certs.authority import Authority
from media.service import RelaySettings, run_relay
from signaling.cli.children import STOP_TIMEOUT_S, Ending, keep
from signaling.identity_files import relay_files
from signaling.relay_places import cores, relay_places
from signaling.settings import Settings, from_environment


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    this = commands.add_parser(
        "relay",
        help="run the media relays of this machine",
        description="Run the media relay beside the hub: it connects to the hub's relay listener with its own "
        "certificate, and carries sound and picture on one port, over UDP, or TCP where a page has no UDP. "
        "It lives on while the hub restarts. On SIGTERM or SIGINT the hub moves its people to another relay; it ends "
        "when nobody is left, after PLENUM_DRAIN_SECONDS at the latest, and at once on a second signal. With "
        "PLENUM_RELAY_PROCESSES it runs several, each a process of its own, and starts again what ends.",
    )
    this.set_defaults(command=relay)


def relay(_: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    prepared = [(place, relay_settings(place)) for place in relay_places(from_environment(), cores())]
    if len(prepared) == 1:
        asyncio.run(_run(prepared[0][1]))
    else:
        asyncio.run(_run_all([place for place, _ in prepared]))
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
    )


async def _run(settings: RelaySettings) -> None:
    ending = Ending()
    _obey_signals(ending)
    await run_relay(settings, ending.stop, ending.hurry)


async def _run_all(places: Sequence[Settings]) -> None:
    """A process for each; they drain together, and end without us noticing a difference."""
    ending = Ending(patience_s=places[0].drain_seconds + STOP_TIMEOUT_S)
    _obey_signals(ending)
    async with asyncio.TaskGroup() as tasks:
        for place in places:
            tasks.create_task(keep(("relay",), place, ending, for_ever=True))


def _obey_signals(ending: Ending) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ending.signalled)
