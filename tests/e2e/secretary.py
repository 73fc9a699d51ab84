"""The demo's secretary without a browser: convenes, opens, and follows the demo meeting over the hub's interfaces."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from signaling.bots.account import Account
from signaling.bots.errors import Refused
from signaling.bots.link import Link, Message
from signaling.demo import PASSWORD
from tests.e2e.person import unspent_codes
from tests.e2e.product import Product

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
async def presiding(product: Product) -> AsyncIterator[Secretary]:
    """Convene and open the demo meeting, and follow it."""
    trust = ssl.create_default_context(cafile=product.data / "authority" / "root.pem")
    async with Account(product.origin, product.origin, trust) as account:
        secretary = Secretary(account, product.origin)
        await secretary.sign_in()
        await secretary.convene_and_open()
        async with following(secretary):
            yield secretary
