"""What a page shows of the room's pictures, and how large."""

import time
from datetime import datetime

from sqlalchemy import Connection as Database

from auth.permissions import Permission
from meetings import speaker_store
from meetings.model import MeetingId
from signaling.access import access_meeting
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.live.leading import Leading, leading
from signaling.live.views import lead, set_views
from signaling.services import Services
from signaling.store.streams import last_revision
from signaling.store.transaction import meeting_stream
from signaling.wire.media_view import ViewMedia


async def view(services: Services, connection: Connection, message: ViewMedia, permission: Permission) -> None:
    """Take over the sizes, and read who comes first in this meeting unless its events tell already."""
    meeting_id = MeetingId(message.meeting_id)
    before = services.rooms.get(meeting_id)
    known = before.leading.revision if before is not None and before.leading is not None else None

    def run(conn: Database, now: datetime) -> Leading | None:
        access_meeting(conn, connection.subject, meeting_id, permission, now)
        revision = last_revision(conn, meeting_stream(meeting_id))
        if revision == known:
            return None
        people = services.rosters.participants(conn, meeting_id, revision, now)
        return leading(revision, people, speaker_store.entries(conn, meeting_id))

    found = await services.read(connection.subject, run)
    room, endpoint = services.rooms.of_holder(meeting_id, connection)
    endpoint.view_pace.take(time.monotonic())
    if found is not None and (room.leading is None or found.revision > room.leading.revision):
        lead(room, found)
    set_views(room, endpoint, message.views, services.settings.pictures)


HANDLERS: Handlers = {ViewMedia: Handler(Permission.MEDIA_JOIN, view)}
