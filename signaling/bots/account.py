"""Signing in as somebody, and the hub's HTTP interface as a page uses it."""

import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp

from auth.errors import WrongPassword
from signaling.bots.errors import ConnectionLost, NotSignedIn, Refused

API = "/api/v1"
TIMEOUT = aiohttp.ClientTimeout(total=30)


class Account:
    """One signed-in person at the hub under ``url``, whose pages call it ``origin``. An async context manager."""

    def __init__(self, url: str, origin: str, trust: ssl.SSLContext) -> None:
        self._http = aiohttp.ClientSession(
            base_url=url,
            connector=aiohttp.TCPConnector(ssl=trust),
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=TIMEOUT,
            headers={"Origin": origin},
        )
        self.person_id = ""
        self.site_id: str | None = None

    async def __aenter__(self) -> "Account":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def sign_in(self, username: str, password: str) -> None:
        """Raises NotSignedIn, also where more than a password is asked for, Refused and ConnectionLost."""
        try:
            answer = await self.call("POST", "/session", {"username": username, "password": password})
        except Refused as error:
            if error.reason != WrongPassword.code:
                raise
            raise NotSignedIn(f"the hub does not know the account {username} with the demo's password") from error
        person = answer["me"]
        if person is None:
            raise NotSignedIn(f"the hub asks for more than a password of {username}")
        self.person_id = person["personId"]
        self.site_id = person["site"]["id"] if person["site"] else None

    async def sign_out(self) -> None:
        """End the session on the hub too. Raises Refused and ConnectionLost."""
        await self.call("DELETE", "/session")

    async def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Send one request and return its JSON, or None. Raises Refused and ConnectionLost."""
        try:
            async with self._http.request(method, API + path, json=body) as answer:
                if answer.status >= 400:
                    raise Refused(await _code(answer))
                return await answer.json() if answer.content_type == "application/json" else None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ConnectionLost(f"{method} {path}: {error!r}") from error

    async def socket(self) -> aiohttp.ClientWebSocketResponse:
        """Open the live socket. Raises Refused and ConnectionLost."""
        try:
            return await self._http.ws_connect(API + "/live", heartbeat=20, max_msg_size=0)
        except aiohttp.WSServerHandshakeError as error:
            raise Refused(str(error.status)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ConnectionLost(repr(error)) from error


async def _code(answer: aiohttp.ClientResponse) -> str:
    try:
        return str((await answer.json())["error"]["code"])
    except (aiohttp.ClientError, ValueError, KeyError, TypeError):
        return str(answer.status)
