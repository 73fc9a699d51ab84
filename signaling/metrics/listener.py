"""The listener for Prometheus: a port of its own, off unless set, on this machine or behind TLS and a token."""

import asyncio
import hmac
import logging
import ssl
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from signaling.metrics.gauges import Stored, disk, hub_metrics, look
from signaling.metrics.relays import relay_metrics
from signaling.proxies import is_loopback
from signaling.services import Services

logger = logging.getLogger(__name__)
SHORTEST_TOKEN = 16
_FRESH = {"Cache-Control": "no-store"}


async def listen(services: Services, context: ssl.SSLContext, stack: AsyncExitStack) -> None:
    """Open the listener if the settings want one, until ``stack`` closes it.

    ``context`` is used wherever others than this machine can listen in.
    """
    settings = services.settings
    if not settings.metrics_port:
        return
    runner = web.AppRunner(metrics_app(services), access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    tls = None if is_loopback(settings.metrics_host) else context
    await web.TCPSite(runner, settings.metrics_host, settings.metrics_port, ssl_context=tls).start()


def metrics_app(services: Services) -> web.Application:
    """Return the application that answers ``GET /metrics`` and nothing else."""
    token_file = services.settings.metrics_token_file

    async def metrics(request: web.Request) -> web.Response:
        if token_file and not await asyncio.to_thread(_knows_token, request, Path(token_file)):
            headers = _FRESH | {"WWW-Authenticate": 'Bearer realm="metrics"'}
            return web.Response(status=401, text="a token is needed\n", headers=headers)
        return web.Response(body=await exposition(services), headers=_FRESH | {"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    return app


async def exposition(services: Services) -> bytes:
    """Return all figures in Prometheus' text format."""
    waiting, failed = await look(services)
    stored = Stored(waiting, failed, *await asyncio.to_thread(disk, services.settings.data))
    now = _Found([*hub_metrics(services, stored), *relay_metrics(services.registry.links)])
    return await asyncio.to_thread(lambda: generate_latest(services.counters.registry) + generate_latest(now))


class _Found(Collector):
    """Metrics that were looked up for one answer."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _knows_token(request: web.Request, file: Path) -> bool:
    """Blocking: compare with the file as it is now. One that cannot be read, or a short token, opens nothing."""
    try:
        wanted = file.read_bytes().strip()
    except OSError:
        logger.error("the token for the metrics cannot be read from %s", file)
        return False
    if len(wanted) < SHORTEST_TOKEN:
        logger.error("the token for the metrics in %s is shorter than %d characters", file, SHORTEST_TOKEN)
        return False
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), wanted)
