"""The demo's secretary without a browser: convenes, opens, and follows the demo meeting over the hub's interfaces."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from signaling.bots.account import Account
from signaling.bots.errors import Refused
from signaling.bots.link import Link, Message
from signaling.demo import PASSWORD
from tests.e2e.person import unspent_codes
from tests.e2e.product import Product
from tests.e2e.relays import HubHere
from tests.network.hosts import Host

Json = dict[str, Any]


@dataclass
class Secretary:
    """Signed in, following the demo meeting."""

    account: Account
    origin: str
    meeting: str = ""
    endpoints: tuple[Json, ...] = ()
    speaker: str | None = None
    link: Link | None = None

    @property
    def path(self) -> str:
        return f"/meetings/{self.meeting}"

    async def sign_in(self) -> None:
        await self.account.call("POST", "/session", {"username": "secretary", "password": PASSWORD})
        await self._with_code("/session/code")
        self.meeting = (await self.account.call("GET", "/meetings"))["meetings"][0]["id"]

    async def convene_and_open(self) -> None:
        await self._with_code("/session/step-up")
        await self.account.call("POST", f"{self.path}/convene", {})
        await self.account.call("POST", f"{self.path}/transitions", {"to": "in_session"})

    async def snapshot(self) -> Json:
        found: Json = await self.account.call("GET", self.path)
        return found

    async def request(self, kind: str, /, **fields: object) -> Any:
        assert self.link is not None
        return await self.link.request(kind, meetingId=self.meeting, **fields)

    def hear(self, message: Message) -> None:
        if message["type"] == "room":
            self.endpoints = tuple(message["endpoints"])
        elif message["type"] == "active_speaker":
            self.speaker = message["endpointId"]

    async def _with_code(self, path: str) -> None:
        for code in unspent_codes(self.origin, "secretary"):
            with contextlib.suppress(Refused):
                await self.account.call("POST", path, {"code": code})
                return
        raise AssertionError("no code was taken")


@contextlib.asynccontextmanager
async def following(secretary: Secretary) -> AsyncIterator[None]:
    """Hear what happens in the meeting."""
    link = secretary.link = Link(await secretary.account.socket(), secretary.hear)
    listening = asyncio.ensure_future(link.listen())
    try:
        await secretary.request("subscribe")
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await link.close()


@contextlib.asynccontextmanager
async def signed_in(product: Product | HubHere) -> AsyncIterator[Secretary]:
    """The secretary at the hub's door; a certificate names no address of IPv6."""
    trust = ssl.create_default_context(cafile=product.data / "authority" / "root.pem")
    trust.check_hostname = product.address == product.origin
    async with Account(product.address, product.origin, trust) as account:
        secretary = Secretary(account, product.origin)
        await secretary.sign_in()
        yield secretary


@contextlib.asynccontextmanager
async def presiding(product: Product) -> AsyncIterator[Secretary]:
    """Convene and open the demo meeting, and follow it."""
    async with signed_in(product) as secretary:
        await secretary.convene_and_open()
        async with following(secretary):
            yield secretary


async def open_the_session(product: Product | HubHere, host: Host | None = None) -> str:
    """The secretary, on a host if one is given, convenes the demo meeting and opens it; returns its id."""

    async def convene_and_open() -> str:
        async with signed_in(product) as secretary:
            await secretary.convene_and_open()
        return secretary.meeting

    def there() -> str:  # a thread is on one host as a whole
        with host.entered() if host else nullcontext():
            return asyncio.run(convene_and_open())

    return await asyncio.to_thread(there)
