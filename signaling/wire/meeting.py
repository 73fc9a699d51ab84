"""A meeting as a viewer sees it: the snapshot of stream ``meeting:ID`` and the objects it is made of.

Every event of the stream carries one whole object of these (see ``events.py``), so a client
replaces and never computes.
"""

from auth.model import MeetingRole
from meetings.model import (
    Audience,
    Base,
    ItemKind,
    ItemState,
    MeetingState,
    MinutesState,
    PollKind,
    PollMethod,
    PollState,
    PresenceMode,
    PresenceStatus,
    Response,
    SpeakerKind,
    SpeakerState,
    TieRule,
    Verdict,
)
from signaling.wire.base import Id, Timestamp, Wire
from signaling.wire.recording import RecordingNow


class Fraction(Wire):
    """A proportion to be exceeded (``strict``) or reached."""

    numerator: int
    denominator: int
    strict: bool


class Rules(Wire):
    """Rules of procedure: ``quorum × base × threshold × tie rule``."""

    name: str
    version: int
    quorum: Fraction
    base: Base
    threshold: Fraction
    tie: TieRule
    seats: int | None


class MeetingFields(Wire):
    """The meeting itself, without what hangs on it."""

    id: Id
    reference: str
    title: str
    description: str
    place: str
    zone: str
    language: str
    label: int
    starts_at: Timestamp
    ends_at: Timestamp
    state: MeetingState
    state_reason: str | None
    opened_at: Timestamp | None
    closed_at: Timestamp | None
    current_item_id: Id | None
    rules: Rules


class Presence(Wire):
    """``connected`` is false while the connection is away and the grace time runs."""

    status: PresenceStatus
    connected: bool
    mode: PresenceMode | None
    site_id: Id | None
    endpoint_id: Id | None
    since: Timestamp | None


class Participant(Wire):
    person_id: Id
    name: str
    title: str
    unit_name: str | None
    site_id: Id | None
    site_name: str | None
    role: MeetingRole
    entitled: bool
    response: Response
    response_reason: str | None
    presence: Presence


class Paper(Wire):
    id: Id
    title: str
    label: int
    version: int
    pages: int
    size: int
    sha256: str
    uploaded_at: Timestamp


class AgendaItem(Wire):
    """``hidden`` is true for those who are not named in a restricted item: then title, texts and papers are empty.

    ``readers`` are told to those who edit the agenda and may read the item; null: open to all participants.
    """

    id: Id
    position: int
    title: str
    description: str
    kind: ItemKind
    state: ItemState
    presenter_id: Id | None
    minutes: int
    used_seconds: int  # of earlier discussions; the one that is running began at started_at
    started_at: Timestamp | None
    ended_at: Timestamp | None
    outcome: str
    restricted: bool
    readers: list[Id] | None
    hidden: bool
    papers: list[Paper]


class AgendaVersion(Wire):
    number: int
    convened_at: Timestamp
    manifest_sha256: str
    pdf_sha256: str
    acknowledged_by: list[Id]


class Quorum(Wire):
    """``required`` of ``total`` members must be ``present``."""

    entitled: int
    total: int
    present: int
    required: int
    met: bool


class PollOption(Wire):
    id: Id
    label: str  # empty for the standard options yes, no, abstain, which the client names


class Step(Wire):
    """One step of a verdict's derivation; ``key`` names the sentence, ``params`` fill it."""

    key: str
    params: dict[str, int | str]
    holds: bool | None


class PollResult(Wire):
    counts: dict[str, int]  # option id → votes
    entitled: int
    present: int
    cast: int
    not_voting: int
    absent: int
    percentages: dict[str, str]
    verdict: Verdict
    derivation: list[Step]


class Ballot(Wire):
    """``option_id`` and ``receipt`` are empty where this viewer may not see them."""

    person_id: Id
    option_id: Id | None
    receipt: str | None
    ballot_id: Id | None
    cast_at: Timestamp


class Poll(Wire):
    """``electorate`` are the persons entitled when the poll was opened; empty before."""

    id: Id
    item_id: Id | None
    title: str
    question: str
    kind: PollKind
    method: PollMethod
    options: list[PollOption]
    rules: Rules
    state: PollState
    opened_at: Timestamp | None
    closed_at: Timestamp | None
    closes_at: Timestamp | None  # as announced; the chair closes, not the clock
    state_reason: str | None
    recast_of: Id | None
    electorate: list[Id]
    quorum_lost: bool
    ballots: list[Ballot]
    result: PollResult | None


class Speaker(Wire):
    id: Id
    item_id: Id | None
    person_id: Id
    kind: SpeakerKind
    state: SpeakerState
    requested_at: Timestamp
    started_at: Timestamp | None
    spoken_seconds: int
    limit_seconds: int | None


class MinutesInfo(Wire):
    """Where the minutes stand; their text is read over HTTP."""

    state: MinutesState
    revision: int
    sha256: str | None
    signed_by: list[Id]


class ChatMessage(Wire):
    """``recipient_id`` is whom the secretariat answers. Of a removed message nothing but its place remains."""

    id: Id
    number: int
    author_id: Id
    audience: Audience
    recipient_id: Id | None
    text: str
    sent_at: Timestamp
    removed: bool


class Chat(Wire):
    """The last messages that the viewer may read, oldest first; ``earlier`` ones are read over HTTP."""

    messages: list[ChatMessage]
    earlier: bool


class Sitting(Wire):
    """Whether messages to everyone, and requests for the floor, are taken."""

    chat_open: bool
    floor_open: bool


class Announcement(Wire):
    id: Id
    text: str
    made_by: Id
    made_at: Timestamp


class Snapshot(Wire):
    """Everything a viewer may see of a meeting at one revision of its stream."""

    revision: int
    my_role: MeetingRole | None
    meeting: MeetingFields
    participants: list[Participant]
    items: list[AgendaItem]
    versions: list[AgendaVersion]
    quorum: Quorum
    polls: list[Poll]
    speakers: list[Speaker]
    minutes: MinutesInfo | None
    sitting: Sitting
    announcement: Announcement | None
    recording: RecordingNow
    chat: Chat
