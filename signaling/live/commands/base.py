"""What every command shares."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from auth.permissions import Permission
from signaling.live.connection import Connection
from signaling.services import Services
from signaling.wire.base import Request, Wire

Run = Callable[[Services, Connection, Any, Permission], Awaitable[Wire | None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """One command: what it needs, and what runs."""

    permission: Permission
    run: Run


Handlers = dict[type[Request], Handler]
