"""Real relays in the test's own process, on ports of their own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

from media.service import run_relay
from signaling.cli.relay import relay_settings
from signaling.relays.link import RelayLink
from tests.signaling.hub import Hub, until


@contextlib.asynccontextmanager
async def real_relay(hub: Hub, name: str) -> AsyncIterator[None]:
    """A relay of this name beside the hub while the context lasts; it ends at once, with everybody on it."""
    made = await asyncio.to_thread(relay_settings, replace(hub.services.settings, relay_name=name))
    stop = asyncio.Event()
    running = asyncio.create_task(run_relay(replace(made, listen_ip="127.0.0.1", port=0, drain_seconds=0), stop))
    try:
        await until(lambda: (found := link(hub, name)) is not None and found.connected)
        yield
    finally:
        stop.set()
        await running


def link(hub: Hub, name: str) -> RelayLink | None:
    """Return the hub's end of a relay."""
    return next((one for one in hub.services.registry.links if one.id == name), None)
