"""What a route declares, and what its handler gets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel

from auth.model import Subject
from auth.permissions import Permission
from meetings.model import MeetingId
from signaling.errors import NotFound
from signaling.services import Services
from signaling.wire.base import Wire

MAX_DIGITS = 9
Body = TypeVar("Body", bound=BaseModel)
Answer = Wire | web.StreamResponse | None


@dataclass(frozen=True, slots=True)
class Call(Generic[Body]):
    """One request. ``subject`` is None only on public routes; ``body`` only where the route declares one."""

    services: Services
    request: web.Request
    maybe_subject: Subject | None
    maybe_body: Body | None

    @property
    def subject(self) -> Subject:
        """Who asks; the route's permission has made sure that there is somebody."""
        if self.maybe_subject is None:
            raise NotFound
        return self.maybe_subject

    @property
    def body(self) -> Body:
        """The parsed body; the route declares its model."""
        if self.maybe_body is None:
            raise NotFound
        return self.maybe_body

    def part(self, name: str) -> str:
        """Return a part of the path."""
        return self.request.match_info[name]

    @property
    def meeting_id(self) -> MeetingId:
        """The meeting in the path."""
        return MeetingId(self.part("meeting"))

    def number(self, name: str) -> int:
        """Return a part of the path that is a number; anything else is nowhere."""
        text = self.part(name)
        if not text.isascii() or not text.isdigit() or len(text) > MAX_DIGITS:
            raise NotFound
        return int(text)


Handler = Callable[[Call[Body]], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One route below ``/api/v1``. ``answers`` is None where a file or nothing is returned."""

    method: str
    path: str
    permission: Permission
    handler: Callable[..., Awaitable[Answer]]
    summary: str
    body: type[BaseModel] | None = None
    answers: type[BaseModel] | None = None
    media_types: tuple[str, ...] = ()  # of a file that is returned
    passive: bool = False  # asked by the page itself, again and again: it does not count as use of the session
