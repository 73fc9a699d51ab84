"""``plenum relay`` with several processes: each registers, is started again, and ends with the others."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from media.endpoint import open_socket
from signaling.cli.lifeline import LIFELINE
from signaling.relay_places import relay_places
from signaling.settings import to_environment
from tests.signaling.hub import Hub, until

pytestmark = pytest.mark.process
NAMES = ("site", "site-2")


@asynccontextmanager
async def relays(hub: Hub) -> AsyncIterator[Process]:
    settings = replace(
        hub.services.settings,
        relay_name="site",
        relay_processes="2",
        relay_port=port_before_a_free_one(),
        relay_announce="127.0.0.1",
        relay_listen="127.0.0.1",
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "signaling.cli", "relay"), env=os.environ | to_environment(settings)
    )
    try:
        yield process
        assert [place.relay_port for place in relay_places(settings, 1)] == sorted(ports(hub))
    finally:
        children = offspring(process.pid)
        with suppress(ProcessLookupError):
            process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        await process.wait()


def port_before_a_free_one() -> int:
    """A free port, the next one being free as well."""
    while True:
        port = unused_port()
        with suppress(OSError), open_socket("127.0.0.1", port + 1):
            return port


def on_a_lifeline(pid: int) -> bool:
    return LIFELINE.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()


def offspring(pid: int) -> list[int]:
    """The processes that a process has started."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def connected(hub: Hub) -> dict[str, str]:
    return {one.id: one.registration.instance for one in hub.services.registry.links if one.connected}


def ports(hub: Hub) -> set[int]:
    return {one.registration.candidates[0].port for one in hub.services.registry.links}


async def test_each_relay_comes_back_alone_and_all_end_together(hub: Hub) -> None:
    async with relays(hub) as parent:
        await until(lambda: tuple(sorted(connected(hub))) == NAMES)
        before, children = connected(hub), offspring(parent.pid)
        assert len(children) == 2
        assert all(map(on_a_lifeline, children))
        os.kill(children[0], signal.SIGKILL)
        await until(lambda: len(connected(hub)) == 2 and connected(hub) != before)
        after = connected(hub)
        assert sum(after[name] == before[name] for name in NAMES) == 1, "the other one was left alone"
        parent.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(parent.wait(), 20) == 0
        await until(lambda: not connected(hub))
