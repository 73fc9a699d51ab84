"""The live socket from the client's side: requests with their answers, and what the hub says by itself."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, Final

import aiohttp

from signaling.bots.errors import ConnectionLost, Refused

PING_S: Final = 15.0
ANSWER_S: Final = 15.0
Message = dict[str, Any]


class Link:
    """One socket. ``listen`` must run as long as requests are made; ``hear`` gets everything that is no answer."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, hear: Callable[[Message], None]) -> None:
        self._socket = socket
        self._hear = hear
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def request(self, kind: str, /, **fields: object) -> Any:
        """Return the result of one request. Raises Refused and ConnectionLost."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._socket.send_json({"id": number, "type": kind, **fields})
                return await answer
        except (TimeoutError, ConnectionError, aiohttp.ClientError) as error:
            raise ConnectionLost(f"{kind}: {error!r}") from error
        finally:
            self._waiting.pop(number, None)

    async def listen(self) -> None:
        """Read until the socket ends, then raise ConnectionLost."""
        async for frame in self._socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._take(frame.json())
        lost = ConnectionLost("the socket was closed")
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(lost)
        raise lost

    async def keep_alive(self) -> None:
        """Tell the hub now and then that somebody is there. Raises ConnectionLost."""
        while True:
            await asyncio.sleep(PING_S)
            await self.request("ping")

    async def close(self) -> None:
        """Idempotent."""
        await self._socket.close()

    def _take(self, message: Message) -> None:
        if message["type"] not in {"reply", "error"}:
            self._hear(message)
            return
        answer = self._waiting.get(message["id"])
        if answer is None or answer.done():
            return
        if message["type"] == "reply":
            answer.set_result(message["result"])
        else:
            answer.set_exception(Refused(message["error"]["code"]))
