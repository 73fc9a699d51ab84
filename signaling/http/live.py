"""The WebSocket route: a signed-in session becomes a connection."""

from aiohttp import web

from auth.model import PersonId
from auth.permissions import Permission
from meetings import presence_store
from meetings.model import MeetingId
from signaling.http.route import Call, Route
from signaling.live.commands import dispatcher
from signaling.live.connection import Connection
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire.base import Wire


async def live(call: Call[Wire]) -> web.StreamResponse:
    """Serve one socket from its handshake to its end."""
    services = call.services
    connection = Connection(call.subject)
    services.sockets.add(connection)
    try:
        return await connection.serve(call.request, dispatcher(services))
    finally:
        services.sockets.remove(connection)
        if connection.ended:
            services.rooms.holder_ended(connection)
        else:
            services.rooms.holder_lost(connection)
        for meeting_id in connection.attending:
            await _lost(services, connection.subject.person_id, meeting_id)


async def _lost(services: Services, person_id: PersonId, meeting_id: MeetingId) -> None:
    """The person's last socket is gone: presence stays for the grace time."""
    if services.sockets.attending(person_id, meeting_id):
        return

    def run(tx: Transaction) -> None:
        tx.changed(meeting_id, presence_store.lose(tx.conn, meeting_id, person_id, tx.now))

    await services.db.write(run)


ROUTES = [Route("GET", "/live", Permission.LIVE_OWN, live, "The WebSocket; see PROTOCOL.md")]
