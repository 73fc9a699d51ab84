"""From a raw request to a handler and back: origin, session, permission, body, answer, errors."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection

from auth import sessions
from auth.decide import must_enrol
from auth.errors import NoSession
from auth.model import Subject
from auth.permissions import RULES, Permission
from signaling.access import require_permission
from signaling.errors import BadRequest, TooLarge, TooSlow, describe
from signaling.http.route import Answer, Call, Route
from signaling.http.security import check_origin
from signaling.services import SERVICES, Services
from signaling.store.transaction import Transaction
from signaling.subjects import current_subject
from signaling.wire.base import ErrorReply, Wire

logger = logging.getLogger(__name__)
COOKIE = "__Host-session"
MAX_BODY = 1024 * 1024
BODY_S = 30.0  # for a whole body
LIVE = "/live"  # the WebSocket


def endpoint(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return the aiohttp handler of a route."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await _counted(route, request)
        except web.HTTPException:
            raise
        except Exception as error:
            return error_response(error)

    return handle


async def _counted(route: Route, request: web.Request) -> web.StreamResponse:
    """Count it, but for a socket, whose requests are counted one by one."""
    if route.path == LIVE:
        return await _run(route, request)
    with request.app[SERVICES].counters.request("http", f"{route.method} {route.path}"):
        return await _run(route, request)


async def _run(route: Route, request: web.Request) -> web.StreamResponse:
    services = request.app[SERVICES]
    check_origin(request, services.settings.origin)
    subject, body = None, None
    if route.permission is not Permission.PUBLIC:
        subject = await resolve(services, request, touch=not route.passive)
        await _decide(services, route.permission, subject)
    if route.body:
        body = await _body(request, route.body)
        if subject is not None:  # who sends slowly has the rights of the end, not of the start
            subject = await renewed(services, subject)
            await _decide(services, route.permission, subject)
    return _response(await route.handler(Call(services, request, subject, body)))


async def _decide(services: Services, permission: Permission, subject: Subject) -> None:
    """Decide what can be decided outside of a meeting. Raises like require_permission."""
    if RULES[permission].grants and not must_enrol(subject):
        return

    def check(_: Connection, now: datetime) -> None:
        require_permission(subject, permission, now)

    await services.read(subject, check)


async def renewed(services: Services, subject: Subject) -> Subject:
    """Return who asks as the directory says now. Raises NoSession, SessionExpired.

    It goes by the session: a token may have been exchanged by another page of the same browser meanwhile.
    """
    now = services.db.clock.now()

    def look_up(conn: Connection) -> Subject:
        return current_subject(conn, sessions.look_up_id(conn, subject.session_id, now))

    return await services.db.read(look_up)


async def resolve(services: Services, request: web.Request, *, touch: bool = True) -> Subject:
    """Return who asks, by the session cookie; ``touch``: the session is in use. Raises NoSession, SessionExpired."""
    token = request.cookies.get(COOKIE)
    if not token:
        raise NoSession
    now = services.db.clock.now()

    def look_up(conn: Connection) -> tuple[sessions.Session, Subject]:
        session = sessions.look_up(conn, token, now)
        return session, current_subject(conn, session)

    def keep(tx: Transaction) -> None:
        sessions.touch(tx.conn, sessions.look_up(tx.conn, token, tx.now), tx.now)

    session, subject = await services.db.read(look_up)
    if touch and sessions.needs_touch(session, now):
        await services.db.write(keep)
    return subject


async def _body(request: web.Request, model: type[BaseModel]) -> BaseModel:
    if request.content_type != "application/json":
        raise BadRequest("Content-Type", "send application/json")
    try:
        return model.model_validate_json(await _read(request))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise BadRequest(".".join(str(part) for part in first["loc"]) or "body", first["msg"]) from error


async def _read(request: web.Request) -> bytes:
    """Return the whole body, read no further than the limit and no longer than its time. Raises TooLarge, TooSlow."""
    data = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.content.iter_any():
                data += chunk
                if len(data) > MAX_BODY:
                    raise TooLarge(MAX_BODY)
    except TimeoutError as error:
        raise TooSlow from error
    return bytes(data)


def _response(answer: Answer) -> web.StreamResponse:
    if answer is None:
        return web.Response(status=204)
    if isinstance(answer, Wire):
        return web.Response(text=answer.model_dump_json(by_alias=True), content_type="application/json", headers=FRESH)
    return answer


FRESH = {"Cache-Control": "no-store"}


def error_response(error: Exception) -> web.Response:
    """Return the one form in which errors leave."""
    status, body = describe(error)
    text = ErrorReply(error=body).model_dump_json(by_alias=True)
    headers = dict(FRESH)
    if status == web.HTTPTooManyRequests.status_code and "seconds" in body.params:
        headers["Retry-After"] = str(body.params["seconds"])  # RFC 9110 §10.2.3
    return web.Response(status=status, text=text, content_type="application/json", headers=headers)
