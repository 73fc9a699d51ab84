"""The composition root: builds every part of the hub, and nothing else does."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from aiohttp import web

from auth.audit.entry import Action
from auth.audit.log import AuditLog
from auth.passwords import PasswordChecker
from auth.session_policy import SESSION_POLICIES
from certs.authority import Authority
from certs.tls import control_server_context, server_context
from documents.keys import KeyStore
from documents.signer_keys import SignerKeys
from documents.store import BlobStore
from documents.worker import WorkerPool
from signaling import first_start, housekeeping
from signaling.audit_entries import entry
from signaling.errors import NotFound
from signaling.factor_key import open_seal
from signaling.http.openapi import document
from signaling.http.pipeline import FRESH, endpoint, error_response
from signaling.http.proxy import behind_proxies
from signaling.http.security import add_headers
from signaling.http.static import add_client
from signaling.http.table import PREFIX, ROUTES
from signaling.identity_files import tls_files
from signaling.live.rooms import Rooms
from signaling.live.sockets import Sockets
from signaling.live.vouching import Vouching
from signaling.metrics import listener as metrics
from signaling.metrics.counters import HubCounters
from signaling.projection.events import materialise
from signaling.proxies import parse_networks
from signaling.recording import keeper
from signaling.recording.vault import RecordingVault
from signaling.relays.listener import control_app
from signaling.relays.registry import RelayRegistry
from signaling.relays.turn import TurnServers
from signaling.services import SERVICES, Services
from signaling.settings import Settings
from signaling.store.database import Database
from signaling.store.schema import migrate
from signaling.store.transaction import StoredEvent
from signaling.version import VERSION

logger = logging.getLogger(__name__)


def create_app(settings: Settings) -> web.Application:
    """Return the hub's application; its parts live as long as it runs."""
    proxies = parse_networks(settings.trusted_proxies)
    middlewares = [behind_proxies(proxies)] if proxies or settings.unix_socket else []
    app = web.Application(client_max_size=settings.upload_limit + 2**20, middlewares=middlewares)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_services(settings))
    app.on_shutdown.append(_drop_sockets)
    app.router.add_get("/healthz", _healthz)
    app.router.add_get(f"{PREFIX}/openapi.json", _openapi)
    for route in ROUTES:
        app.router.add_route(route.method, PREFIX + route.path, endpoint(route))
    app.router.add_route("*", "/api/{path:.*}", _nowhere)
    add_client(app, settings.client)
    return app


def _publish(sockets: Sockets, rooms: Rooms, events: Sequence[StoredEvent]) -> None:
    """Committed events go to the pages, and to the rooms, where they say whose picture comes first."""
    sockets.publish(events)
    rooms.follow(events)


async def _drop_sockets(app: web.Application) -> None:
    """Before the server waits for its handlers: sockets would keep it waiting, and their last words need the hub."""
    app[SERVICES].sockets.close()


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok\n", headers=FRESH)


async def _openapi(_: web.Request) -> web.Response:
    return web.json_response(document(VERSION), headers=FRESH)


async def _nowhere(_: web.Request) -> web.Response:
    return error_response(NotFound())


def _services(settings: Settings) -> Callable[[web.Application], AsyncIterator[None]]:
    """Return the context in which the hub's parts are open."""

    async def context(app: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app[SERVICES] = await build(settings, stack)
            yield

    return context


async def build(settings: Settings, stack: AsyncExitStack) -> Services:
    """Open everything below ``settings.data`` and the relays' listener; ``stack`` closes it again."""
    if settings.demo:
        logger.warning("this hub is a demo: it gives passwords and codes of the demo's accounts to everybody")
    data = settings.data
    authority, keys = await asyncio.to_thread(_open_files, settings)
    log = AuditLog(data / "audit" / "key", settings.checkpoint_file, f"plenum/{settings.name}")
    sockets, registry = Sockets(), RelayRegistry()
    rooms = Rooms(registry, sockets, await asyncio.to_thread(Vouching.of, keys))
    counters = HubCounters()
    publish = partial(_publish, sockets, rooms)
    db = Database(settings.database_file, log, materialise, publish, counters.committed)
    stack.push_async_callback(db.close)
    await db.start()
    services = Services(
        settings=settings,
        policy=SESSION_POLICIES[settings.session_policy],
        db=db,
        log=log,
        authority=authority,
        blobs=BlobStore(data / "blobs", keys),
        vault=RecordingVault(data / "recordings", keys),
        signers=SignerKeys(data / "signers", keys, authority),
        workers=await stack.enter_async_context(WorkerPool(2)),
        passwords=PasswordChecker(),
        factor_seal=await asyncio.to_thread(open_seal, keys),
        registry=registry,
        sockets=sockets,
        rooms=rooms,
        counters=counters,
        turn=await asyncio.to_thread(TurnServers.of, settings),
    )
    stack.callback(rooms.close)
    await db.write(lambda tx: tx.audit(entry(Action.SYSTEM_START, tx.now, None, version=VERSION)))
    await housekeeping.after_start(services)
    await stack.enter_async_context(housekeeping.running(services))
    await first_start.announce(services)
    await _listen_for_relays(settings, services, stack)
    await stack.enter_async_context(keeper.running(services))
    await metrics.listen(services, await asyncio.to_thread(browser_context, settings), stack)
    return services


def _open_files(settings: Settings) -> tuple[Authority, KeyStore]:
    """Blocking: authority, key store, database schema."""
    authority = Authority.open_or_create(settings.data / "authority", settings.organisation, datetime.now(UTC))
    migrate(settings.database_file)
    return authority, KeyStore.open_or_create(settings.data / "keys")


async def _listen_for_relays(settings: Settings, services: Services, stack: AsyncExitStack) -> None:
    cert, key = await asyncio.to_thread(_tls, settings, services.authority)
    context = control_server_context(cert, key, services.authority.root_pem)
    runner = web.AppRunner(
        control_app(services.registry, services.rooms, lambda: services.authority.revoked_serials), access_log=None
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, settings.control_host, settings.relays_port, ssl_context=context).start()


def _tls(settings: Settings, authority: Authority) -> tuple[Path, Path]:
    return tls_files(settings, authority, datetime.now(UTC))


def browser_context(settings: Settings) -> ssl.SSLContext:
    """Blocking: return the TLS context of the browsers' listener."""
    now = datetime.now(UTC)
    authority = Authority.open_or_create(settings.data / "authority", settings.organisation, now)
    return server_context(*tls_files(settings, authority, now))
