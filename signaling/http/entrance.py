"""What the sign-in page shows before anybody is known. A demo offers its accounts and codes; nothing else does."""

from datetime import datetime

from sqlalchemy import Connection

from auth import pending, sessions
from auth.errors import IdentityError, WrongCode
from auth.model import PersonId
from auth.permissions import Permission
from auth.throttle import source_key
from signaling import demo
from signaling.errors import NotFound
from signaling.http.pipeline import COOKIE
from signaling.http.route import Call, Route
from signaling.http.session import PENDING, source
from signaling.wire import identity as wire
from signaling.wire.base import Wire


async def entrance(call: Call[Wire]) -> wire.Entrance:
    """Return the organisation's name, and whom to try in a demo."""
    settings = call.services.settings
    return wire.Entrance(organisation=settings.organisation, demo=_demo() if settings.demo else None)


def _demo() -> wire.Demo:
    accounts = [
        wire.DemoAccount(username=one.username, name=one.name, title=one.title, roles=[one.role])
        for one in demo.ACCOUNTS
    ]
    return wire.Demo(password=demo.PASSWORD, accounts=accounts)


async def demo_code(call: Call[Wire]) -> wire.DemoCode:
    """Return a code that is still good for the demo account that is signing in or stepping up."""
    services = call.services
    if not services.settings.demo:
        raise NotFound

    def run(conn: Connection, now: datetime) -> wire.DemoCode:
        person_id = _whose(conn, call, now)
        try:
            code = demo.unused_code(conn, services.factor_seal, person_id, now, services.code_window)
        except WrongCode as error:
            raise NotFound from error
        return wire.DemoCode(code=code)

    return await services.read(None, run)


def _whose(conn: Connection, call: Call[Wire], now: datetime) -> PersonId:
    """Return who is half signed in, else who is signed in. Raises NotFound for nobody."""
    cookies, where = call.request.cookies, source_key(source(call.request).ip)
    try:
        return pending.look_up(conn, cookies.get(PENDING, ""), where, now)
    except IdentityError:
        pass
    try:
        return sessions.look_up(conn, cookies.get(COOKIE, ""), now).person_id
    except IdentityError as error:
        raise NotFound from error


ROUTES = [
    Route("GET", "/entrance", Permission.PUBLIC, entrance, "What the sign-in page shows", answers=wire.Entrance),
    Route(
        "GET", "/entrance/demo-code", Permission.PUBLIC, demo_code, "A code of a demo account", answers=wire.DemoCode
    ),
]
