"""A TURN server for tests: the real coturn with the configuration of ``deploy/``, and a small client."""

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aioice import turn

from tests.network.hosts import Host

PORT = 3478
SECRET = "a secret of tests that is long enough"
CONFIGURATION = (Path(__file__).parents[2] / "deploy" / "coturn" / "turnserver.conf").read_text()


@asynccontextmanager
async def coturn(host: Host, folder: Path, relay: str) -> AsyncIterator[None]:
    """Run it on a host, for relays at one address."""
    text = CONFIGURATION
    for name, value in (("LISTENING_ADDRESS", host.address), ("RELAY_ADDRESS", relay), ("SECRET", SECRET)):
        text = text.replace(f"={name}\n", f"={value}\n")
    own = folder / "turnserver.conf"
    own.write_text(text)
    users = folder / "turndb"
    # It is there beforehand, as it is where coturn was installed: threads that make it at the first requests get into
    # each other's way, and the one that fails refuses whoever asked.
    subprocess.run(["turnadmin", "-l", "-b", str(users)], check=True, capture_output=True)  # noqa: ASYNC221
    command = ["turnserver", "-c", str(own), f"--pidfile={folder}/pid", f"--userdb={users}"]
    with host.entered(), (folder / "turnserver.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: ASYNC220
    try:
        await _listening(host, server)
        yield
    finally:
        server.terminate()
        await asyncio.to_thread(server.wait)


async def _listening(host: Host, server: "subprocess.Popen[bytes]") -> None:
    """Return once it takes connections; it opens UDP before TCP."""
    async with asyncio.timeout(10):
        while True:
            assert server.poll() is None, "it ended"
            with host.entered(), socket.socket() as probe:
                if probe.connect_ex((host.address, PORT)) == 0:
                    return
            await asyncio.sleep(0.05)


class Client(asyncio.DatagramProtocol):
    """What stands behind an allocation: collects what arrives."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.arrived.put_nowait((data, addr))


@asynccontextmanager
async def allocation(
    page: Host, server: Host, username: str, password: str
) -> AsyncIterator[tuple[turn.TurnTransport, Client]]:
    """Allocate a relayed address from a host. Raises aioice.stun.TransactionFailed."""
    with page.entered():
        transport, client = await turn.create_turn_endpoint(
            Client, server_addr=(server.address, PORT), username=username, password=password
        )
    try:
        yield transport, client
    finally:
        transport.close()
        await asyncio.sleep(0)
