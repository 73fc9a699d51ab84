"""Requests over the socket: each message type has one handler and one declared permission."""

from collections.abc import Awaitable, Callable

from auth.permissions import Permission
from signaling.live.commands import (
    agenda,
    chat,
    conference,
    floor,
    media,
    media_view,
    polls,
    presence,
    sitting,
    streams,
)
from signaling.live.commands.base import Handlers
from signaling.live.connection import Connection
from signaling.services import Services
from signaling.wire.base import Wire
from signaling.wire.live import ClientMessage

HANDLERS: Handlers = {
    **streams.HANDLERS,
    **presence.HANDLERS,
    **agenda.HANDLERS,
    **floor.HANDLERS,
    **polls.HANDLERS,
    **media.HANDLERS,
    **media_view.HANDLERS,
    **chat.HANDLERS,
    **sitting.HANDLERS,
    **conference.HANDLERS,
}


def dispatcher(services: Services) -> Callable[[Connection, ClientMessage], Awaitable[Wire | None]]:
    """Return what answers the requests of one hub's sockets."""

    async def handle(connection: Connection, message: ClientMessage) -> Wire | None:
        handler = HANDLERS[type(message)]
        with services.counters.request("socket", message.type):
            return await handler.run(services, connection, message, handler.permission)

    return handle


__all__ = ["HANDLERS", "Permission", "dispatcher"]
