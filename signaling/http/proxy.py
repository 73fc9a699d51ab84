"""Requests that come through a reverse proxy bear the address of their client."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from signaling.proxies import Network, client_address

HEADER: Final = "X-Forwarded-For"


def behind_proxies(trusted: Sequence[Network]) -> Middleware:
    """Return the middleware that gives every request the address of its client as ``remote``."""

    @web.middleware
    async def remote(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        address = client_address(request.remote or "", request.headers.getall(HEADER, []), trusted)
        return await handler(request.clone(remote=address))

    return remote
