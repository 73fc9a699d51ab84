"""What the repository reads: frozen pictures of the rows, with everything a snapshot needs."""

from dataclasses import dataclass
from datetime import datetime

from auth.model import Label, MeetingRole, PersonId, SiteId
from meetings.decision import Outcome
from meetings.model import (
    Audience,
    BallotId,
    ItemId,
    ItemKind,
    ItemState,
    MeetingId,
    MeetingState,
    MessageId,
    MinutesState,
    PollId,
    PollKind,
    PollMethod,
    PollState,
    PresenceHow,
    PresenceMode,
    PresenceStatus,
    Response,
    SectionKind,
    SpeakerId,
    SpeakerKind,
    SpeakerState,
)
from meetings.quorum import Quorum
from meetings.rules import RulesOfProcedure
from meetings.tally import Tally


@dataclass(frozen=True, slots=True)
class MeetingDetails:
    """What a secretary enters for a meeting. Times are aware; ``zone`` is an IANA name, ``language`` a BCP 47 tag."""

    title: str
    starts_at: datetime
    ends_at: datetime
    rules: RulesOfProcedure
    reference: str = ""
    description: str = ""
    place: str = ""
    zone: str = "UTC"
    language: str = "en"
    label: Label = Label.INTERNAL


@dataclass(frozen=True, slots=True)
class Meeting:
    id: MeetingId
    details: MeetingDetails
    state: MeetingState
    state_reason: str
    created_by: PersonId
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    current_item_id: ItemId | None
    revision: int


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody invited to a meeting. ``entitled`` says whether the person votes and counts for the quorum."""

    person_id: PersonId
    role: MeetingRole
    entitled: bool
    response: Response
    reason: str
    responded_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemDetails:
    """What a secretary enters for an item. ``minutes`` is the time allotted; ``readers`` see it if it is restricted."""

    title: str
    kind: ItemKind
    description: str = ""
    presenter_id: PersonId | None = None
    minutes: int | None = None
    restricted: bool = False
    readers: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """``position`` counts from 1 without gaps. ``used_ms`` leaves out the discussion that is still running."""

    id: ItemId
    position: int
    details: ItemDetails
    state: ItemState
    started_at: datetime | None
    ended_at: datetime | None
    used_ms: int
    outcome: str


@dataclass(frozen=True, slots=True)
class PaperMark:
    """A paper as it hung on an item when the agenda was convened."""

    paper_id: str
    title: str
    version: int


@dataclass(frozen=True, slots=True)
class AgendaHeading:
    """What stands above the items of a convened agenda."""

    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One line of a convened agenda version."""

    item_id: ItemId
    title: str
    description: str
    kind: ItemKind
    presenter_id: PersonId | None
    minutes: int | None
    restricted: bool
    papers: tuple[PaperMark, ...] = ()


@dataclass(frozen=True, slots=True)
class AgendaVersion:
    """A convened agenda; ``acknowledged_by`` names who confirmed receipt of this very version.

    ``heading`` is None for versions from before headings were kept.
    """

    number: int
    convened_at: datetime
    convened_by: PersonId
    manifest_sha256: str
    pdf_sha256: str
    lines: tuple[AgendaLine, ...]
    acknowledged_by: frozenset[PersonId]
    heading: AgendaHeading | None = None


@dataclass(frozen=True, slots=True)
class PresenceInterval:
    """One stay of one person. ``left_at`` is None while it lasts; ``lost_at`` is set while the connection is away."""

    id: str
    person_id: PersonId
    arrived_at: datetime
    left_at: datetime | None
    lost_at: datetime | None
    mode: PresenceMode
    site_id: SiteId | None
    endpoint_id: str | None
    how: PresenceHow


@dataclass(frozen=True, slots=True)
class Presence:
    """Attendance of one person at this moment. ``connected`` is False within the grace time."""

    person_id: PersonId
    status: PresenceStatus
    since: datetime | None
    connected: bool
    mode: PresenceMode | None
    site_id: SiteId | None
    endpoint_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SpeakerEntry:
    """``used_ms`` leaves out the stretch that began at ``resumed_at`` and still runs."""

    id: SpeakerId
    item_id: ItemId | None
    person_id: PersonId
    kind: SpeakerKind
    state: SpeakerState
    number: int
    requested_at: datetime
    granted_at: datetime | None
    resumed_at: datetime | None
    ended_at: datetime | None
    used_ms: int
    limit_ms: int | None


@dataclass(frozen=True, slots=True)
class PollOption:
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class PollDetails:
    """What is put to the vote. Frozen when the poll is opened."""

    title: str
    rules: RulesOfProcedure
    question: str = ""
    item_id: ItemId | None = None
    kind: PollKind = PollKind.NAMED
    method: PollMethod = PollMethod.YES_NO_ABSTAIN
    options: tuple[PollOption, ...] = ()


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll came to, fixed at its closing."""

    tally: Tally
    quorum: Quorum
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Poll:
    id: PollId
    number: int
    details: PollDetails
    state: PollState
    recast_of: PollId | None
    created_by: PersonId
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    published_at: datetime | None
    quorum_lost_at: datetime | None
    electors: frozenset[PersonId]
    voted: frozenset[PersonId]
    result: PollResult | None
    closes_at: datetime | None = None  # as announced
    state_reason: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    id: BallotId
    poll_id: PollId
    person_id: PersonId
    option_id: str
    cast_at: datetime
    receipt: str


@dataclass(frozen=True, slots=True)
class BallotInPoll:
    """A ballot with the little of its poll that decides who may see it; ``restricted`` is the poll's item."""

    ballot: Ballot
    kind: PollKind
    state: PollState
    item_id: ItemId | None
    restricted: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the table takes at this moment: messages to everyone, requests for the floor."""

    chat_open: bool = True
    floor_open: bool = True


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """``number`` is its place in the meeting; ``text`` is empty once it is removed."""

    id: MessageId
    number: int
    author_id: PersonId
    audience: Audience
    recipient_id: PersonId | None
    text: str
    sent_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Announcement:
    id: str
    text: str
    made_by: PersonId
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the minutes; ``text`` is plain, a line a paragraph."""

    id: str
    kind: SectionKind
    item_id: ItemId | None
    title: str
    text: str
    poll_ids: tuple[PollId, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes of a meeting. ``revision`` counts edits; ``frozen_at`` is set when the text is fixed for signing."""

    state: MinutesState
    revision: int
    sections: tuple[Section, ...]
    frozen_at: datetime | None
    secretary_id: PersonId | None
    secretary_signed_at: datetime | None
    chair_id: PersonId | None
    chair_signed_at: datetime | None
