"""Where browsers, or the proxy in front of them, reach the hub: TLS on a port, or plainly on this machine alone."""

import contextlib
import ipaddress
import socket
import ssl
from pathlib import Path

import aiohttp

from signaling.settings import UNIX, Settings

TIMEOUT_S = 5.0
CERTIFIED = "localhost"  # the name that every hub's certificate has
SOCKET_MODE = 0o660  # the proxy's account is in the hub's group


def unix_listener(path: Path) -> socket.socket:
    """Return a Unix socket bound for the proxy; one that a killed hub left is replaced. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        if path.is_socket():
            path.unlink()
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.bind(str(path))
    path.chmod(SOCKET_MODE)
    return made


async def answers(settings: Settings, root_pem: str) -> bool:
    """Say whether a hub with these settings answers on this machine."""
    context: ssl.SSLContext | bool = ssl.create_default_context(cadata=root_pem) if settings.tls == "on" else True
    path = settings.unix_socket
    connector = aiohttp.UnixConnector(str(path)) if path else aiohttp.TCPConnector()
    scheme = "https" if settings.tls == "on" else "http"
    url = f"{scheme}://{_local_host(settings.host)}:{settings.port}/healthz"
    with contextlib.suppress(aiohttp.ClientError, OSError, ssl.SSLError, TimeoutError):
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as client,
            client.get(url, ssl=context, server_hostname=CERTIFIED if settings.tls == "on" else None) as answer,
        ):
            return answer.status == 200
    return False


def _local_host(host: str) -> str:
    """Return the name or address under which this machine reaches what is bound to ``host``."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "localhost" if not host or host.startswith(UNIX) else host
    if address.is_unspecified:
        return "localhost"
    return f"[{address}]" if address.version == 6 else str(address)
