"""What one session, and all of them together, may have under way at once, so that nobody starves the others."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from auth.model import SessionId
from documents.acceptance import SignatureReport
from signaling.errors import TooManyRequests

T = TypeVar("T")
VERIFIED_FOR_S = 30.0


@dataclass(slots=True)
class _Share:
    """A session's part: who holds a slot or waits for one, and the slots."""

    slots: asyncio.Semaphore
    users: int = 0


class Slots:
    """A number of slots for each session, and of users overall.

    ``waiting`` more of a session wait for one of its slots, ``wait_s`` seconds at most; others are refused at once.
    """

    def __init__(self, per_session: int, *, overall: int | None = None, waiting: int = 0, wait_s: float = 0.0) -> None:
        self._per_session = per_session
        self._overall = overall
        self._waiting = waiting
        self._wait_s = wait_s
        self._shares: dict[SessionId, _Share] = {}
        self._users = 0

    @asynccontextmanager
    async def hold(self, session_id: SessionId) -> AsyncIterator[None]:
        """Hold a slot of a session. Raises TooManyRequests."""
        share = self._shares.get(session_id) or _Share(asyncio.Semaphore(self._per_session))
        if share.users >= self._per_session + self._waiting:
            raise TooManyRequests("this session has too many of these under way; wait for one to end")
        if self._overall is not None and self._users >= self._overall:
            raise TooManyRequests("too many of these are under way; try again in a moment")
        self._shares[session_id] = share
        share.users += 1
        self._users += 1
        try:
            await self._acquire(share)
            try:
                yield
            finally:
                share.slots.release()
        finally:
            share.users -= 1
            self._users -= 1
            if not share.users:
                del self._shares[session_id]

    async def _acquire(self, share: _Share) -> None:
        if not share.slots.locked():
            await share.slots.acquire()
            return
        try:
            async with asyncio.timeout(self._wait_s):
                await share.slots.acquire()
        except TimeoutError as error:
            raise TooManyRequests("this session has too many of these under way; wait for one to end") from error


class Recent(Generic[T]):
    """Results that are kept for ``seconds``; whatever has to be made is made one after the other."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: dict[Hashable, tuple[float, T]] = {}
        self._making = asyncio.Lock()

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return the result for a key, made now if there is no recent one. Raises what ``make`` raises."""
        async with self._making:
            now = time.monotonic()
            self._kept = {one: kept for one, kept in self._kept.items() if kept[0] > now}
            if key not in self._kept:
                self._kept[key] = (now + self._seconds, await make())
            return self._kept[key][1]


@dataclass(frozen=True, slots=True)
class Verified:
    """What checking a signed file found; ``reason`` is None if it is accepted."""

    reports: tuple[SignatureReport, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class FairUse:
    """The limits of a running hub. A viewer asks for many ranges of a paper at once, so downloads may wait a little."""

    downloads: Slots = field(default_factory=lambda: Slots(4, waiting=32, wait_s=10.0))
    uploads: Slots = field(default_factory=lambda: Slots(3, overall=9))
    verifications: Slots = field(default_factory=lambda: Slots(1))
    verified: Recent[Verified] = field(default_factory=lambda: Recent(VERIFIED_FOR_S))
