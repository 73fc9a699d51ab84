"""A running hub and its clients, as tests use them: everything real but TLS on the browsers' listener."""

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType
from aiohttp.test_utils import TestServer

from auth import sessions
from auth.audit.entry import LoggedEntry
from auth.audit.query import AuditQuery, search
from auth.model import PersonId
from meetings import presence_store, session_store, version_store
from meetings.changes import Change
from meetings.model import MeetingId, PresenceHow, PresenceMode
from signaling.demo import unused_code
from signaling.http.pipeline import COOKIE
from signaling.http.table import PREFIX
from signaling.services import SERVICES, Services
from signaling.store.transaction import Transaction
from signaling.usecases.agenda_changes import paper_marks
from tests.signaling.seed import Seed

Json = dict[str, Any]
WAIT_S = 10.0


class Refused(Exception):
    """The hub's answer to a request was an error."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(f"{code} ({status})")
        self.code = code
        self.status = status


class Live:
    """One WebSocket: ``request`` answers, everything else that the hub sends is in ``heard``."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[Json] = []
        self._numbers = itertools.count(1)

    async def request(self, kind: str, /, **fields: Any) -> Any:
        """Send a request and return its result. Raises Refused."""
        number = next(self._numbers)
        await self.socket.send_json({"id": number, "type": kind, **fields})
        while True:
            message = await self.receive()
            if message.get("id") == number and message["type"] == "reply":
                return message["result"]
            if message.get("id") == number and message["type"] == "error":
                raise Refused(message["error"]["code"])
            self.heard.append(message)

    async def receive(self) -> Json:
        """Return the next message. Raises ConnectionError when the hub has closed."""
        async with asyncio.timeout(WAIT_S):
            frame = await self.socket.receive()
        if frame.type is not WSMsgType.TEXT:
            raise ConnectionError(f"{frame.type!r} {frame.data!r}")
        message: Json = frame.json()
        return message

    async def until(self, condition: Callable[[Json], bool]) -> Json:
        """Return the first message, heard before or coming, for which the condition holds."""
        for message in self.heard:
            if condition(message):
                return message
        while True:
            message = await self.receive()
            self.heard.append(message)
            if condition(message):
                return message

    async def of_type(self, kind: str) -> Json:
        """Return the first message of a type."""
        return await self.until(lambda message: message["type"] == kind)

    async def settle(self) -> None:
        """Return when everything that was sent before has been heard."""
        await self.request("ping")

    async def closed(self) -> None:
        """Return when the hub has closed the socket."""
        with contextlib.suppress(ConnectionError):
            while True:
                self.heard.append(await self.receive())


class Client:
    """A browser that is signed in as somebody, or as nobody."""

    def __init__(self, session: ClientSession) -> None:
        self.session = session

    async def raw(self, method: str, path: str, **arguments: Any) -> ClientResponse:
        """Send a request below ``/api/v1`` and return the whole answer, whatever it is."""
        answer = await self.session.request(method, PREFIX + path, **arguments)
        await answer.read()
        return answer

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        """Send a request and return the JSON of its answer. Raises Refused."""
        answer = await self.raw(method, path, **arguments)
        if answer.status >= 400:
            raise Refused((await answer.json())["error"]["code"], answer.status)
        return await answer.json() if answer.content_type == "application/json" else await answer.read()

    def cookie(self) -> str:
        """Return the token that the browser holds."""
        return next((one.value for one in self.session.cookie_jar if one.key == COOKIE), "")


