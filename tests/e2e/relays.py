"""A hub in the test's own process, so that a test may decide which relay people get, and relays as processes."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from socket import SOCK_DGRAM

from aiohttp import web

from signaling import demo
from signaling.app import browser_context, create_app
from signaling.relays.link import RelayLink
from signaling.relays.placement import Placement
from signaling.services import SERVICES, Services
from signaling.settings import Settings, from_environment, to_environment
from tests.e2e.person import until
from tests.e2e.product import free_port


@dataclass(frozen=True, slots=True)
class Evenly(Placement):
    """Everybody who joins gets the relay with the fewest people."""

    def choose(
        self, room: Sequence[RelayLink], relays: Iterable[RelayLink], seated: Mapping[RelayLink, int]
    ) -> RelayLink:
        """Return one that is connected."""
        return min((one for one in relays if one.connected), key=lambda one: seated.get(one, 0))


@dataclass(frozen=True, slots=True)
class HubHere:
    """A running hub with the demo's organisation."""

    settings: Settings
    services: Services

    @property
    def data(self) -> Path:
        """Its folder."""
        return self.settings.data

    @property
    def origin(self) -> str:
        """The address to open."""
        return self.settings.origin

    @property
    def address(self) -> str:
        """The same."""
        return self.settings.origin

    def is_connected(self, name: str) -> bool:
        """Whether a relay is."""
        return any(one.id == name and one.connected for one in self.services.registry.links)


@asynccontextmanager
async def hub_here(folder: Path) -> AsyncIterator[HubHere]:
    """Run it while the context lasts; people are spread evenly over its relays."""
    settings = replace(
        from_environment(),
        data=folder,
        port=free_port(),
        control_port=free_port(),
        organisation=demo.ORGANISATION,
        demo=True,
        relay_announce="127.0.0.1",
    )
    await asyncio.to_thread(demo.prepare, settings)
    app = create_app(settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        context = await asyncio.to_thread(browser_context, settings)
        await web.TCPSite(runner, settings.host, settings.port, ssl_context=context).start()
        app[SERVICES].registry.placement = Evenly()
        yield HubHere(settings, app[SERVICES])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def relay_process(hub: HubHere, name: str) -> AsyncIterator[Process]:
    """Run a relay while the context lasts, and yield it when the hub has it."""
    settings = replace(hub.settings, relay_name=name, relay_port=free_port(SOCK_DGRAM), drain_seconds=0)
    with (hub.settings.data.parent / f"{name}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "signaling.cli", "relay"), env=os.environ | to_environment(settings), stderr=log
        )

    async def connected() -> bool:
        return hub.is_connected(name)

    try:
        await until(connected, f"relay {name} does not find the hub")
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
