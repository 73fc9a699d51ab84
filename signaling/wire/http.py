"""Bodies of the HTTP interface under ``/api/v1``."""

from typing import Annotated

from pydantic import Field, StringConstraints

from auth.model import MeetingRole
from meetings.model import ItemKind, MeetingState, MinutesState, Response, Verdict
from signaling.wire.base import Id, Line, Place, Reason, Text, Timestamp, Wire
from signaling.wire.meeting import PollResult, Rules

Zone = Annotated[str, StringConstraints(max_length=64)]
Language = Annotated[str, StringConstraints(pattern=r"^(vi|en)$")]


class MeetingSummary(Wire):
    """A line of Home. ``waiting`` names what the meeting asks of this viewer: ``acknowledge``, ``sign``."""

    id: Id
    reference: str
    title: str
    state: MeetingState
    starts_at: Timestamp
    ends_at: Timestamp
    zone: str
    label: int
    my_role: MeetingRole | None
    waiting: list[str]


class MeetingList(Wire):
    meetings: list[MeetingSummary]


class NewMeeting(Wire):
    """``rules`` names one of the presets listed by ``GET /rules``."""

    title: Line
    description: Text = ""
    place: Place = ""
    zone: Zone
    language: Language
    label: Annotated[int, Field(ge=0, le=5)]
    starts_at: Timestamp
    ends_at: Timestamp
    rules: str = "simple_majority"


class MeetingPatch(Wire):
    title: Line | None = None
    description: Text | None = None
    place: Place | None = None
    zone: Zone | None = None
    language: Language | None = None
    starts_at: Timestamp | None = None
    ends_at: Timestamp | None = None
    rules: str | None = None


class RulesPreset(Wire):
    name: str
    rules: Rules


class RulesPresets(Wire):
    presets: list[RulesPreset]


class Invitee(Wire):
    person_id: Id
    role: MeetingRole
    entitled: bool = True


class Invitations(Wire):
    """The whole list: whoever is not in it is no longer invited."""

    invitees: Annotated[list[Invitee], Field(max_length=5000)]


class InvitationAnswer(Wire):
    response: Response
    reason: Reason = ""


class ItemBody(Wire):
    """``readers`` restricts the item to the persons named; null opens it to all participants."""

    title: Line
    description: Text = ""
    kind: ItemKind = ItemKind.DISCUSSION
    presenter_id: Id | None = None
    minutes: Annotated[int, Field(ge=0, le=1440)] = 15
    readers: list[Id] | None = None


class ItemOrder(Wire):
    item_ids: Annotated[list[Id], Field(max_length=500)]


class Transition(Wire):
    """The state the meeting shall take; ``reason`` is required to cancel."""

    to: MeetingState
    reason: Reason = ""


class SectionText(Wire):
    id: Id
    text: Text


class MinutesEdit(Wire):
    """``revision`` is the one the editor started from; a stale one is refused and nothing is lost."""

    revision: int
    sections: Annotated[list[SectionText], Field(max_length=1000)]


class MinutesPoll(Wire):
    poll_id: Id
    title: str
    verdict: Verdict | None
    result: PollResult | None
    annulled: str | None  # why it counts for nothing


class MinutesSection(Wire):
    """``text`` is the secretary's; ``polls`` are facts on record and cannot be edited."""

    id: Id
    kind: str
    item_id: Id | None
    title: str
    text: str
    polls: list[MinutesPoll]


class SignatureInfo(Wire):
    role: str
    person_id: Id
    name: str
    signed_at: Timestamp
    factor: str


class Minutes(Wire):
    state: MinutesState
    revision: int
    sections: list[MinutesSection]
    sha256: str | None
    signatures: list[SignatureInfo]
    next_signer: Id | None


class SignatureCheck(Wire):
    signer: str
    role: str
    signed_at: Timestamp | None
    covers_whole_file: bool


class Verification(Wire):
    """Result of the composite acceptance rule; ``reason`` says in plain English why not, for experts."""

    accepted: bool
    reason: str | None
    sha256: str
    expected_sha256: str | None
    signatures: list[SignatureCheck]
