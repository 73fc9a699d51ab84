"""The chat's earlier messages, and what the projector page needs to begin."""

from datetime import datetime

from sqlalchemy import Connection

from auth.directory import get_person, list_sites
from auth.permissions import Permission
from meetings import chat_store
from signaling.access import access_meeting
from signaling.http.route import Call, Route
from signaling.projection.table import chat_message
from signaling.wire.base import Wire
from signaling.wire.table import ChatPage, Display


async def earlier(call: Call[Wire]) -> ChatPage:
    """Return messages before the one of this number, as far as the reader may see them."""
    number = call.number("number")

    def run(conn: Connection, now: datetime) -> ChatPage:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.CHAT_READ, now)
        reader = access.viewer
        found, more = chat_store.messages(conn, call.meeting_id, reader.person_id, reader.role, before=number)
        return ChatPage(messages=[chat_message(one) for one in found], earlier=more)

    return await call.services.read(call.subject, run)


async def display(call: Call[Wire]) -> Display:
    """Return whose screen this is; who may not have the projector page is refused here."""

    def run(conn: Connection, now: datetime) -> Display:
        access_meeting(conn, call.subject, call.meeting_id, Permission.DISPLAY_READ, now)
        site_id = get_person(conn, call.subject.person_id).site_id
        site = next((one.name for one in list_sites(conn) if one.id == site_id), None)
        return Display(organisation=call.services.settings.organisation, site_name=site)

    return await call.services.read(call.subject, run)


ROUTES = [
    Route(
        "GET",
        "/meetings/{meeting}/chat/{number}/earlier",
        Permission.CHAT_READ,
        earlier,
        "Messages of the chat before one of them",
        answers=ChatPage,
    ),
    Route(
        "GET",
        "/meetings/{meeting}/display",
        Permission.DISPLAY_READ,
        display,
        "What the projector page shows beside the meeting",
        answers=Display,
    ),
]
