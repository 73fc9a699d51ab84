"""At the table: chat, announcements, and what is presented."""

from typing import Annotated, Literal

from pydantic import Field

from meetings.model import Audience
from signaling.wire.base import Id, Message, Request, Wire
from signaling.wire.meeting import ChatMessage

Share = Annotated[float, Field(ge=0, le=1)]
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,40}$")]


class SendChat(Request):
    """``message_id`` is made by the client: a repetition with the same id changes nothing and is answered the same.

    ``recipient_id`` is for answers of the secretariat to one person.
    """

    type: Literal["chat.send"] = "chat.send"
    meeting_id: Id
    message_id: MessageId
    audience: Audience
    text: Message
    recipient_id: Id | None = None


class RemoveChat(Request):
    """Take a message's words away; that there was one remains."""

    type: Literal["chat.remove"] = "chat.remove"
    meeting_id: Id
    message_id: MessageId


class ChatPage(Wire):
    """Earlier messages, oldest first; ``earlier`` tells whether there are more before them."""

    messages: list[ChatMessage]
    earlier: bool


class SetSitting(Request):
    """Whether messages to everyone, and requests for the floor, are taken; null leaves it as it is."""

    type: Literal["sitting.set"] = "sitting.set"
    meeting_id: Id
    chat_open: bool | None = None
    floor_open: bool | None = None


class Announce(Request):
    """Say something on every screen; it takes the place of an earlier announcement."""

    type: Literal["announce"] = "announce"
    meeting_id: Id
    text: Annotated[Message, Field(max_length=500)]


class WithdrawAnnouncement(Request):
    type: Literal["announce.withdraw"] = "announce.withdraw"
    meeting_id: Id


class Shown(Wire):
    """The value of the ephemeral key ``page``: which place of which paper is presented.

    ``x`` and ``y`` are the place of the page that is at the top left of the presenter's view, 0 to 1 of its size;
    ``zoom`` is in widths of the view; ``pointer`` is a place on the page.
    """

    paper_id: Id
    version: Annotated[int, Field(ge=1, le=100_000)]
    page: Annotated[int, Field(ge=1, le=100_000)]
    x: Share
    y: Share
    zoom: Annotated[float, Field(gt=0, le=20)]
    pointer: Annotated[list[Share], Field(min_length=2, max_length=2)] | None


class Display(Wire):
    """What the projector page shows beside the meeting itself."""

    organisation: str
    site_name: str | None
