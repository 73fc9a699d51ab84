"""The running product: ``plenum run --demo`` in a folder of its own, on free ports."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tests.network.hosts import Host

START_TIMEOUT_S = 90
PRIORITY = -5
# Below those that the system gives to connections: what is free now is free when a product starts, and starts again.
# Processes beside each other have numbers beside each other, and so each its own hundred.
_FIRST_PORT = 20_000 + os.getpid() % 120 * 100
_PORTS = cycle(range(_FIRST_PORT, _FIRST_PORT + 100))


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port that nobody uses, and that nobody else here is given soon."""
    for port in _PORTS:
        with socket.socket(socket.AF_INET, kind) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("the ports have an end")


@dataclass(frozen=True, slots=True)
class Product:
    """Where a running product is."""

    data: Path
    port: int
    supervisor: asyncio.subprocess.Process
    name: str = "localhost"
    ip: str = ""

    @property
    def origin(self) -> str:
        """The address to open."""
        return f"https://{self.name}:{self.port}"

    @property
    def address(self) -> str:
        """The same by number, where no name leads there."""
        return f"https://[{self.ip}]:{self.port}" if self.ip else self.origin

    def process(self, name: str) -> int:
        """Return the process id of ``serve`` or ``relay``."""
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes().split(b"\0")
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError):
                continue
            if parent == self.supervisor.pid and name.encode() in command:
                return int(folder.name)
        raise LookupError(name)

    def kill(self, name: str) -> int:
        """End a process without any warning and return which one it was."""
        pid = self.process(name)
        os.kill(pid, signal.SIGKILL)
        return pid


@asynccontextmanager
async def running_product(
    folder: Path,
    settings: Mapping[str, str] | None = None,
    host: Host | None = None,
    *,
    relay_port: int | None = None,
    bots: int = 0,
) -> AsyncIterator[Product]:
    """Start the product with the demo organisation, on a host of its own if one is given; stop it at the end."""
    port, relay_port = free_port(), relay_port or free_port(socket.SOCK_DGRAM)
    name = host.address if host and ":" not in host.address else "localhost"  # no name is an IPv6 address
    environment = os.environ | {"PLENUM_RELAY_ANNOUNCE": "127.0.0.1", "PLENUM_CONTROL_PORT": str(free_port())}
    if host:
        environment |= {"PLENUM_HOST": host.address, "PLENUM_RELAY_ANNOUNCE": host.address}
        environment |= {"PLENUM_NAME": name}
    with (folder.parent / "product.log").open("wb") as log, host.entered() if host else nullcontext():
        supervisor = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "signaling.cli", "run", "--demo"),
            *("--data", str(folder), "--port", str(port), "--relay-port", str(relay_port)),
            *("--bots", str(bots)),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            env=environment | dict(settings or {}),
        )
    if os.geteuid() == 0:  # a server does not share its cores with the browsers of all its users
        os.setpriority(os.PRIO_PROCESS, supervisor.pid, PRIORITY)
    product = Product(folder, port, supervisor, name, host.address if host and ":" in host.address else "")
    try:
        await _wait_ready(product)
        yield product
    finally:
        if supervisor.returncode is None:
            supervisor.terminate()
        async with asyncio.timeout(20):
            await supervisor.wait()


async def _wait_ready(product: Product) -> None:
    assert product.supervisor.stdout is not None
    async with asyncio.timeout(START_TIMEOUT_S):
        async for line in product.supervisor.stdout:
            if line.decode().strip() == f"Plenum is ready: {product.origin}":
                return
    raise AssertionError((product.data.parent / "product.log").read_text()[-4000:])
