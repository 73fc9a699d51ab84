"""At the table: chat, announcements, the speakers' list and polls beyond the ordinary, and what is presented."""

from typing import Annotated, Literal

from pydantic import Field

from meetings.model import Audience, PollKind, PollMethod
from signaling.wire.base import Id, Line, Message, Reason, Request, Text, Wire
from signaling.wire.meeting import ChatMessage, Rules

Seconds = Annotated[int, Field(ge=10, le=14_400)]
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


class PauseFloor(Request):
    """Interrupt the speaker and stop the clock."""

    type: Literal["floor.pause"] = "floor.pause"
    meeting_id: Id
    speaker_id: Id


class ResumeFloor(Request):
    type: Literal["floor.resume"] = "floor.resume"
    meeting_id: Id
    speaker_id: Id


class EditPoll(Request):
    """Replace what a draft puts to the vote; ``rules`` null keeps the draft's."""

    type: Literal["poll.edit"] = "poll.edit"
    meeting_id: Id
    poll_id: Id
    item_id: Id | None
    title: Line
    question: Text = ""
    kind: PollKind = PollKind.NAMED
    method: PollMethod = PollMethod.YES_NO_ABSTAIN
    options: Annotated[list[Line], Field(max_length=50, default_factory=list)]
    rules: Rules | None = None


class RecastPoll(Request):
    """Make a draft that repeats a closed or annulled poll."""

    type: Literal["poll.recast"] = "poll.recast"
    meeting_id: Id
    poll_id: Id


class AnnulPoll(Request):
    """End an open poll without a result. The ballots stay on record and count for nothing."""

    type: Literal["poll.annul"] = "poll.annul"
    meeting_id: Id
    poll_id: Id
    reason: Annotated[Reason, Field(min_length=1)]


class ExtendPoll(Request):
    """Give an open poll this much time from now."""

    type: Literal["poll.extend"] = "poll.extend"
    meeting_id: Id
    poll_id: Id
    seconds: Seconds


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