class Hub:
    """A hub over one folder."""

    def __init__(self, server: TestServer, seed: Seed, stack: AsyncExitStack) -> None:
        self.server = server
        self.seed = seed
        self.services: Services = server.app[SERVICES]
        self._stack = stack
        self._clients: dict[str, Client] = {}

    async def nobody(self) -> Client:
        """Return a browser without a session."""
        base = self.server.make_url("/")
        jar = CookieJar(unsafe=True, treat_as_secure_origin=base.origin())
        return Client(await self._stack.enter_async_context(ClientSession(base, cookie_jar=jar)))

    async def client(self, username: str, *, fresh: bool = False) -> Client:
        """Return somebody's browser; ``fresh``: after a step-up."""
        if username not in self._clients:
            self._clients[username] = client = await self.nobody()
            client.session.cookie_jar.update_cookies({COOKIE: self.seed.tokens[username]}, self.server.make_url("/"))
        if fresh:
            await self._step_up(self._clients[username])
        return self._clients[username]

    async def code(self, username: str) -> str:
        """Return a code of somebody's authenticator that is not spent."""
        person_id, seal, now = self.seed.people[username], self.services.factor_seal, self.services.db.clock.now()
        return await self.services.db.read(lambda conn: unused_code(conn, seal, person_id, now, 2))

    async def _step_up(self, client: Client) -> None:
        token = await self.write(lambda tx: sessions.step_up(tx.conn, client.cookie(), tx.now, "totp")[0])
        client.session.cookie_jar.update_cookies({COOKIE: token}, self.server.make_url("/"))

    async def call(self, username: str, method: str, path: str, **arguments: Any) -> Any:
        """Send a request as somebody."""
        return await (await self.client(username)).call(method, path, **arguments)

    async def live(self, username: str, **arguments: Any) -> Live:
        """Open a socket as somebody."""
        client = await self.client(username)
        return await self.socket(client, **arguments)

    async def socket(self, client: Client, **arguments: Any) -> Live:
        """Open a socket of a browser."""
        socket = await self._stack.enter_async_context(client.session.ws_connect(PREFIX + "/live", **arguments))
        return Live(socket)

    async def write(self, run: Callable[[Transaction], Any]) -> Any:
        """Run a unit of work as the hub itself."""
        return await self.services.db.write(run)

    async def log(self, **query: Any) -> list[LoggedEntry]:
        """Search the audit log, newest first."""
        return await self.services.db.read(lambda conn: search(conn, AuditQuery(**query)))

    # --- short cuts through the rules of meetings ---

    async def convene(self, meeting: MeetingId | None = None) -> None:
        """Put our meeting, or another, into the state after convening, without rendering and signing."""
        meeting_id = meeting or self.seed.ours.meeting
        by = self.seed.people["secretary"]
        await self.change(
            lambda tx: version_store.convene(
                tx.conn,
                meeting_id,
                by,
                manifest_sha256="0" * 64,
                pdf_sha256="1" * 64,
                now=tx.now,
                papers=paper_marks(tx.conn, meeting_id),
            ),
            meeting_id,
        )

    async def open(self, *present: str) -> None:
        """Convene and open our meeting, with these people recorded as present."""
        await self.convene()
        meeting_id = self.seed.ours.meeting
        await self.change(lambda tx: session_store.open_meeting(tx.conn, meeting_id, tx.now))
        for username in present:
            await self.arrive(self.seed.people[username])

    async def arrive(self, person_id: PersonId) -> None:
        """Record somebody as present."""
        await self.change(
            lambda tx: presence_store.arrive(
                tx.conn,
                self.seed.ours.meeting,
                person_id,
                how=PresenceHow.CONNECTED,
                mode=PresenceMode.REMOTE,
                site_id=None,
                endpoint_id=None,
                now=tx.now,
            )
        )

    async def change(self, run: Callable[[Transaction], list[Change]], meeting: MeetingId | None = None) -> None:
        """Run a function of the meeting's rules and announce what it changed."""

        def unit(tx: Transaction) -> None:
            tx.changed(meeting or self.seed.ours.meeting, run(tx))

        await self.write(unit)


def ballot_id() -> str:
    """Return an id as a page makes it for a ballot."""
    return secrets.token_hex(12)


async def until(condition: Callable[[], bool]) -> None:
    """Return once the condition holds. Raises TimeoutError."""
    async with asyncio.timeout(WAIT_S):
        while not condition():  # noqa: ASYNC110 - it looks into the hub, which tells nobody
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def running(server: TestServer, seed: Seed) -> AsyncIterator[Hub]:
    """Run a hub with its clients until the context ends."""
    async with AsyncExitStack() as stack:
        await server.start_server()
        stack.push_async_callback(server.close)
        yield Hub(server, seed, stack)
