"""Polls, from the draft to the receipt of a ballot."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from meetings.model import PollKind, PollMethod
from signaling.wire.base import Id, Line, Reason, Request, Seconds, Text, Wire
from signaling.wire.meeting import Rules


class Proposal(Request):
    """What a draft puts to the vote; ``options`` only for ``one_of``."""

    meeting_id: Id
    item_id: Id | None
    title: Line
    question: Text = ""
    kind: PollKind = PollKind.NAMED
    method: PollMethod = PollMethod.YES_NO_ABSTAIN
    options: Annotated[list[Line], Field(max_length=50, default_factory=list)]
    rules: Rules | None = None


class CreatePoll(Proposal):
    """``rules`` overrides the meeting's rules of procedure for this poll; ``options`` only for ``one_of``."""

    type: Literal["poll.create"] = "poll.create"


class EditPoll(Proposal):
    """Replace what a draft puts to the vote; ``rules`` null keeps the draft's."""

    type: Literal["poll.edit"] = "poll.edit"
    poll_id: Id


class DeletePoll(Request):
    """Delete a draft; what was opened once stays on record."""

    type: Literal["poll.delete"] = "poll.delete"
    meeting_id: Id
    poll_id: Id


class OpenPoll(Request):
    """``seconds`` announces how long the poll is to stay open; it is closed by the chair, never by the clock."""

    type: Literal["poll.open"] = "poll.open"
    meeting_id: Id
    poll_id: Id
    seconds: Seconds | None = None


class ExtendPoll(Request):
    """Give an open poll this much time from now."""

    type: Literal["poll.extend"] = "poll.extend"
    meeting_id: Id
    poll_id: Id
    seconds: Seconds


class ClosePoll(Request):
    """Closes the poll and publishes its result to the meeting."""

    type: Literal["poll.close"] = "poll.close"
    meeting_id: Id
    poll_id: Id


class AnnulPoll(Request):
    """End an open poll without a result. The ballots stay on record and count for nothing."""

    type: Literal["poll.annul"] = "poll.annul"
    meeting_id: Id
    poll_id: Id
    reason: Annotated[Reason, Field(min_length=1)]


class RecastPoll(Request):
    """Make a draft that repeats a closed or annulled poll."""

    type: Literal["poll.recast"] = "poll.recast"
    meeting_id: Id
    poll_id: Id


class CastBallot(Request):
    """``ballot_id`` is made by the client: a retry with the same id and choice returns the same receipt."""

    type: Literal["poll.cast"] = "poll.cast"
    meeting_id: Id
    poll_id: Id
    ballot_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,40}$")]
    option_id: Id


class Receipt(Wire):
    receipt: str
